/// The actors of the sports mechanism in one run of a node.
#pragma once

#include "actors/mechanism_run.hpp"

#include <memory>

namespace sluice {

std::unique_ptr<mechanism_run> make_sports_run(const mechanism_context& context);

} // namespace sluice
