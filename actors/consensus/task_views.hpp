/// What the shell shows of tasks, from the disk.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/admin/commands.hpp"
#include "rules/consensus/task_calls.hpp"

#include <string>

namespace sluice {

/// The answer of `tasks`, `tasks list`, `tasks show` or `tasks miners`. Faults: no_such_key where
/// what is named is not there; what the disk reports.
result<std::string> task_view(const storage::data_dir& disk, const admin::call& what);

/// Tasks by state, and the newest ones.
result<views::json> tasks_at_a_glance(const storage::data_dir& disk);
/// A row for each task of the call, newest first.
result<views::json> task_list(const storage::data_dir& disk, const list_tasks_call& call);
/// Everything about one task. no_such_key: there is none.
result<views::json> task_shown(const storage::data_dir& disk, const std::string& id);
/// What every miner did with tasks, by hotkey.
result<views::json> task_miners(const storage::data_dir& disk);

} // namespace sluice
