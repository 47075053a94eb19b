#include "actors/leads/sourced_intake.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/thrown_fault.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/admission.hpp"
#include "storage/leads/pool_writer.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

class sourced_intake_state {
public:
  static inline const char* name = "sourced_intake";

  explicit sourced_intake_state(observed_plain_pointer<sourced_intake_actor> self) : self_(self) {}

  void setup(sourced_intake_config config, sourced_intake_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    begin_anew();
    const auto held = tables::lead_names.find(*links_.disk, storage::intake_held_key);
    if (!held)
      throw thrown_fault("the names of leads: ", held.error());
    open_.at(1) = !*held;
    if (!config_.stepped)
      self_->send(self_, atom::due_v);
  }

  void validated(const store_leads_message& call) {
    const auto refuse = [reply = call.reply](const fault& why) { reply(why); };
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [this, call, refuse](const chain_view& seen) {
          if (const auto may = admitted(call.what.caller, leads_role::validator, seen.neurons);
              !may)
            return refuse(may.error());
          add([this, call] { take_validated(call); });
        },
        [refuse](const caf::error& why) { refuse(to_fault(why)); });
  }

  caf::result<atom::done> gate(const intake_gate& x) {
    open_.at(static_cast<size_t>(x.who)) = x.open;
    auto promise = self_->make_response_promise<atom::done>();
    add([this, promise]() mutable { // behind the batch in hand
      promise.deliver(atom::done_v);
      done();
    });
    if (x.open && !config_.stepped && may_run())
      look_soon();
    return promise;
  }

  caf::result<intake_report> turn(const intake_turn& x) {
    const auto found = tables::lead_intakes.find(*links_.disk, x.step);
    if (!found)
      return to_error(found.error());
    if (*found)
      return **found;
    auto promise = self_->make_response_promise<intake_report>();
    add([this, x, promise] { take_turn(x, promise); });
    return promise;
  }

  void look() {
    looking_ = false;
    if (may_run())
      add([this] { take_queue(config_.unix_ms(), [this](bool some) { look_again(some); }); });
  }

  std::string describe() const {
    return json_object{}
      .add("runs", may_run())
      .add("held_by_curation", !open_.at(0))
      .add("held_by_operator", !open_.at(1))
      .add("waiting", tasks_.size())
      .raw("counts", json_of(writer_ ? writer_->counts() : intake_counts{}))
      .text();
  }

