#include "actors/consensus/intake.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/thrown_fault.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"
#include "rules/json_text.hpp"
#include "storage/consensus/recall.hpp"
#include "storage/consensus/reports.hpp"
#include "storage/consensus/steps.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;
using intake_clock = caf::actor_clock::time_point;

constexpr std::chrono::seconds expiry_pause{1};

/// What waits for its turn: a report, or a moment (no `reply`).
struct intake_item {
  report_arrival report;
  intake_clock arrived;
  std::function<void(result<report_outcome>)> reply;
  uint64_t moment_ms = 0;
  std::function<void(result<intake_status>)> status_reply;
};

/// What becomes of an item when everything is durable.
struct intake_effect {
  intake_item item;
  result<report_outcome> outcome{report_outcome{}};
  std::vector<net::pages_update> updates; // of what readers see
  bool is_taken = false;
};

class consensus_intake_state {
public:
  static inline const char* name = "consensus_intake";

  explicit consensus_intake_state(observed_plain_pointer<consensus_intake_actor> self)
    : self_(self) {}

  void setup(consensus_intake_config config, consensus_intake_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    recall();
    if (!config_.stepped)
      self_->delayed_send(self_, expiry_pause, atom::due_v);
  }

  // ---- what comes -------------------------------------------------------------------------------

  void take(report_arrival what, std::function<void(result<report_outcome>)> reply) {
    const auto bytes = what.report.miner_statuses.size();
    if (waiting_.size() >= waiting_reports_max || waiting_bytes_ + bytes > waiting_bytes_max) {
      ++status_.refused["busy"];
      return reply(
        fault{ec::busy, "too many reports wait to be stored; send it again in a second"});
    }
    waiting_bytes_ += bytes;
    waiting_.push_back({std::move(what), self_->clock().now(), std::move(reply), 0, {}});
    go_on();
  }

  caf::result<report_outcome> take_own(const report_arrival& x) {
    auto promise = self_->make_response_promise<report_outcome>();
    take(x, [promise](result<report_outcome> outcome) mutable {
      if (outcome)
        promise.deliver(*std::move(outcome));
      else
        promise.deliver(to_error(outcome.error()));
    });
    return promise;
  }

  caf::result<intake_status> pass_time(const intake_moment& x) {
    auto promise = self_->make_response_promise<intake_status>();
    waiting_.push_back({{}, {}, {}, x.now_ms, [promise](result<intake_status> status) mutable {
                          if (status)
                            promise.deliver(*std::move(status));
                          else
                            promise.deliver(to_error(status.error()));
                        }});
    go_on();
    return promise;
  }

  /// Every second of the real clock.
  void due() {
    self_->delayed_send(self_, expiry_pause, atom::due_v);
    const auto next = book_.next_expiry_ms();
    if (!next || *next > config_.unix_ms() || !waiting_.empty())
      return;
    waiting_.push_back({{}, {}, {}, config_.unix_ms(), [](const result<intake_status>&) {}});
    go_on();
  }

  selectable_miners selectable(const selectable_miners_query& x) const {
    return {book_.selectable_miners(x.now_ms)};
  }

  void find_worker(const worker_message& x) {
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [x](const chain_view& seen) {
          for (const auto& one : seen.neurons)
            if (one.key == x.worker)
              return x.reply(one.uid);
          x.reply(fault{ec::refused, "hotkey " + x.worker.value
                                       + " is not registered on this subnet; register it first"});
        },
        [x](const caf::error& why) { x.reply(to_fault(why)); });
  }

  std::string describe() const {
    return json_object{}
      .add("waiting", waiting_.size())
      .add("waiting_bytes", waiting_bytes_)
      .add("subscribers", links_.pages->subscribers())
      .raw("status", json_of(status_))
      .text();
  }

