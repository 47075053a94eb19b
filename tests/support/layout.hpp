/// The tables of a data folder of this program: the node's and those of every mechanism.
#pragma once

#include "storage/schema.hpp"

namespace sluice::test {

const storage::schema& layout();

} // namespace sluice::test
