// What every node has, whatever mechanisms it runs.
#include "rules/admin/commands.hpp"

#include <array>

namespace sluice::admin {

namespace {

using namespace std::string_view_literals;
using enum command_source;
using enum command_effect;

constexpr std::array on_off{"on"sv, "off"sv};
constexpr std::array orders{"name"sv, "mailbox"sv, "rate"sv, "time"sv, "restarts"sv};

constexpr std::array path{argument{"PATH", argument_kind::actor}};
constexpr std::array path_and_switch{
  argument{"PATH", argument_kind::actor},
  argument{"on|off|N", argument_kind::text, true, false, on_off}};
constexpr std::array order{argument{"ORDER", argument_kind::choice, false, false, orders}};
constexpr std::array miner{argument{"MINER", argument_kind::miner}};
constexpr std::array miner_and_reason{argument{"MINER", argument_kind::miner},
                                      argument{"REASON", argument_kind::text, false, true}};
constexpr std::array once_flag{"--once"sv};
constexpr std::array reason_flag{"--reason"sv};
constexpr std::array hotkey_and_uid{argument{.name = "HOTKEY[=UID]"},
                                    argument{"--uid N", argument_kind::text, false, true}};
constexpr std::array once_and_reason{
  argument{"--once", argument_kind::choice, true, false, once_flag},
  argument{"--reason", argument_kind::choice, true, false, reason_flag},
  argument{"TEXT", argument_kind::text, true, true}};
constexpr std::array maybe_folder{argument{"FOLDER", argument_kind::file, false}};
constexpr std::array level{argument{"PATH=LEVEL", argument_kind::level}};
constexpr std::array maybe_count{argument{"N", argument_kind::number, false}};
constexpr std::array readers_there{live_names{"readers", "pid"}};
constexpr std::array reader_pid{
  argument{"PID", argument_kind::named, true, false, {}, "a process of readers", readers_there}};
constexpr std::array stores_there{live_names{"storage", "store"}};
constexpr std::array maybe_store{
  argument{"STORE", argument_kind::named, false, false, {}, "a store of storage", stores_there}};
constexpr std::array maybe_command{argument{"COMMAND", argument_kind::command, false, true}};
constexpr std::array seconds_and_command{argument{"SECONDS", argument_kind::number},
                                         argument{"COMMAND", argument_kind::command, true, true}};

constexpr std::array tasks_there{live_names{"tasks periodic", "name"}};
constexpr std::array task_name{argument{
  "NAME", argument_kind::text, true, false, {}, "a name or an id of tasks periodic", tasks_there}};
constexpr std::array maybe_type{argument{"TYPE", argument_kind::text, false}};
// Of tasks; the rest of a row is in `tasks pause NAME` and the like, and in JSON.
constexpr std::array task_columns{column_look{"jitter", 90, 0, {}, true},
                                  column_look{"avg_duration_s", 40},
                                  column_look{"min_duration_s", 60, 0, {}, true},
                                  column_look{"max_duration_s", 60, 0, {}, true},
                                  column_look{"total_duration_s", 60, 0, {}, true},
                                  column_look{"last_duration_s", 60, 0, {}, true},
                                  column_look{"consecutive_failures", 50, 0, "in_a_row"}};

constexpr auto actors_of = command_group::actors;
constexpr auto subnet = command_group::subnet;
constexpr auto the_node = command_group::node;
constexpr auto the_shell = command_group::shell;

// Places: mechanisms put what belongs before, between or after.
constexpr uint8_t of_weights = 50;
constexpr uint8_t of_miners = 70;
constexpr uint8_t of_state = 10;
constexpr uint8_t of_tasks = 60;
constexpr uint8_t of_folder = 50;

constexpr std::array all{
  command{"tree",
          {},
          "Every actor under the one that owns it: state, restarts, mailbox, rate, age",
          "tree",
          actors_of,
          node,
          reads},
  command{"top", order, "The busiest actors, refreshed every second; s sorts, q ends it",
          "top mailbox", actors_of, node, reads},
  command{"actor", path, "What one actor reports of itself, its configuration, its last messages",
          "actor node/roster", actors_of, node, reads},
  command{"trace", path_and_switch, "Keep the last N messages of an actor, or no longer",
          "trace node/storage_writer 50", actors_of, node, acts},
  command{"mailboxes",
          {},
          "Who has messages waiting, the longest queue first",
          "mailboxes",
          actors_of,
          node,
          reads},
  command{
    "deadletters", {}, "Messages whose receiver was gone", "deadletters", actors_of, node, reads},
  command{"restart", path, "End an actor; its owner starts it again at once", "restart node/roster",
          actors_of, node, destroys},
  command{"kill", path, "End an actor as a fault would; its owner's rules decide what follows",
          "kill node/simulators/simulator-1", actors_of, node, destroys},

  command{"weights",
          {},
          "Last published, read back, when next, and why not",
          "weights",
          subnet,
          disk,
          reads,
          of_weights},
  command{
    "sheets", {}, "The last scores of every mechanism", "sheets", subnet, disk, reads, of_weights},
  command{"chain",
          {},
          "The chain as it was last seen: block, epoch, neurons",
          "chain",
          subnet,
          disk,
          reads,
          of_weights},
  command{"weights publish", once_and_reason,
          "Publish once what moves too far; the text is written down",
          "weights publish --once --reason \"new scoring, checked by hand\"", subnet, node, acts,
          of_weights},
  command{"miner allow", hotkey_and_uid,
          "Register a hotkey on the dev chain and let it in, now and after a restart",
          "miner allow 5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu --uid 40", subnet, node,
          acts, of_miners},
  command{"miner remove", miner, "Forget a hotkey that was let in; its session ends",
          "miner remove 40", subnet, node, destroys, of_miners},
  command{"miner ban", miner_and_reason, "Ask a miner no longer, whatever it connects with",
          "miner ban 3 floods us", subnet, node, destroys, of_miners},
  command{"miner unban", miner, "Let a banned miner take part again", "miner unban 3", subnet, node,
          acts, of_miners},

  command{"status",
          {},
          "Name, version, how long it runs, what it is doing",
          "status",
          the_node,
          node,
          reads,
          of_state},
  command{"peers",
          {},
          "Who is connected through the miner gateway and the fleet",
          "peers",
          the_node,
          node,
          reads,
          of_folder},
  command{"config", {}, "The configuration in effect", "config", the_node, node, reads, of_folder},
  command{"storage",
          {},
          "Tables, rows, bytes, the space that is left",
          "storage",
          the_node,
          disk,
          reads,
          of_folder},
  command{"readers",
          {},
          "Who reads the stores, for how long; a long reader makes them grow",
          "readers",
          the_node,
          node,
          reads,
          of_folder},
  command{"readers end", reader_pid, "Ask a process that reads the stores to end; again: force it",
          "readers end 4711", the_node, node, destroys, of_folder},
  command{"compact", maybe_store, "Give free pages of a store, or of all, back to the disk",
          "compact pool_events", the_node, node, acts, of_folder},
  command{"actions", maybe_count, "What operators did: when, who, what came of it", "actions 20",
          the_node, disk, reads, of_folder},
  command{"snapshot", maybe_folder, "A consistent copy of the data folder, taken while it runs",
          "snapshot /backup/sluice", the_node, node, acts, of_folder},
  command{"log level", level, "How much the node writes to the log, all of its actors together",
          "log level node=debug", the_node, node, acts, of_folder},
  command{"drain",
          {},
          "Finish the rounds in hand, begin none",
          "drain",
          the_node,
          node,
          destroys,
          of_folder},
  command{"stop",
          {},
          "End the node; all that was answered is on disk",
          "stop",
          the_node,
          node,
          destroys,
          of_folder},

  command{"tasks periodic",
          {},
          "Periodic tasks of this node: when each runs next, how it did",
          "tasks periodic",
          the_node,
          node,
          reads,
          of_tasks,
          {},
          task_columns},
  command{"tasks pause", task_name, "Begin no more runs of a periodic task; the one in hand ends",
          "tasks pause games", the_node, node, acts, of_tasks},
  command{"tasks resume", task_name, "Let a paused periodic task run again", "tasks resume games",
          the_node, node, acts, of_tasks},
  command{"tasks run", task_name, "Run a periodic task now, also while it is paused",
          "tasks run games", the_node, node, acts, of_tasks},
  command{"tasks remove", task_name, "Forget a periodic task until its owner is started again",
          "tasks remove games", the_node, node, destroys, of_tasks},
  command{"events",
          {},
          "Published and processed events by type, failures of those who observe them",
          "events",
          the_node,
          node,
          reads,
          of_tasks},
  command{"event history", maybe_type, "The last events, of one type or of all",
          "event history task_failed", the_node, node, reads, of_tasks},

  command{"help", maybe_command, "All commands, or one with its example", "help kill", the_shell,
          shell, reads},
  command{"watch", seconds_and_command, "Repeat a command until Ctrl-C", "watch 2 mailboxes",
          the_shell, shell, reads},
  command{"quit", {}, "Leave; so does Ctrl-D", "quit", the_shell, shell, reads},
};

} // namespace

std::span<const command> general_commands() {
  return all;
}

} // namespace sluice::admin
