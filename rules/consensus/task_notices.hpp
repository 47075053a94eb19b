/// What miners are sent when a task that they answered has ended.
#pragma once

#include "rules/consensus/task_board.hpp"
#include "rules/consensus/task_exchange.hpp"

#include <utility>
#include <vector>

namespace sluice {

/// One for each response of every task that these changes ended as done or approved; by task id,
/// then in the order of arrival.
std::vector<std::pair<hotkey, task_notice>> notices_of(const task_changes& changes);

} // namespace sluice
