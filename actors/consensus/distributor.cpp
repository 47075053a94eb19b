#include "actors/consensus/distributor.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/consensus/task_questions.hpp"
#include "actors/roster.hpp"
#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"
#include "rules/consensus/task_notices.hpp"
#include "rules/consensus/task_orders.hpp"
#include "rules/json_text.hpp"
#include "storage/consensus/task_tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// A turn under way.
struct open_task_turn {
  task_turn_report row;
  std::vector<caf::typed_response_promise<task_turn_report>> promises;
};

class task_distributor_state {
public:
  static inline const char* name = "task_distributor";

  explicit task_distributor_state(observed_plain_pointer<task_distributor_actor> self)
    : self_(self) {}

  void setup(task_distributor_config config, task_distributor_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    auto read = storage::read_task_board(*links_.disk, config_.settings);
    if (!read)
      throw thrown_fault("the board of tasks: ", read.error());
    board_ = *std::move(read);
    auto turn = tables::consensus_task_turn.find(*links_.disk, tables::consensus_task_turn_key);
    if (!turn)
      throw thrown_fault("the board of tasks: ", turn.error());
    turn_ = turn->value_or(task_turn_report{});
    show_counts();
    if (!in_world())
      self_->send(self_, atom::due_v);
  }

  // ---- of clients and workers outside -----------------------------------------------------------

  void submit(const submit_task_message& x) {
    changing<submitted_task>(
      x.reply, [&](task_changes& out) { return board_.submit(x.what, now_ms(), out); });
  }
  void cancel(const cancel_task_message& x) {
    changing<changed_task>(x.reply,
                           [&](task_changes& out) { return board_.cancel(x.what, now_ms(), out); });
  }
  void approve(const approve_task_message& x) {
    changing<changed_task>(
      x.reply, [&](task_changes& out) { return board_.approve(x.what, now_ms(), out); });
  }
  void fetch(const fetch_tasks_message& x) {
    changing<std::vector<task_work>>(x.reply, [&](task_changes& out) {
      return result<std::vector<task_work>>{board_.fetch(x.what, now_ms(), out)};
    });
  }
  void answer(const answer_task_message& x) {
    changing<answered_task>(x.reply, [&](task_changes& out) {
      return board_.answer(x.what, std::nullopt, now_ms(), out);
    });
  }
  void stats(const task_stats_message& x) { x.reply(stats()); }

  caf::result<std::string> obey(const mechanism_command& x) {
    const auto order = task_order_of(x.name, x.arguments);
    if (!order)
      return to_error(order.error());
    if (const auto* what = std::get_if<submit_task_call>(&*order))
      return commanded<submitted_task>(
        [&](task_changes& out) { return board_.submit(*what, now_ms(), out); });
    const auto& what = std::get<cancel_task_call>(*order);
    return commanded<changed_task>(
      [&](task_changes& out) { return board_.cancel(what, now_ms(), out); });
  }

  // ---- stepped time -----------------------------------------------------------------------------

  caf::result<task_turn_report> turn(const task_turn& x) {
    if (turn_.step == x.step && turn_.is_over)
      return turn_;
    if (x.step < turn_.step)
      return to_error({ec::refused, "step " + std::to_string(x.step) + " is over, the board is at "
                                      + std::to_string(turn_.step)});
    auto promise = self_->make_response_promise<task_turn_report>();
    if (open_ && open_->row.step == x.step) { // somebody who was restarted asks again
      open_->promises.push_back(promise);
      return promise;
    }
    auto open = open_ = std::make_shared<open_task_turn>();
    open->promises.push_back(promise);
    const bool begun = turn_.step == x.step;
    open->row = begun ? turn_ : task_turn_report{};
    open->row.step = x.step;
    open->row.now_ms = x.now_ms;
    with_miners(
      x.now_ms,
      [this, open, begun](const selectable_miners& miners) {
        task_changes changes;
        for (const auto& [key, handle] : connected_)
          board_.see(key, open->row.now_ms);
        if (!begun)
          begin_turn(*open, miners, changes);
        write_turn(open, changes, [this, open] { ask_in_turn(open); });
      },
      [this, open](const caf::error& why) { fail_turn(open, why); });
    return promise;
  }

