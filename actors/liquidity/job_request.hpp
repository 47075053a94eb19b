/// An operator's request about a job, as a command.
#pragma once

#include "messages/mechanism.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/result.hpp"

namespace sluice {

/// job add, job pause, job resume, job remove; the argument is a job, or with `add` the file that
/// describes the one to add: bad_input states what is wrong in it.
result<job_command> job_command_of(const mechanism_command& request);

} // namespace sluice
