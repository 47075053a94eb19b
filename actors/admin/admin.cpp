#include "actors/admin/admin.hpp"

#include "actors/admin/actor_json.hpp"
#include "actors/admin/actor_rows.hpp"
#include "actors/admin/disk_reader.hpp"
#include "actors/admin/miner_orders.hpp"
#include "actors/admin/views/commands_of.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/base/thrown_fault.hpp"
#include "io/config/config_write.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"
#include "tools/queued_output.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <unistd.h>

namespace sluice {

namespace {

namespace tables = storage::tables;
using namespace std::chrono_literals;

/// So long has an answer to reach its reader before the node goes.
constexpr auto stop_delay = 200ms;
/// An actor that does not describe itself within this is busy.
constexpr auto look_patience = 2s;

constexpr std::string_view tasks_word = "tasks ";
/// Events that one answer shows.
constexpr uint64_t shown_events = 50;
constexpr size_t shown_event_bytes = size_t{256} << 10;

using reply_function = std::function<void(admin_reply)>;

/// One command under way.
struct open_command {
  admin_request request;
  admin::call call;
  reply_function reply;

  bool acts() const { return call.what->effect != admin::command_effect::reads; }
  std::string argument_at(size_t i) const { return std::string{call.argument_at(i)}; }
};

/// Of the second word of a command.
task_order task_order_of(std::string_view word) {
  if (word == "pause")
    return task_order::pause;
  if (word == "resume")
    return task_order::resume;
  return word == "remove" ? task_order::remove : task_order::run;
}

/// How the streams of this process go.
std::string outputs_json() {
  json_list all;
  for (const auto& [name, counts] : tools::output_views())
    all.raw(json_object{}
              .add("stream", name)
              .add("state", io::name_of(counts.state))
              .add("waiting_bytes", counts.waiting_bytes)
              .add("dropped_lines", counts.dropped_lines)
              .text());
  return all.text();
}

class admin_state {
public:
  static inline const char* name = "admin";

  explicit admin_state(observed_plain_pointer<node_admin_actor> self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .expects_failures = true}) {}

  void setup(admin_config config, admin_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    commands_ = commands_of(config_.mechanisms);
    orders_.emplace(self_, miner_orders::links{links_.disk, &config_.config, links_.roster,
                                               links_.backend, links_.weights});
    const auto last = tables::admin_actions.last(*links_.disk);
    if (!last)
      throw thrown_fault(last.error());
    next_action_ = *last ? (*last)->first + 1 : 0;
    children_.add({"disk_reader", restart_rule::permanent, [this] {
                     reader_ = spawn_disk_reader(self_->system(), config_.mechanisms,
                                                 {links_.disk, links_.chain}, config_.own_threads);
                     return caf::actor_cast<caf::actor>(reader_);
                   }});
  }

  caf::result<admin_reply> take(const admin_request& request) {
    promised_answer<admin_reply> promised{self_};
    const auto promise = promised.promise();
    take(request, [promised](admin_reply x) mutable { promised.deliver(std::move(x)); });
    return promise;
  }

  void take(const admin_request& request, reply_function reply) {
    ++asked_;
    auto what = admin::parse_command(commands_, request.line);
    if (!what)
      return reply({false, what.error().what});
    open_command open{request, *std::move(what), std::move(reply)};
    switch (open.call.what->source) {
    case admin::command_source::shell:
      return answer(open, {false, "the shell answers that itself"});
    case admin::command_source::disk:
      return pass_on(reader_, std::move(open), request);
    case admin::command_source::node:
      return act(std::move(open));
    }
  }

  /// Last: the owner ends the node.
  void stop() { caf::anon_send(links_.owner, atom::due_v); }

  std::string describe() const {
    return json_object{}
      .add("commands", asked_)
      .add("actions", next_action_)
      .add("socket", config_.socket)
      .text();
  }

private:
  // -- answers

  void answer(const open_command& open, admin_reply x) {
    if (open.acts())
      note(open, std::move(x), [] {});
    else
      open.reply(std::move(x));
  }

