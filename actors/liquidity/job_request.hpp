/// An operator's request about a job, as a command.
#pragma once

#include "messages/mechanism.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/result.hpp"

namespace sluice {

/// job add, job pause, job resume, job remove; the argument is a job, or with `add` the name of the
/// file that describes the one to add and, in base64, what is in it: bad_input states what is wrong
/// there. Files of its feed are beside that file where they have no folder, and below
/// `request.files_below` in any case: else ec::refused.
result<job_command> job_command_of(const mechanism_command& request);

} // namespace sluice