  // ---- scores -----------------------------------------------------------------------------------

  caf::result<task_ranking> ranking(const task_ranking_query& x) {
    auto promise = self_->make_response_promise<task_ranking>();
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); }, links_.miners,
      [this, x, promise](const selectable_miners& miners) mutable {
        promise.deliver(
          task_ranking{rank_miners(ranked_statuses(miners.all, board_.work(), config_.settings),
                                   board_.work(), x.now_ms, config_.settings.tasks)});
      },
      selectable_miners_query{x.now_ms});
    return promise;
  }

  // ---- passes by the clock ----------------------------------------------------------------------

  void due() {
    const auto now = now_ms();
    with_miners(
      now,
      [this](const selectable_miners& miners) {
        pass(miners);
        wait_for_next_pass();
      },
      [this](const caf::error& why) {
        health_ = task_health::error;
        spdlog::warn("tasks are not given out: {}", sentence(why));
        wait_for_next_pass();
      });
  }

  std::string describe() const {
    return json_object{}
      .raw("stats", json_of(stats()))
      .add("asked", questions_.size())
      .raw("turn", json_of(turn_))
      .text();
  }

private:
  using turn_pointer = std::shared_ptr<open_task_turn>;

  bool in_world() const { return config_.world.has_value(); }
  uint64_t now_ms() const { return config_.unix_ms(); }

  task_stats stats() const {
    auto made = board_.stats();
    made.available_miners = available_;
    made.health = health_;
    return made;
  }

  // -- who there is

  /// `then` gets who may be given tasks; who is connected is known afterwards.
  template <class Then, class Trouble>
  void with_miners(uint64_t now, Then then, Trouble trouble) {
    ask_or(
      self_, trouble, links_.roster,
      [this, now, then, trouble](const std::vector<roster_entry>& all) {
        connected_.clear();
        for (const auto& x : playing(all, consensus_name))
          if (x.handle)
            connected_[x.key] = x.handle;
        ask_or(self_, trouble, links_.miners, then, selectable_miners_query{now});
      },
      atom::roster_v);
  }

  distribute_result distribute(const selectable_miners& miners, uint64_t now, task_changes& out) {
    std::set<hotkey> keys;
    for (const auto& [key, handle] : connected_) {
      keys.insert(key);
      board_.see(key, now);
    }
    board_.expire(now, out);
    const auto made = board_.distribute(miners.all, keys, now, out);
    available_ = made.available;
    health_ = made.available == 0 ? task_health::no_miners : task_health::healthy;
    return made;
  }

  // -- a pass

  void pass(const selectable_miners& miners) {
    const auto now = now_ms();
    task_changes changes;
    const auto made = distribute(miners, now, changes);
    if (made.tasks > 0)
      spdlog::info("{} tasks given to miners, {} assignments", made.tasks, made.assignments);
    const auto all = to_ask();
    for (const auto& [number, x] : all)
      board_.hand_out(x.work.task_id, x.key, now, changes);
    write(changes, [this, all] {
      for (const auto& [number, x] : all)
        ask(number, x);
    });
  }

  void wait_for_next_pass() {
    self_->delayed_send(self_, std::chrono::seconds(config_.settings.tasks.distribute_s),
                        atom::due_v);
  }

  using numbered = std::pair<uint64_t, open_assignment>;

  /// Whose miner is connected and has not been asked by this handle, with the questions' numbers.
  std::vector<numbered> to_ask() {
    const auto all = board_.open_assignments();
    questions_.keep_only(all);
    std::vector<numbered> made;
    for (const auto& x : all)
      if (const auto at = connected_.find(x.key); at != connected_.end())
        if (const auto number = questions_.begin(x, at->second); number != 0)
          made.emplace_back(number, x);
    return made;
  }

  /// A deadline on a machine far away is kept by its peer; a little later nobody is waited for.
  static constexpr std::chrono::seconds patience{5};

  void ask(uint64_t number, const open_assignment& x) {
    const auto whom = connected_.find(x.key);
    if (whom == connected_.end()) // it has gone in the meantime
      return questions_.end(x, number, false);
    const auto now = now_ms();
    constexpr uint64_t longest_ms = 3'600'000; // of a question over the gateway
    const auto left = x.work.deadline_ms > now ? x.work.deadline_ms - now : 1;
    const auto deadline = std::min(left, longest_ms);
    self_
      ->request(whom->second, std::chrono::milliseconds(deadline) + patience,
                question_of(x, deadline))
      .then(
        [this, number, x](const miner_answer& answer) {
          questions_.end(x, number, true);
          take(x, answer);
        },
        [this, number, x](const caf::error& why) {
          questions_.end(x, number, false);
          spdlog::debug("task {} is not answered by {}: {}", x.work.task_id, x.key.value,
                        sentence(why));
        });
  }

  static miner_question question_of(const open_assignment& x, uint64_t deadline_ms) {
    task_question what{x.work.assignment_id, x.work.task_id, std::string{name_of(x.work.type)},
                       x.work.payload, deadline_ms};
    return {std::string{consensus_name}, net::task_question_body(std::move(what)), deadline_ms};
  }

  void take(const open_assignment& x, const miner_answer& answer) {
    const auto inside = net::task_answer_in(answer.body);
    task_changes changes;
    if (!inside || inside->task_id != x.work.task_id
        || !board_.answer({x.key, x.work.task_id, inside->result}, std::nullopt, now_ms(), changes))
      self_->observed().stats->count("answers_refused");
    write(changes, [] {});
  }

  // -- a turn

  void begin_turn(open_task_turn& open, const selectable_miners& miners, task_changes& changes) {
    auto& row = open.row;
    for (auto& call : dev_tasks(*config_.world, row.step))
      if (const auto made = board_.submit(std::move(call), row.now_ms, changes))
        row.submitted += made->is_new ? 1 : 0;
      else
        spdlog::warn("the client of the world: {}", made.error().what);
    row.assigned = distribute(miners, row.now_ms, changes).assignments;
    for (const auto& x : board_.open_assignments())
      if (connected_.contains(x.key))
        board_.hand_out(x.work.task_id, x.key, row.now_ms, changes);
    count_turn(row, changes);
  }

  static void count_turn(task_turn_report& row, const task_changes& changes) {
    for (const auto& [place, x] : changes.places)
      if (x && is_terminal(place.state))
        ++row.ended;
      else if (x && place.state == task_state::completed)
        ++row.completed;
  }

  /// A miner in this process that stays silent is found by a fence behind the question (decision
  /// 0004), one on another machine by its deadline.
  void ask_in_turn(const turn_pointer& open) {
    const auto all = to_ask();
    auto round = std::make_shared<task_round>(
      all.size(), [this, open](task_round& x) { take_in_turn(open, x); });
    for (size_t i = 0; i < all.size(); ++i) {
      const auto& whom = connected_.at(all[i].second.key);
      const auto missed
        = [this, round, i, x = all[i]](const caf::error&) { close(*round, i, x, nullptr); };
      self_->request(whom, caf::infinite, question_of(all[i].second, config_.turn_deadline_ms))
        .then([this, round, i,
               x = all[i]](const miner_answer& answer) { close(*round, i, x, &answer); },
              missed);
      self_->request(whom, caf::infinite, atom::fence_v)
        .then([this, round, i, x = all[i]](atom::done) { close(*round, i, x, nullptr); }, missed);
    }
    round->close_if_empty();
  }

  void close(task_round& round, size_t i, const numbered& question, const miner_answer* answer) {
    if (!round.is_open(i))
      return;
    const auto& [number, x] = question;
    questions_.end(x, number, answer != nullptr);
    std::optional<task_answer> inside;
    if (answer)
      if (auto read = net::task_answer_in(answer->body); read && read->task_id == x.work.task_id)
        inside = *std::move(read);
    round.close(i, x, std::move(inside));
  }

  /// In the order of the questions, whoever was first.
  void take_in_turn(const turn_pointer& open, const task_round& round) {
    auto& row = open->row;
    task_changes changes;
    for (const auto& [x, answer] : round.answers()) {
      const auto made = board_.answer({x.key, x.work.task_id, answer.result}, answer.processing_ms,
                                      row.now_ms, changes);
      ++(made ? row.answered : row.refused);
    }
    count_turn(row, changes);
    row.waiting = board_.stats().by_state.at(std::string{name_of(task_state::pending)});
    row.is_over = true;
    write_turn(open, changes, [this, open] {
      open_ = nullptr;
      for (auto& promise : open->promises)
        promise.deliver(open->row);
    });
  }

  template <class Then>
  void write_turn(const turn_pointer& open, const task_changes& changes, Then then) {
    turn_ = open->row;
    storage::batch writes;
    storage::add_task_changes(writes, changes);
    tables::consensus_task_turn.put(writes, tables::consensus_task_turn_key, turn_);
    write_batch(std::move(writes), changes, then,
                [this, open](const caf::error& why) { fail_turn(open, why); });
  }

  void fail_turn(const turn_pointer& open, const caf::error& why) {
    open_ = nullptr;
    for (auto& promise : open->promises)
      promise.deliver(why);
  }

  // -- to the disk

  /// What `change` answers is sent back once what it has changed is durable; its fault as well.
  template <class T>
  void changing(const std::function<void(result<T>)>& reply,
                const std::function<result<T>(task_changes&)>& change) {
    task_changes changes;
    auto answer = change(changes);
    storage::batch writes;
    storage::add_task_changes(writes, changes);
    write_batch(
      std::move(writes), changes, [reply, answer] { reply(answer); },
      [reply](const caf::error& why) { reply(to_fault(why)); });
  }

  /// The same for a command.
  template <class T>
  caf::result<std::string> commanded(const std::function<result<T>(task_changes&)>& change) {
    auto promise = self_->template make_response_promise<std::string>();
    changing<T>(
      [promise](result<T> x) mutable {
        if (x)
          promise.deliver(shown(*x));
        else
          promise.deliver(to_error(x.error()));
      },
      change);
    return promise;
  }

  template <class Then>
  void write(const task_changes& changes, Then then) {
    storage::batch writes;
    storage::add_task_changes(writes, changes);
    write_batch(std::move(writes), changes, then, [](const caf::error&) {}); // we are restarted
  }

  template <class Then, class Trouble>
  void write_batch(storage::batch writes, const task_changes& changes, Then then, Trouble trouble) {
    show_counts();
    if (writes.writes.empty())
      return then();
    ask_or(
      self_, trouble, links_.storage_writer,
      [this, then, notices = notices_of(changes)](atom::done) {
        for (const auto& [key, notice] : notices)
          if (const auto at = connected_.find(key); at != connected_.end())
            self_->send(at->second, miner_notice{std::string{consensus_name},
                                                 net::task_notice_body(notice), false});
        then();
      },
      std::move(writes));
  }

  void show_counts() {
    const auto all = board_.stats();
    auto& shown = *self_->observed().stats;
    for (const auto& [state, count] : all.by_state)
      shown.level("tasks_" + state, static_cast<double>(count));
    shown.level("assignments", static_cast<double>(all.total_assignments));
  }

  observed_plain_pointer<task_distributor_actor> self_;
  task_distributor_config config_;
  task_distributor_links links_;
  task_board board_;
  task_questions questions_;
  std::map<hotkey, miner_actor> connected_;
  uint64_t available_ = 0;
  task_health health_ = task_health::no_miners;
  task_turn_report turn_; // the last one, as it is stored
  turn_pointer open_;
};

task_distributor_actor::behavior_type
task_distributor_behavior(observed_pointer<task_distributor_actor, task_distributor_state> self,
                          task_distributor_config config, task_distributor_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const submit_task_message& x) { state.submit(x); },
    [&state](const cancel_task_message& x) { state.cancel(x); },
    [&state](const approve_task_message& x) { state.approve(x); },
    [&state](const task_stats_message& x) { state.stats(x); },
    [&state](const fetch_tasks_message& x) { state.fetch(x); },
    [&state](const answer_task_message& x) { state.answer(x); },
    [&state](const task_turn& x) { return state.turn(x); },
    [&state](const task_ranking_query& x) { return state.ranking(x); },
    [&state](const mechanism_command& x) { return state.obey(x); },
    [&state](atom::due) { state.due(); },
  };
}

} // namespace

task_distributor_actor
spawn_task_distributor(caf::actor_system& system, task_distributor_config config,
                       task_distributor_links links) {
  return system.spawn(task_distributor_behavior, std::move(config), std::move(links));
}

} // namespace sluice