  /// Who did what, when, and what came of it: on disk before it is answered.
  void note(const open_command& open, admin_reply x, std::function<void()> then) {
    const auto outcome = x.ok ? std::string{"done"} : x.text;
    const auto line = admin::noted_line(open.call, open.request.line);
    spdlog::info("{} did \"{}\": {}", open.request.who, line, outcome);
    storage::batch writes;
    tables::admin_actions.put(writes, next_action_++, {unix_ms(), open.request.who, line, outcome});
    const auto reply_and_go_on = [reply = open.reply, x, then] {
      then(); // first: whoever has the answer may ask for the next thing
      reply(x);
    };
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([reply_and_go_on](atom::done) { reply_and_go_on(); },
            [reply_and_go_on](const caf::error& why) {
              spdlog::warn("an operator's action could not be written down: {}", sentence(why));
              reply_and_go_on();
            });
  }

  /// Whatever that actor answers: a reply, JSON text, or a plain done.
  template <class Handle, class... Ts>
  void pass_on(const Handle& whom, open_command open, Ts&&... xs) {
    auto shared = std::make_shared<open_command>(std::move(open));
    self_->request(whom, caf::infinite, std::forward<Ts>(xs)...)
      .then([this, shared](const admin_reply& x) { answer(*shared, x); },
            [this, shared](const caf::error& why) {
              answer(*shared, {false, sentence(why)});
            });
  }

  /// Whoever answers with an Answer, of which `show` makes the JSON document.
  template <class Answer, class Handle, class T, class F>
  void ask_shown(const Handle& whom, open_command open, T x, F show) {
    auto shared = std::make_shared<open_command>(std::move(open));
    self_->request(whom, caf::infinite, std::move(x))
      .then(
        [this, shared, show](const Answer& found) {
          answer(*shared, {true, show(found)});
        },
        [this, shared](const caf::error& why) {
          answer(*shared, {false, sentence(why)});
        });
  }

  template <class Handle, class T>
  void ask_json(const Handle& whom, open_command open, T x) {
    ask_shown<std::string>(whom, std::move(open), std::move(x),
                           [](const std::string& json) { return json; });
  }

  template <class Handle, class... Ts>
  void have_done(const Handle& whom, open_command open, std::string json, Ts&&... xs) {
    auto shared = std::make_shared<open_command>(std::move(open));
    self_->request(whom, caf::infinite, std::forward<Ts>(xs)...)
      .then(
        [this, shared, json](atom::done) {
          answer(*shared, {true, json});
        },
        [this, shared](const caf::error& why) {
          answer(*shared, {false, sentence(why)});
        });
  }

  // -- commands

  uint64_t unix_ms() const { return config_.unix_ms ? config_.unix_ms() : 0; }

  std::vector<actor_row> rows() {
    rates_.look(self_->clock().now());
    return rows_of(links_.root, rates_);
  }

  void act(open_command open) {
    if (const auto& actor = open.call.what->actor; !actor.empty())
      return ask_view(std::string{actor}, [this, open](const std::string& x) {
        answer(open, {true, x});
      });
    if (const auto* module = mechanism_of(*open.call.what, config_.mechanisms))
      return command(std::move(open), std::string{module->name()});
    const std::string_view name = open.call.what->name;
    if (name == "tree")
      return answer(open, {true, json_of(rows())});
    if (name == "top")
      return answer(open, {true, top_json(rows(), open.argument_at(0))});
    if (name == "mailboxes")
      return answer(open, {true, mailboxes_json(rows())});
    if (name == "deadletters")
      return answer(open, {true, json_of(lost_messages(links_.root))});
    if (name == "config")
      return answer(open,
                    {true, io::write_config_json(config_.config, sections_of(config_.mechanisms))});
    if (name == "status")
      return ask_view("node/conductor", [this, open](const std::string& conductor) {
        answer(open, {true, status_json(conductor)});
      });
    if (name == "peers")
      return peers(open);
    if (name == "events" || name == "event history")
      return events(std::move(open), name == "event history");
    if (name.starts_with(tasks_word))
      return tasks(std::move(open), name.substr(tasks_word.size()));
    if (name == "readers" || name == "readers end" || name == "compact")
      return ask_json(links_.care, open, care_order{std::string{name}, open.call.arguments});
    if (name == "log level")
      return set_level(open);
    if (name == "snapshot")
      return snapshot(std::move(open));
    if (name == "drain" || name == "stop")
      return leave(open, name == "drain");
    if (miner_orders::is_one(name))
      return order(std::move(open));
    with_place(std::move(open), name);
  }