private:
  bool may_run() const { return open_.at(0) && open_.at(1); }

  void begin_anew() { writer_.emplace(*links_.disk, config_.disposable); }

  // -- one after the other: one batch is on its way to the disk at a time

  /// `begin` calls done() once, later or at once.
  void add(std::function<void()> begin) {
    tasks_.push_back(std::move(begin));
    if (tasks_.size() == 1)
      begin_first();
  }

  void done() {
    tasks_.pop_front();
    if (!tasks_.empty())
      begin_first();
  }

  void begin_first() {
    const auto begin = std::exchange(tasks_.front(), {}); // done() takes its place away
    begin();
  }

  void look_soon() {
    if (!std::exchange(looking_, true))
      self_->send(self_, atom::due_v);
  }

  void look_again(bool some) {
    done();
    if (some)
      return look_soon();
    if (!std::exchange(looking_, true))
      self_->delayed_send(self_, std::chrono::seconds(config_.idle_s), atom::due_v);
  }

  // -- what is taken

  /// Verdicts of these; a fault is the disk's, and nothing is planned any more.
  result<intake_counts> checked(const std::vector<lead>& all, const hotkey& by, uint64_t now_ms) {
    intake_counts counts;
    for (const auto& x : all) {
      const auto verdict = writer_->add(x, by.value.empty() ? hotkey{x.source} : by, now_ms);
      if (!verdict) {
        begin_anew();
        return verdict.error();
      }
      counts.count(*verdict);
      self_->observed().stats->count(name_of(*verdict));
    }
    return counts;
  }

  void take_validated(const store_leads_message& call) {
    const auto counts = checked(call.what.leads, hotkey{}, config_.unix_ms());
    if (!counts) {
      call.reply(counts.error());
      return done();
    }
    const leads_stored stored{counts->of(intake_verdict::accepted),
                              call.what.leads.size() - counts->of(intake_verdict::accepted)};
    write(writer_->take(), [reply = call.reply, stored](const std::optional<fault>& why) {
      if (why)
        reply(*why);
      else
        reply(stored);
    });
  }

  /// `then` gets null, or why it is not on the disk.
  void write(storage::batch writes, std::function<void(const std::optional<fault>&)> then) {
    if (writes.writes.empty()) {
      then({});
      return done();
    }
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then(
        [this, then](atom::done) {
          writer_->written();
          then({});
          done();
        },
        [this, then](const caf::error& why) {
          begin_anew();
          then(to_fault(why));
          done();
        });
  }

  /// Steps whose miners had to wait are made up for.
  void take_turn(const intake_turn& x, caf::typed_response_promise<intake_report> promise) {
    if (!may_run()) {
      promise.deliver(intake_report{});
      return done();
    }
    const auto last = tables::lead_intakes.last(*links_.disk);
    if (!last) {
      promise.deliver(to_error(last.error()));
      return done();
    }
    intake_report report;
    for (auto step = *last ? (*last)->first + 1 : x.step; step <= x.step; ++step)
      for (const auto& batch : sourced_batches(config_.miners, step)) {
        const auto counts = checked(batch.prospects, batch.miner, x.now_ms);
        if (!counts) {
          promise.deliver(to_error(counts.error()));
          return done();
        }
        ++report.batches;
        report.prospects += batch.prospects.size();
        for (size_t i = 0; i < intake_verdicts; ++i)
          report.counts.by_verdict.at(i) += counts->by_verdict.at(i);
      }
    auto writes = writer_->take();
    tables::lead_intakes.put(writes, x.step, report);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then(
        [this, x, promise, report](atom::done) mutable {
          writer_->written();
          take_queue(x.now_ms, [this, promise, report](bool) mutable {
            promise.deliver(report);
            done();
          });
        },
        [this, promise](const caf::error& why) mutable {
          begin_anew();
          promise.deliver(why);
          done();
        });
  }

  /// Up to `poll_batch` items; `then` learns whether there was one.
  void take_queue(uint64_t now_ms, std::function<void(bool)> then) {
    const own_fetch what{{{config_.own, ""}, lead_queue::prospects, config_.poll_batch}, now_ms};
    self_->request(links_.queues, caf::infinite, what)
      .then(
        [this, now_ms, then](std::vector<leased_item>& items) {
          const bool some = !items.empty();
          take_items(std::make_shared<std::deque<leased_item>>(items.begin(), items.end()), now_ms,
                     [then, some] { then(some); });
        },
        [then](const caf::error& why) {
          spdlog::warn("sourced leads cannot be fetched: {}", sentence(why));
          then(false);
        });
  }

  void take_items(const std::shared_ptr<std::deque<leased_item>>& items, uint64_t now_ms,
                  std::function<void()> then) {
    if (items->empty())
      return then();
    const auto item = std::move(items->front());
    items->pop_front();
    const auto counts = checked(item.leads, item.from, now_ms);
    if (!counts) {
      spdlog::warn("sourced leads cannot be taken: {}", counts.error().what);
      return then(); // their leases expire
    }
    self_->observed().stats->count("batches");
    const own_acknowledge what{
      {{config_.own, ""}, lead_queue::prospects, item.lease}, writer_->take(), now_ms};
    self_->request(links_.queues, caf::infinite, what)
      .then(
        [this, items, now_ms, then](uint64_t acknowledged) {
          if (acknowledged > 0)
            writer_->written();
          else
            begin_anew(); // somebody else has them
          take_items(items, now_ms, then);
        },
        [this, then](const caf::error& why) {
          begin_anew();
          spdlog::warn("sourced leads cannot be stored: {}", sentence(why));
          then();
        });
  }

  observed_plain_pointer<sourced_intake_actor> self_;
  sourced_intake_config config_;
  sourced_intake_links links_;
  std::optional<storage::pool_writer> writer_;
  std::deque<std::function<void()>> tasks_; // the first is under way
  std::array<bool, 2> open_{true, true};
  bool looking_ = false; // a message to look into the queue is under way
};

sourced_intake_actor::behavior_type
sourced_intake_behavior(observed_pointer<sourced_intake_actor, sourced_intake_state> self,
                        sourced_intake_config config, sourced_intake_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const store_leads_message& x) { state.validated(x); },
    [&state](const intake_gate& x) { return state.gate(x); },
    [&state](const intake_turn& x) { return state.turn(x); },
    [&state](atom::due) { state.look(); },
  };
}

} // namespace

sourced_intake_actor spawn_sourced_intake(caf::actor_system& system, sourced_intake_config config,
                                          sourced_intake_links links) {
  return system.spawn(sourced_intake_behavior, std::move(config), std::move(links));
}

} // namespace sluice
