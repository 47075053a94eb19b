#include "actors/leads/leads.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/leads/attempts.hpp"
#include "actors/roster.hpp"
#include "net/leads/bodies.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/dev_buyer.hpp"
#include "rules/leads/name.hpp"
#include "rules/leads/no_shares.hpp"
#include "rules/leads/share_lines.hpp"
#include "storage/leads/recall.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// How it looks from inside: others do not see the timer.
using own_leads_actor = mechanism_actor::extend<caf::reacts_to<atom::due, uint64_t>>;

/// The step under way.
struct open_lead_step {
  uint64_t number = 0;
  lead_step row;
  std::optional<lead_publish> ended; // the attempt of the step before
  publish_order order;
  std::vector<caf::typed_response_promise<step_report>> promises;
};

/// Shares of one moment.
struct known_shares {
  int64_t time_us = 0;
  uint64_t documents = 0;
  std::shared_ptr<const share_report> report;
};

class leads_state {
public:
  static inline const char* name = leads_name.data();

  explicit leads_state(observed_plain_pointer<own_leads_actor> self) : self_(self) {}

  void setup(leads_config config, leads_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
  }

  // ---- steps ------------------------------------------------------------------------------------

  caf::result<step_report> step(uint64_t number) {
    const auto done = tables::lead_steps.find(*links_.disk, number);
    if (!done)
      return to_error(done.error());
    if (*done)
      return report_of(**done);
    auto promise = self_->make_response_promise<step_report>();
    if (open_ && open_->number == number) { // a conductor that was restarted asks again
      open_->promises.push_back(promise);
      return promise;
    }
    open_ = std::make_shared<open_lead_step>();
    open_->number = number;
    open_->promises.push_back(promise);
    if (const auto pause = pause_before_step(); pause.count() > 0)
      self_->delayed_send(self_, pause, atom::due_v, number);
    else
      begin(open_);
    return promise;
  }

  /// The moment of the step has come.
  void due(uint64_t number) {
    if (open_ && open_->number == number)
      begin(open_);
  }

  // ---- scores -----------------------------------------------------------------------------------

  /// By uid of now: shares belong to hotkeys.
  caf::result<mechanism_scores> scores(epoch_no epoch) {
    auto promise = self_->make_response_promise<mechanism_scores>();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then([this, epoch,
             promise](const chain_view& seen) mutable { score(epoch, seen, std::move(promise)); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  // ---- commands ---------------------------------------------------------------------------------

  caf::result<std::string> obey(const mechanism_command& x) {
    if (x.name == "leads pause")
      return hold(x, true);
    if (x.name == "leads resume")
      return hold(x, false);
    if (x.name == "leads publish")
      return publish();
    return caf::make_error(ec::refused, x.name + " is no command of this mechanism");
  }

  std::string describe() const {
    return json_object{}
      .add("step", open_ ? open_->number : 0)
      .add("world", config_.settings.world.has_value())
      .raw("settings", json_of(config_.settings))
      .text();
  }

private:
  using step_pointer = std::shared_ptr<open_lead_step>;

  bool in_world() const { return config_.settings.world.has_value(); }
  const leads_settings& rules() const { return config_.settings.rules; }

  static uint64_t ms_of(int64_t us) { return static_cast<uint64_t>(us / 1000); }

  int64_t moment_of(uint64_t step) const {
    return in_world() ? moment_us(*config_.settings.world, step, config_.step_s)
                      : static_cast<int64_t>(config_.unix_ms()) * 1000;
  }

  /// A world that is watched waits for its moments; that changes no result.
  std::chrono::milliseconds pause_before_step() const {
    const bool paced = in_world() && config_.speed > 0;
    const auto seconds = paced ? static_cast<double>(config_.step_s) / config_.speed : 0;
    return std::chrono::milliseconds{static_cast<int64_t>(std::min(seconds, 3600.0) * 1000)};
  }

  // -- a step, from its beginning to its row

  void begin(const step_pointer& step) {
    step->row.time_us = moment_of(step->number);
    auto ended = ended_attempt(*links_.disk);
    if (!ended)
      return fail(step, to_error(ended.error()));
    step->ended = *std::move(ended);
    if (!step->ended)
      return in_world() ? take_sourced(step) : ask_for_publish(step);
    const auto& x = *step->ended;
    const attempt_ended what{x.number, x.result, ended_ms(*step), x.reason};
    ask_or(
      self_, failing(step), links_.curation,
      [this, step](atom::done) {
        show_end(*step->ended);
        in_world() ? take_sourced(step) : ask_for_publish(step);
      },
      what);
  }

  /// In a world an attempt ends in its own step.
  uint64_t ended_ms(const open_lead_step& step) const {
    return ms_of(in_world() ? step.ended->time_us : step.row.time_us);
  }

  void take_sourced(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.intake,
      [this, step](const intake_report& x) {
        step->row.intake = x;
        serve_queue(step);
      },
      intake_turn{step->number, ms_of(step->row.time_us)});
  }

  void serve_queue(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.curation, [this, step](uint64_t) { serve_buyer(step); },
      atom::advance_v, ms_of(step->row.time_us));
  }

  void serve_buyer(const step_pointer& step) {
    step_requests requests;
    for (auto& x : buyer_requests(config_.settings.world->seed, step->number))
      requests.all.push_back(
        {std::move(x.id), x.num_leads, std::move(x.business_desc), ms_of(step->row.time_us)});
    ask_or(
      self_, failing(step), links_.curation,
      [this, step](const std::vector<buy_leads_answer>& answers) {
        step->row.requests = answers.size();
        for (const auto& x : answers) {
          step->row.delivered += x.outcome == buy_outcome::delivered ? 1 : 0;
          step->row.leads += x.leads.size();
        }
        ask_for_publish(step);
      },
      std::move(requests));
  }

  void ask_for_publish(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.curation,
      [this, step](const publish_order& order) { decide(step, order); },
      publish_query{ms_of(step->row.time_us)});
  }