private:
  // -- one commit after the other

  void recall() {
    auto status = tables::consensus_status.find(*links_.disk, tables::consensus_status_key);
    if (!status)
      throw thrown_fault("the state of consensus: ", status.error());
    status_ = status->value_or(intake_status{});
    status_.rules = config_.rules;
    auto book = storage::recall_reports(*links_.disk, config_.rules, status_.validators);
    if (!book)
      throw thrown_fault("the reports of consensus: ", book.error());
    book_ = *std::move(book);
    const auto now_ms = std::max(status_.now_ms, config_.stepped ? 0 : config_.unix_ms());
    unused_ = book_.expire(now_ms);
    links_.pages->open(net::update_of(book_, now_ms));
  }

  void go_on() {
    if (writing_ || waiting_.empty())
      return;
    writing_ = true;
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then([this](const chain_view& seen) { take_waiting(seen); },
            [this](const caf::error& why) { fail(waiting_effects(), to_fault(why)); });
  }

  /// The first of those that wait, without any effect yet.
  std::vector<intake_effect> waiting_effects() {
    std::vector<intake_effect> effects;
    while (!waiting_.empty() && effects.size() < stored_together_max) {
      waiting_bytes_ -= waiting_.front().report.report.miner_statuses.size();
      effects.push_back({std::move(waiting_.front()), report_outcome{}, {}, false});
      waiting_.pop_front();
    }
    return effects;
  }

  void take_waiting(const chain_view& seen) {
    know_validators(seen.neurons);
    auto effects = waiting_effects();
    storage::batch writes;
    for (auto& x : effects)
      x.item.reply ? put(x, seen.neurons, writes) : expire(x, writes);
    if (writes.writes.empty())
      return publish(effects);
    storage::add_expiry(writes, unused_);
    erase_checksums(writes, std::exchange(unused_, {}).released);
    tables::consensus_status.put(writes, tables::consensus_status_key, status_);
    const auto shared = std::make_shared<std::vector<intake_effect>>(std::move(effects));
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([this, shared](atom::done) { publish(*shared); },
            [this, shared](const caf::error& why) {
              spdlog::warn("reports cannot be stored: {}", sentence(why));
              recall();
              fail(std::move(*shared), to_fault(why));
            });
  }

  /// In one turn: readers see it, subscribers are sent it, senders are answered.
  void publish(std::vector<intake_effect>& effects) {
    for (auto& x : effects) {
      for (auto& update : x.updates)
        links_.pages->put(std::move(update));
      if (x.is_taken) {
        const std::chrono::duration<double, std::micro> took
          = self_->clock().now() - x.item.arrived;
        status_.latency.add(static_cast<uint64_t>(std::max(0.0, took.count())));
        if (links_.on_taken && !x.item.report.report.hotkey.empty())
          links_.on_taken(std::make_shared<const signed_report>(x.item.report.report));
      }
      x.item.reply ? x.item.reply(std::move(x.outcome)) : x.item.status_reply(status_);
    }
    writing_ = false;
    go_on();
  }

  void fail(std::vector<intake_effect> effects, const fault& why) {
    for (auto& x : effects)
      x.item.reply ? x.item.reply(why) : x.item.status_reply(why);
    writing_ = false;
    go_on();
  }

  // -- what one item does

  void know_validators(const std::vector<neuron>& metagraph) {
    std::vector<consensus_validator> now;
    for (const auto& x : metagraph)
      if (x.permit)
        now.push_back({x.uid.value, x.key.value, x.stake});
    if (now == status_.validators)
      return;
    status_.validators = std::move(now);
    book_.set_validators(status_.validators);
  }

  uint64_t moment_of(const intake_item& x) const {
    const auto stated = x.reply ? x.report.now_ms : x.moment_ms;
    return stated > 0 ? stated : config_.unix_ms();
  }

  void refuse(intake_effect& x, const char* reason, fault why) {
    ++status_.refused[reason];
    self_->observed().stats->count(std::string{"refused_"} + reason);
    x.outcome = std::move(why);
  }

  void put(intake_effect& x, const std::vector<neuron>& metagraph, storage::batch& writes) {
    const auto& arrival = x.item.report;
    const auto now_ms = moment_of(x.item);
    if (!arrival.report.hotkey.empty() && !arrival.is_verified)
      if (auto good
          = check_signed_report(arrival.report, now_ms, config_.verifier, config_.freshness);
          !good)
        return refuse(x, "signature", good.error());
    const auto proved = prove_report(arrival, metagraph, config_.unproved);
    if (!proved)
      return refuse(x, "unproved", proved.error());
    auto read = read_status_list(arrival.report.miner_statuses);
    if (!read)
      return refuse(x, "bad_json", read.error());
    if (!read->is_list) {
      ++status_.refused["no_list"];
      x.outcome = report_outcome{false, false, "miner_statuses must be a list", 0, 0};
      return;
    }
    status_report report;
    report.validator_uid = arrival.report.validator_uid;
    report.hotkey = proved->hotkey;
    report.epoch = arrival.report.epoch;
    report.received_ms = now_ms;
    report.proof = proved->proof;
    report.proof_text = proved->proof_text;
    if (proved->proof == report_proof::signature) {
      report.digest = report_digest(arrival.report);
      report.issued_ms = arrival.report.issued_ms;
    }
    report.skipped = read->skipped;
    report.statuses = std::move(read->statuses);
    put_report(x, std::move(report), writes);
  }

  void put_report(intake_effect& x, status_report report, storage::batch& writes) {
    pass_time_to(report.received_ms, x, writes);
    book_.prepare(report);
    const auto now_ms = report.received_ms;
    const auto skipped = report.skipped;
    const auto row = report; // as it is stored
    auto put = book_.put(std::move(report));
    if (!put)
      return refuse(x, "validators", put.error());
    store(writes, row, *put);
    if (put->verdict == report_verdict::repeated) {
      ++status_.refused["repeated"];
      x.outcome = report_outcome{true, true, "", 0, 0};
      return;
    }
    if (put->verdict != report_verdict::take) {
      status_.contradictions += put->evidence ? 1 : 0;
      const auto verdict = name_of(put->verdict);
      return refuse(x, verdict.data(), fault_of_verdict(verdict, row.validator_uid, row.epoch));
    }
    x.is_taken = true;
    x.outcome = report_outcome{true, false, "", put->miners_processed, put->consensus_updated};
    auto update = net::update_of(book_, put->changed, now_ms);
    update.reporter = row.validator_uid;
    update.epoch = row.epoch;
    status_.statistics = update.statistics;
    x.updates.push_back(std::move(update));
    ++status_.reports;
    status_.items += put->miners_processed;
    status_.skipped += skipped;
    status_.changed += put->changed.size();
    self_->observed().stats->count("reports");
  }

  /// With the checksum of the row, where there is one.
  void store(storage::batch& writes, const status_report& row, const book_put& put) {
    storage::add_report(writes, book_, row, put);
    if (put.verdict == report_verdict::take)
      tables::consensus_checksums.put(writes, row.number, storage::report_checksum(row));
    erase_checksums(writes, put.released);
  }

  static void erase_checksums(storage::batch& writes, const std::vector<uint64_t>& released) {
    for (const auto number : released)
      tables::consensus_checksums.erase(writes, number);
  }

  /// What has left the window by now has left it before anything else happens.
  void pass_time_to(uint64_t now_ms, intake_effect& x, storage::batch& writes) {
    auto gone = book_.expire(now_ms);
    if (!gone.released.empty())
      storage::add_expiry(writes, gone);
    erase_checksums(writes, gone.released);
    if (config_.rules.weights.reputation || config_.rules.weights.stake)
      for (const auto uid : book_.refresh(now_ms))
        gone.changed.push_back(uid);
    status_.changed += gone.changed.size();
    status_.now_ms = std::max(status_.now_ms, now_ms);
    if (!gone.changed.empty())
      x.updates.push_back(net::update_of(book_, gone.changed, now_ms));
  }

  /// A moment that changes nothing is written all the same in stepped time: it is the moment of
  /// what is shown.
  void expire(intake_effect& x, storage::batch& writes) {
    const auto now_ms = moment_of(x.item);
    pass_time_to(now_ms, x, writes);
    status_.statistics = book_.stats(now_ms);
    if (config_.stepped || !x.updates.empty())
      tables::consensus_status.put(writes, tables::consensus_status_key, status_);
  }

  observed_plain_pointer<consensus_intake_actor> self_;
  consensus_intake_config config_;
  consensus_intake_links links_;
  report_book book_;
  intake_status status_;
  book_expiry unused_; // what was too old when the disk was read; goes with the next commit
  std::deque<intake_item> waiting_;
  size_t waiting_bytes_ = 0;
  bool writing_ = false;
};

consensus_intake_actor::behavior_type
consensus_intake_behavior(observed_pointer<consensus_intake_actor, consensus_intake_state> self,
                          consensus_intake_config config, consensus_intake_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const report_message& x) { state.take(x.what, x.reply); },
    [&state](const worker_message& x) { state.find_worker(x); },
    [&state](const report_arrival& x) { return state.take_own(x); },
    [&state](const selectable_miners_query& x) { return state.selectable(x); },
    [&state](const intake_moment& x) { return state.pass_time(x); },
    [&state](atom::due) { state.due(); },
  };
}

} // namespace

consensus_intake_actor
spawn_consensus_intake(caf::actor_system& system, consensus_intake_config config,
                       consensus_intake_links links) {
  return system.spawn(consensus_intake_behavior, std::move(config), std::move(links));
}

} // namespace sluice