  std::string status_json(const std::string& conductor) const {
    const auto stats = links_.root->look().stats;
    const std::chrono::duration<double> up = stats ? stats->age() : std::chrono::nanoseconds{0};
    return json_object{}
      .add("name", config_.config.name)
      .add("version", config_.version)
      .add("state", leaving_.empty() ? "running" : leaving_.c_str())
      .add("uptime_s", up.count())
      .add("data", links_.disk->path().string())
      .add("pid", static_cast<uint64_t>(::getpid()))
      .raw("output", outputs_json())
      .raw("conductor", conductor)
      .text();
  }

  /// What the actor at this path reports of itself; "null" when it is not there or too busy to
  /// answer.
  void ask_view(const std::string& path, std::function<void(const std::string&)> then) {
    const auto place = slot_at(links_.root, path);
    const auto whom = place ? caf::actor_cast<caf::actor>(place->look().address) : caf::actor{};
    if (!whom)
      return then("null");
    self_->request<caf::message_priority::high>(whom, caf::duration{look_patience}, atom::look_v)
      .then([then](const std::string& x) { then(x); }, [then](const caf::error&) { then("null"); });
  }

  /// Everybody who is connected, by the entrance he came through.
  void peers(const open_command& open) {
    ask_view("node/miner_gateway", [this, open](const std::string& gateway) {
      ask_view("node/fleet", [this, open, gateway](const std::string& fleet) {
        answer(open, {true, peers_json(gateway, fleet)});
      });
    });
  }

  void events(open_command open, bool history) {
    if (!links_.events)
      return answer(open, {false, "this node has no event manager"});
    auto shared = std::make_shared<open_command>(std::move(open));
    const auto failed = [this, shared](const caf::error& why) {
      answer(*shared, {false, sentence(why)});
    };
    if (!history)
      return self_->request(links_.events, caf::infinite, atom::view_v)
        .then(
          [this, shared](const event_statistics& x) {
            answer(*shared, {true, json_of(x)});
          },
          failed);
    self_
      ->request(links_.events, caf::infinite, event_query{shared->argument_at(0), 0, shown_events})
      .then(
        [this, shared](const event_list& x) {
          answer(*shared, {true, json_of_events(x.events, shown_event_bytes)});
        },
        failed);
  }

  /// Periodic ones; `order`: the second word.
  void tasks(open_command open, std::string_view order) {
    if (!links_.tasks)
      return answer(open, {false, "this node has no task manager"});
    if (order == "periodic")
      return ask_shown<task_list>(links_.tasks, std::move(open), atom::view_v,
                                  [](const task_list& x) { return json_of(x.tasks); });
    task_command what{task_order_of(order), open.argument_at(0)};
    ask_shown<task_view>(links_.tasks, std::move(open), std::move(what),
                         [](const task_view& x) { return json_of(x); });
  }

  void set_level(const open_command& open) {
    const auto [path, level] = split_level(open.argument_at(0));
    if (path != links_.root->look().name)
      return answer(open, {false, "the log has one level for all actors of a node: log level "
                                    + links_.root->look().name + "=" + level});
    spdlog::set_level(spdlog::level::from_str(level == "error" ? "err" : level));
    answer(open, {true, json_object{}.add("path", path).add("level", level).text()});
  }

  void snapshot(open_command open) {
    const auto to = open.argument_at(0).empty() ? snapshot_place(links_.disk->path(), unix_ms())
                                                : std::filesystem::path{open.argument_at(0)};
    if (to.is_relative())
      return answer(open, {false, "snapshot: expected a path from the root, got " + to.string()});
    have_done(links_.storage_writer, std::move(open), json_object{}.add("copy", to.string()).text(),
              atom::copy_v, to.string());
  }

  void leave(const open_command& open, bool first_finish) {
    leaving_ = first_finish ? "draining" : "stopping";
    const auto json = json_object{}.add("state", leaving_).text();
    note(open, {true, json}, [this, first_finish] {
      if (first_finish)
        self_->send(links_.conductor, atom::drain_v);
      else
        self_->delayed_send(self_, stop_delay, atom::due_v);
    });
  }