  void decide(const step_pointer& step, const publish_order& order) {
    step->order = order;
    const auto last = tables::lead_steps.last(*links_.disk);
    if (!last)
      return fail(step, to_error(last.error()));
    const bool is_new = order.attempt != 0 && (!*last || (*last)->second.attempt != order.attempt);
    if (is_new) {
      step->row.attempt = order.attempt;
      step->row.trigger = order.trigger;
    }
    if (in_world() || is_new)
      return complete(step);
    if (!step->ended)
      return answer(step, paused());
    write(step, end_of(*step), [this, step] { answer(step, paused()); });
  }

  /// What is durable of an attempt that has ended, and of the flow.
  static storage::batch end_of(const open_lead_step& step) {
    storage::batch writes;
    if (step.ended)
      tables::lead_publishes.put(writes, step.ended->number, *step.ended);
    tables::lead_flow.put(writes, tables::lead_flow_key, step.order.record);
    return writes;
  }

  void complete(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.chain,
      [this, step](const chain_view& seen) {
        const auto documents = storage::stored_results(*links_.disk);
        if (!documents)
          return fail(step, to_error(documents.error()));
        step->row.documents = *documents;
        step->row.chain_epoch = seen.head.epoch.value;
        auto writes = end_of(*step);
        tables::lead_steps.put(writes, step->number, step->row);
        write(step, std::move(writes), [this, step] {
          auto report = report_of(step->row);
          if (report)
            answer(step, *std::move(report));
          else
            fail(step, report.error());
        });
      },
      atom::view_v);
  }

  template <class Then>
  void write(const step_pointer& step, storage::batch writes, Then then) {
    ask_or(
      self_, failing(step), links_.storage_writer, [then](atom::done) { then(); },
      std::move(writes));
  }

  std::function<void(const caf::error&)> failing(const step_pointer& step) {
    return [this, step](const caf::error& why) { fail(step, why); };
  }

  void fail(const step_pointer& step, const caf::error& why) {
    close(step);
    for (auto& x : step->promises)
      x.deliver(why);
  }

  void answer(const step_pointer& step, const step_report& report) {
    close(step);
    for (auto& x : step->promises)
      x.deliver(report);
  }

  void close(const step_pointer& step) {
    if (open_ == step)
      open_ = nullptr;
  }

  static step_report paused() {
    return {std::string{leads_name}, step_outcome::paused, false, "", nullptr};
  }

  caf::expected<step_report> report_of(const lead_step& row) {
    auto shares = shares_at(row.time_us, row.documents);
    if (!shares)
      return to_error(shares.error());
    return step_report{std::string{leads_name}, step_outcome::played, false, "",
                       std::make_shared<const leads_detail>(row, *std::move(shares))};
  }

  // -- shares

  /// Calculated once per moment.
  result<std::shared_ptr<const share_report>> shares_at(int64_t time_us, uint64_t documents) {
    if (shares_.report && shares_.time_us == time_us && shares_.documents == documents)
      return shares_.report;
    const auto before = self_->clock().now();
    auto report = storage::calculate_shares(*links_.disk, rules(), time_us, documents);
    if (!report)
      return report.error();
    const std::chrono::duration<double> took = self_->clock().now() - before;
    for (const auto& line : calculation_lines(*report, rules(), took.count()))
      spdlog::info(line);
    for (const auto& line : skipped_lines(report->counts))
      spdlog::warn(line);
    shares_ = {time_us, documents, std::make_shared<const share_report>(*std::move(report))};
    return shares_.report;
  }

  /// The step whose attempt is part of the weights of this epoch; else the last one, without it.
  result<lead_step> step_of(epoch_no epoch) const {
    const auto last = tables::lead_steps.last(*links_.disk);
    if (!last)
      return last.error();
    lead_step step;
    if (*last)
      step = (*last)->second;
    bool open = false;
    if (step.attempt != 0) {
      const auto row = tables::lead_publishes.find(*links_.disk, step.attempt);
      if (!row)
        return row.error();
      open = !*row || ((*row)->result == publish_end::open && (*row)->epoch == epoch.value);
    }
    if (!open)
      step.attempt = 0;
    if (open || (in_world() && *last))
      return step;
    step.time_us = moment_of(0);
    auto documents = storage::stored_results(*links_.disk);
    if (!documents)
      return documents.error();
    step.documents = *documents;
    return step;
  }

  void score(epoch_no epoch, const chain_view& seen,
             caf::typed_response_promise<mechanism_scores> promise) {
    const auto refuse = [&promise](const fault& why) { promise.deliver(to_error(why)); };
    const auto step = step_of(epoch);
    if (!step)
      return refuse(step.error());
    const auto shares = shares_at(step->time_us, step->documents);
    if (!shares)
      return refuse(shares.error());
    const auto k_miner = storage::k_miner_of(*links_.disk, rules());
    if (!k_miner)
      return refuse(k_miner.error());
    const auto mapped = map_to_uids((*shares)->shares.weights_dict, metagraph_of(seen));
    auto answer = [promise, scores = scores_of(epoch, mapped),
                   why = why_no_shares(**shares, mapped, rules().window_days)]() mutable {
      if (why.empty())
        promise.deliver(std::move(scores));
      else
        promise.deliver(caf::make_error(ec::refused, why));
    };
    if (step->attempt == 0)
      return answer();
    storage::batch writes;
    tables::lead_publishes.put(writes, step->attempt,
                               attempt_of(*step, **shares, mapped, rules(), *k_miner, epoch));
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); },
      links_.storage_writer, [answer](atom::done) mutable { answer(); }, std::move(writes));
  }

  static mechanism_scores scores_of(epoch_no epoch, const mapped_shares& mapped) {
    mechanism_scores scores{std::string{leads_name}, epoch, {}, {}};
    for (size_t i = 0; i < mapped.uids.size(); ++i)
      scores.scores[{mapped.uids[i]}] = mapped.weights[i];
    return scores;
  }

  // -- after a publish

  void show_end(const lead_publish& x) {
    self_->observed().stats->count("publishes_" + std::string{name_of(x.result)});
    if (x.result != publish_end::done)
      return;
    for (const auto& line : published_lines(x.vector))
      spdlog::info(line);
    const auto report = shares_at(x.time_us, x.documents);
    if (!report)
      return spdlog::warn("miners are not sent their shares: {}", report.error().what);
    self_->request(links_.roster, caf::infinite, atom::roster_v)
      .then(
        [this, report = *report](const std::vector<roster_entry>& all) {
          for (const auto& one : playing(all, leads_name))
            notify(one, *report);
        },
        [](const caf::error&) {}); // they are restarted, and so are we
  }

  /// Who has a part in the leads of the window learns where it stands.
  void notify(const roster_entry& who, const share_report& report) {
    const auto tally = report.tallies.find(who.key);
    if (!who.handle || tally == report.tallies.end())
      return;
    const auto share = report.shares.weights_dict.find(who.key);
    lead_notice notice;
    notice.share = share == report.shares.weights_dict.end() ? 0 : share->second;
    notice.curated = tally->second.curated;
    notice.sourced = tally->second.sourced;
    notice.status = name_of(report.status);
    self_->send(who.handle, miner_notice{std::string{leads_name},
                                         net::lead_notice_body(std::move(notice)), false});
  }

  // -- commands

  /// Durable first, then in force.
  caf::result<std::string> hold(const mechanism_command& x, bool held) {
    storage::batch writes;
    if (held)
      tables::lead_names.put(writes, storage::intake_held_key, x.who);
    else
      tables::lead_names.erase(writes, storage::intake_held_key);
    auto promise = self_->make_response_promise<std::string>();
    const auto failed = [promise](const caf::error& why) mutable { promise.deliver(why); };
    ask_or(
      self_, failed, links_.storage_writer,
      [this, promise, failed, held](atom::done) mutable {
        ask_or(
          self_, failed, links_.intake,
          [promise, held](atom::done) mutable {
            promise.deliver(json_object{}.add("sourced", held ? "paused" : "runs").text());
          },
          intake_gate{intake_holder::operator_, !held});
      },
      std::move(writes));
    return promise;
  }

  caf::result<std::string> publish() {
    auto promise = self_->make_response_promise<std::string>();
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); }, links_.curation,
      [promise](atom::done) mutable {
        promise.deliver(json_object{}.add("publish", "wanted").text());
      },
      atom::publish_v, ms_of(in_world() ? shares_.time_us : moment_of(0)));
    return promise;
  }

  observed_plain_pointer<own_leads_actor> self_;
  leads_config config_;
  leads_links links_;
  step_pointer open_; // null: none
  known_shares shares_;
};

own_leads_actor::behavior_type leads_behavior(observed_pointer<own_leads_actor, leads_state> self,
                                              leads_config config, leads_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& x) { return state.obey(x); },
    [&state](atom::due, uint64_t number) { state.due(number); },
  };
}

} // namespace

mechanism_actor spawn_leads(caf::actor_system& system, leads_config config, leads_links links) {
  return system.spawn(leads_behavior, std::move(config), std::move(links));
}

} // namespace sluice
