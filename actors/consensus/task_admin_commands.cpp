#include "actors/consensus/task_admin_commands.hpp"

#include "rules/consensus/task.hpp"

#include <array>

namespace sluice {

namespace {

using admin::argument;
using admin::argument_kind;
using admin::column_look;
using admin::command;
using admin::live_names;
using enum admin::command_source;
using enum admin::command_effect;

constexpr std::array task_names_there{live_names{"tasks", "task"}};
constexpr std::array task_named{argument{
  .name = "TASK", .kind = argument_kind::named, .form = "a task's id", .live = task_names_there}};
constexpr std::array state_wanted{argument{
  .name = "STATE", .kind = argument_kind::choice, .required = false, .choices = task_state_names}};
constexpr std::array task_wanted{
  argument{.name = "TYPE", .kind = argument_kind::choice, .choices = task_type_names},
  argument{.name = "TEXT", .rest = true, .form = "what the miners get"}};

constexpr std::array task_columns{
  column_look{"client", 12, 10},
  column_look{"handed_out", 11},
  column_look{"priority", 10},
  column_look{"created", 9},
  column_look{"hotkey", 8, 12},
  column_look{"retries", 7},
  column_look{"task", 0, 13},
  column_look{"result", 0, 24},
  column_look{"reason", 0, 0, {}, false, true},
};

constexpr auto task_group = admin::command_group::subnet;

// Places in their group: behind the mechanism's own, what acts behind what steers others.
constexpr uint8_t looks_at_tasks = 45;
constexpr uint8_t steers_tasks = 75;

constexpr command look_at_tasks(std::string_view name, std::span<const argument> arguments,
                                std::string_view help, std::string_view example) {
  return {name,  arguments,      help, example,      task_group, disk,
          reads, looks_at_tasks, {},   task_columns, nullptr};
}

constexpr command steer_tasks(std::string_view name, std::span<const argument> arguments,
                              std::string_view help, std::string_view example) {
  return {name, arguments, help, example, task_group, node, acts, steers_tasks, {}, task_columns};
}

constexpr std::array all_of_tasks{
  look_at_tasks("tasks", {}, "Tasks by state, and the newest ones", "tasks"),
  look_at_tasks("tasks list", state_wanted, "Tasks, newest first, of one state or of all",
                "tasks list pending"),
  look_at_tasks("tasks show", task_named, "A task: who has it, what was answered, what is best",
                "tasks show 0b1f3c5e-0000-0000-0000-000000000000"),
  look_at_tasks("tasks miners", {}, "What every miner did with its tasks", "tasks miners"),
  steer_tasks("tasks submit", task_wanted, "Put a task on the board",
              "tasks submit translation one two three"),
  steer_tasks("tasks cancel", task_named, "End a task that has not ended",
              "tasks cancel 0b1f3c5e-0000-0000-0000-000000000000"),
};

} // namespace

std::span<const admin::command> task_admin_commands() {
  return all_of_tasks;
}

} // namespace sluice