  /// A mechanism's own, with the arguments of its catalogue.
  void command(open_command open, const std::string& mechanism) {
    const auto whom = links_.mechanisms.find(mechanism);
    if (whom == links_.mechanisms.end())
      return answer(open, {false, "this node does not run " + mechanism});
    mechanism_command passed{std::string{open.call.what->name}, open.call.arguments,
                             open.request.who, unix_ms(), config_.files_below};
    auto shared = std::make_shared<open_command>(std::move(open));
    self_->request(whom->second, caf::infinite, std::move(passed))
      .then(
        [this, shared](const std::string& json) {
          answer(*shared, {true, json});
        },
        [this, shared](const caf::error& why) {
          answer(*shared, {false, sentence(why)});
        });
  }

  /// Of miners and weights.
  void order(open_command open) {
    auto shared = std::make_shared<open_command>(std::move(open));
    orders_->take(shared->call, shared->request.who, unix_ms(),
                  [this, shared](admin_reply x) { answer(*shared, std::move(x)); });
  }

  // -- one actor

  void with_place(open_command open, std::string_view what) {
    const auto path = open.argument_at(0);
    const auto place = slot_at(links_.root, path);
    if (!place) {
      const auto near = nearest_path(links_.root, path);
      return answer(open, {false, "no actor " + path
                                    + (near.empty() ? "; see tree for who there is"
                                                    : "; did you mean " + near + "?")});
    }
    if (what == "actor")
      return show(open, place);
    if (what == "trace")
      return trace(open, place);
    const auto whom = caf::actor_cast<caf::actor>(place->look().address);
    if (!whom)
      return answer(open, {false, path + " is " + std::string{name_of(place->look().state)}});
    const auto json = json_object{}.add("path", path).add("done", what).text();
    if (what == "kill")
      return note(open, {true, json},
                  [whom] { caf::anon_send_exit(whom, caf::exit_reason::kill); });
    restart(std::move(open), path, json);
  }

  void show(const open_command& open, const std::shared_ptr<actor_slot>& place) {
    ask_view(open.argument_at(0), [this, open, place](const std::string& view) {
      rates_.look(self_->clock().now());
      answer(open, {true, actor_json(links_.root, place, open.argument_at(0), view, rates_)});
    });
  }

  void trace(const open_command& open, const std::shared_ptr<actor_slot>& place) {
    const auto stats = place->look().stats;
    if (!stats)
      return answer(open, {false, open.argument_at(0) + " has no statistics: it cannot be traced"});
    const auto kept = trace_length(open.argument_at(1));
    stats->trace(kept);
    answer(open, {true, json_object{}.add("path", open.argument_at(0)).add("kept", kept).text()});
  }

  /// Its owner does it. Who would end together with the actor is answered before.
  void restart(open_command open, const std::string& path, const std::string& json) {
    const auto cut = path.rfind('/');
    if (cut == std::string::npos)
      return answer(open, {false, path + " is the root: nobody would start it again"});
    const auto owner = path.substr(0, cut);
    const auto child = path.substr(cut + 1);
    const auto place = slot_at(links_.root, owner);
    const auto whom = place ? caf::actor_cast<caf::actor>(place->look().address) : caf::actor{};
    if (!whom)
      return answer(open, {false, owner + " is not running"});
    if (owner == links_.root->look().name)
      return note(open, {true, json},
                  [whom, child] { caf::anon_send(whom, atom::again_v, child); });
    auto shared = std::make_shared<open_command>(std::move(open));
    self_->request(whom, caf::infinite, atom::again_v, child)
      .then(
        [this, shared, json](const std::string& why) {
          answer(*shared, {why.empty(), why.empty() ? json : why});
        },
        [this, shared](const caf::error& why) {
          answer(*shared, {false, sentence(why)});
        });
  }

  node_admin_actor::pointer self_;
  admin_config config_;
  admin_links links_;
  admin::catalogue commands_;
  rate_memory rates_;
  uint64_t asked_ = 0;
  uint64_t next_action_ = 0;
  std::string leaving_; // "draining", "stopping"
  admin_actor reader_;
  std::optional<miner_orders> orders_;
  supervisor children_;
};

node_admin_actor::behavior_type admin_behavior(observed_pointer<node_admin_actor, admin_state> self,
                                               admin_config config, admin_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const admin_request& request) { return state.take(request); },
    [&state](atom::due) { state.stop(); },
  };
}

} // namespace

admin_actor spawn_admin(caf::actor_system& system, admin_config config, admin_links links) {
  return system.spawn(admin_behavior, std::move(config), std::move(links));
}

} // namespace sluice
