#include "actors/consensus/task_commands.hpp"

#include "actors/consensus/task_admin_commands.hpp"
#include "actors/consensus/task_views.hpp"
#include "net/admin/client.hpp"
#include "rules/admin/line_tokens.hpp"
#include "storage/consensus/task_tables.hpp"
#include "tools/exit_code.hpp"
#include "tools/print.hpp"
#include "tools/shell/render.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace sluice {

namespace {

struct task_flags {
  std::string data = "sluice-dev";
  std::string output;
  std::string state;
  std::string client;
  uint64_t limit = 20;
  std::string id;
  std::string type = std::string{name_of(task_type::transcription)};
  std::string text;
};

int tasks_failed(const fault& why) {
  tools::print_shown(stderr, "sluice tasks: %s\n", why.what.c_str());
  switch (why.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::refused:
  case ec::no_such_key:
    return tools::usage;
  default:
    return tools::environment;
  }
}

int tasks_answered(const task_flags& flags, const char* command, const std::string& document) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  const bool table = flags.output == "table" || (flags.output.empty() && terminal);
  constexpr size_t columns = 120;
  tools::render_style style{columns, terminal, tools::letters(), {}};
  for (const auto& x : task_admin_commands())
    style.columns = x.columns;
  if (tools::write_answer(table, table ? tools::render(command, document, style) : document + '\n'))
    return tools::done;
  tools::print_shown(stderr, "sluice tasks: the answer could not be written\n");
  return tools::environment;
}

// ---- from the disk ------------------------------------------------------------------------------

template <class View>
int look_at_tasks_of(const task_flags& flags, const char* command, View view) {
  const std::array parts{storage::schema_part{storage::task_tables(), {}}};
  const auto layout = storage::schema_with(parts);
  const auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return tasks_failed(disk.error());
  const result<views::json> shown = view(*disk);
  return shown ? tasks_answered(flags, command, views::text_of(*shown))
               : tasks_failed(shown.error());
}

int run_task_list(const task_flags& flags) {
  list_tasks_call call;
  call.state = task_state_of(flags.state);
  if (!flags.client.empty())
    call.client = flags.client;
  call.limit = flags.limit;
  return look_at_tasks_of(flags, "tasks list",
                          [&call](const storage::data_dir& disk) { return task_list(disk, call); });
}

int run_task_show(const task_flags& flags) {
  return look_at_tasks_of(flags, "tasks show", [&flags](const storage::data_dir& disk) {
    return task_shown(disk, flags.id);
  });
}

// ---- by the node --------------------------------------------------------------------------------

int command_node(const task_flags& flags, const char* command, const std::string& line) {
  net::shell_client node{flags.data};
  const auto answer = node.ask(line);
  return answer ? tasks_answered(flags, command, *answer) : tasks_failed(answer.error());
}

int run_task_submit(const task_flags& flags) {
  return command_node(flags, "tasks submit",
                      "tasks submit " + flags.type + ' ' + admin::quoted_token(flags.text));
}

int run_task_cancel(const task_flags& flags) {
  return command_node(flags, "tasks cancel", "tasks cancel " + admin::quoted_token(flags.id));
}

// ---- flags --------------------------------------------------------------------------------------

template <size_t N>
CLI::IsMember one_of_names(const std::array<std::string_view, N>& names) {
  std::vector<std::string> all;
  for (const auto x : names)
    all.emplace_back(x);
  return CLI::IsMember(all);
}

void add_common(CLI::App& command, const std::shared_ptr<task_flags>& flags, const char* data) {
  command.add_option("--data", flags->data, data)->capture_default_str();
  command.add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
}

void add_looking(CLI::App& tasks, const std::shared_ptr<task_flags>& flags, int& code) {
  constexpr auto folder = "A data folder; its node may be running";
  auto* list = tasks.add_subcommand("list", "Tasks, newest first");
  add_common(*list, flags, folder);
  list->add_option("--state", flags->state, "Only of this state; default: all")
    ->check(one_of_names(task_state_names));
  list->add_option("--client", flags->client, "Only of the client with this key id");
  list->add_option("--limit", flags->limit, "At most so many")
    ->check(CLI::Range(uint64_t{1}, uint64_t{task_limits::listed_max}))
    ->capture_default_str();
  list->footer("Example: sluice tasks list --state pending --data sluice-dev\n"
               "Exit: 0, 2 a flag, 3 no such folder.");
  list->callback([flags, &code] { code = run_task_list(*flags); });
  auto* show = tasks.add_subcommand("show", "One task: who has it, what was answered");
  show->add_option("ID", flags->id, "The task's id, as `sluice tasks list` shows it")->required();
  add_common(*show, flags, folder);
  show->footer("Exit: 0, 2 there is no such task, 3 no such folder.");
  show->callback([flags, &code] { code = run_task_show(*flags); });
}

void add_acting(CLI::App& tasks, const std::shared_ptr<task_flags>& flags, int& code) {
  constexpr auto folder = "The data folder of a running node";
  auto* submit = tasks.add_subcommand("submit", "Put a task on the board of a running node");
  submit->add_option("TEXT", flags->text, "What the miners get")->required();
  submit->add_option("--type", flags->type, "What they do with it")
    ->check(one_of_names(task_type_names))
    ->capture_default_str();
  add_common(*submit, flags, folder);
  submit->footer("Example: sluice tasks submit \"one two three\" --type translation\n"
                 "Exit: 0, 2 it was refused, 3 no node runs there.");
  submit->callback([flags, &code] { code = run_task_submit(*flags); });
  auto* cancel = tasks.add_subcommand("cancel", "End a task that has not ended");
  cancel->add_option("ID", flags->id, "The task's id")->required();
  add_common(*cancel, flags, folder);
  cancel->footer("Exit: 0, 2 there is no such task, or it has ended, 3 no node runs there.");
  cancel->callback([flags, &code] { code = run_task_cancel(*flags); });
}

} // namespace

void add_task_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<task_flags>();
  auto* tasks = app.add_subcommand("tasks", "Tasks of clients: list, show, submit, cancel");
  tasks->require_subcommand(1);
  add_looking(*tasks, flags, exit_code);
  add_acting(*tasks, flags, exit_code);
}

} // namespace sluice
