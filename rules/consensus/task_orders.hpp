/// What an operator's commands ask of the task board.
#pragma once

#include "rules/consensus/task_calls.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice {

/// `tasks submit TYPE TEXT` or `tasks cancel TASK`, as calls of an administrator. ec::bad_input: no
/// such type; ec::refused: another command.
result<std::variant<submit_task_call, cancel_task_call>>
task_order_of(std::string_view name, const std::vector<std::string>& arguments);

/// The answers, as JSON documents.
std::string shown(const submitted_task& x);
std::string shown(const changed_task& x);

} // namespace sluice
