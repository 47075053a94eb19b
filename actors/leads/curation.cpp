#include "actors/leads/curation.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/leads/fallback.hpp"
#include "actors/leads/open_requests.hpp"
#include "actors/leads/search.hpp"
#include "actors/leads/stored_flow.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/share_lines.hpp"
#include "rules/leads/timestamp.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/result_writer.hpp"
#include "storage/leads/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

class curation_actor_state {
public:
  static inline const char* name = "curation";

  explicit curation_actor_state(observed_plain_pointer<curation_actor> self)
    : self_(self), children_(self, {.then = when_exhausted::abandon, .expects_failures = true}) {}

  void setup(curation_config config, curation_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    auto flow = stored_flow(*links_.disk, config_.terms, config_.start_ms);
    if (!flow)
      throw thrown_fault("the flow of leads: ", flow.error());
    flow_.emplace(std::move(flow->flow));
    attempt_ = flow->attempt;
    if (!config_.rules.rank_command.empty())
      children_.add({"ranker", restart_rule::permanent, [this] {
                       ranker_ = spawn_lead_ranker(self_->system(),
                                                   {config_.rules.rank_command,
                                                    {config_.rules.rank_deadline_s * 1000},
                                                    config_.own_thread});
                       return caf::actor_cast<caf::actor>(ranker_);
                     }});
    if (!config_.stepped)
      children_.add({"fallback", restart_rule::permanent, [this] {
                       fallback_
                         = spawn_lead_fallback(self_->system(),
                                               {config_.own, config_.rules.fallback_polls,
                                                config_.rules.fallback_poll_s, config_.unix_ms},
                                               links_.queues);
                       return caf::actor_cast<caf::actor>(fallback_);
                     }});
    act(std::move(flow->actions));
    if (!config_.stepped)
      self_->send(self_, atom::due_v);
  }

  // ---- requests ---------------------------------------------------------------------------------

  void buy(const buy_leads_message& call) {
    if (open_.size() + searches_ >= curation_requests_max)
      return call.reply(fault{ec::busy, "too many requests are under way; come back later"});
    // By the clock, also in stepped time: no incarnation gives the same name again.
    const lead_request what{"buy-" + std::to_string(config_.unix_ms()) + '-'
                              + std::to_string(++bought_),
                            call.what.num_leads, call.what.business_desc, now_ms()};
    search(what, [this, reply = call.reply](const lead_request& of, found_leads& found) {
      if (found.outcome != buy_outcome::delivered)
        return reply(buy_leads_answer{found.outcome, found.message, {}});
      begin({of, false, false, document_of(of, std::move(found.leads)),
             [reply](buy_leads_answer x) { reply(std::move(x)); }});
    });
  }

  caf::result<std::vector<buy_leads_answer>> serve(const step_requests& x) {
    if (x.all.empty())
      return std::vector<buy_leads_answer>{};
    if (step_ && step_->all == x.all && step_->done)
      return step_->answers;
    auto promise = self_->make_response_promise<std::vector<buy_leads_answer>>();
    if (step_ && step_->all == x.all) {
      step_->promises.push_back(promise);
      return promise;
    }
    auto open = step_ = std::make_shared<open_step_requests>();
    open->all = x.all;
    open->missing = x.all.size();
    open->found.resize(x.all.size());
    open->answers.resize(x.all.size());
    open->promises.push_back(promise);
    for (size_t i = 0; i < x.all.size(); ++i)
      search(x.all[i], [this, open, i](const lead_request&, found_leads& found) {
        open->found[i] = std::move(found);
        if (--open->missing == 0)
          deliver(open);
      });
    return promise;
  }

  /// In stepped time: answers how many are under way now.
  caf::result<uint64_t> serve_queue(uint64_t now_ms) {
    step_ms_ = std::max(step_ms_, now_ms);
    auto promise = self_->make_response_promise<uint64_t>();
    poll([promise](uint64_t some) mutable { promise.deliver(some); });
    return promise;
  }

  // ---- publishing -------------------------------------------------------------------------------

  caf::result<atom::done> ended(const attempt_ended& x) {
    step_ms_ = std::max(step_ms_, x.now_ms);
    log_end(x);
    act(flow_->publish_ended(x.number, x.how, x.now_ms));
    auto promise = self_->make_response_promise<atom::done>();
    when_settled([promise]() mutable { promise.deliver(atom::done_v); });
    return promise;
  }

  caf::result<publish_order> due(const publish_query& x) {
    step_ms_ = std::max(step_ms_, x.now_ms);
    act(flow_->tick(x.now_ms));
    auto promise = self_->make_response_promise<publish_order>();
    when_settled([this, promise]() mutable {
      publish_order order;
      order.record = flow_->record();
      if (flow_->publish_open()) {
        order.attempt = attempt_.number;
        order.trigger = attempt_.trigger;
      }
      promise.deliver(order);
    });
    return promise;
  }

  atom::done wanted(uint64_t now_ms) {
    act(flow_->publish_wanted(now_ms));
    return atom::done_v;
  }

  /// Live: time has passed, and the queue of requests is looked into.
  void wake() {
    act(flow_->tick(config_.unix_ms()));
    poll([this](uint64_t) {
      self_->delayed_send(self_, std::chrono::seconds(config_.rules.idle_s), atom::due_v);
    });
  }

  std::string describe() const {
    const auto due = flow_->due_ms();
    return json_object{}
      .add("state", name_of(flow_->state()))
      .add("requests", open_.size())
      .add("searches", searches_)
      .add("publish_open", flow_->publish_open())
      .add("attempt", attempt_.number)
      .raw("due_ms", due ? std::to_string(*due) : "null")
      .raw("record", json_of(flow_->record()))
      .text();
  }

private:
  void log_end(const attempt_ended& x) const {
    if (flow_->state() == curation_state::publishing)
      return spdlog::info(resume_line(x.how == publish_end::done));
    if (x.how != publish_end::failed)
      return spdlog::info(timer_completed_line());
    const auto delay_ms = pause_ms(config_.terms, flow_->record().failures + 1);
    for (const auto& line : timer_retrying_lines(x.why, delay_ms / 1000))
      spdlog::info(line);
  }

  uint64_t now_ms() const {
    return config_.stepped ? std::max(step_ms_, config_.start_ms) : config_.unix_ms();
  }

  static curation_result document_of(const lead_request& of, std::vector<lead> leads) {
    const auto now_us = static_cast<int64_t>(of.now_ms) * 1000;
    return {of.id, lead_time::of_text(iso_text(now_us)), std::move(leads)};
  }

  // -- finding

  using take_found = std::function<void(const lead_request&, found_leads&)>;

  /// `then` gets what was found, whatever goes wrong; a search that ends without an answer is tried
  /// again, `tries` times in all.
  void search(const lead_request& what, const take_found& then, int tries = 3) {
    if (auto before = stored_before(what.id)) {
      found_leads found{buy_outcome::delivered, "", std::move(*before), 0, 0, 0};
      return then(what, found);
    }
    ++searches_;
    lead_search_actor actor;
    children_.add({"search " + what.id, restart_rule::temporary, [&] {
                     actor = spawn_lead_search(
                       self_->system(),
                       {config_.rules.miner_deadline_s * 1000, config_.stepped, config_.disposable},
                       {links_.disk, links_.roster, fallback_, ranker_});
                     return caf::actor_cast<caf::actor>(actor);
                   }});
    self_->request(actor, caf::infinite, what)
      .then(
        [this, what, then](found_leads& found) {
          --searches_;
          self_->observed().stats->count("asked", found.asked);
          self_->observed().stats->count("answered", found.answered);
          self_->observed().stats->count("dropped", found.dropped);
          then(what, found);
        },
        [this, what, then, tries](const caf::error& why) {
          --searches_;
          if (tries > 1)
            return search(what, then, tries - 1);
          found_leads none{buy_outcome::failed, sentence(why), {}, 0, 0};
          then(what, none);
        });
  }

  /// The leads of a request that was stored by an incarnation before this one.
  std::optional<std::vector<lead>> stored_before(const std::string& id) const {
    const auto row = tables::lead_results.find(*links_.disk, {id, 0});
    if (!row || !*row)
      return std::nullopt;
    return (*row)->document.leads;
  }

  /// All of a step at once, so that one publish covers them.
  void deliver(const std::shared_ptr<open_step_requests>& open) {
    const auto& all = open->all;
    open->missing = 1; // until all have begun
    const auto one_less = [open] {
      if (--open->missing > 0)
        return;
      open->done = true;
      for (auto& promise : std::exchange(open->promises, {}))
        promise.deliver(open->answers);
    };
    flow_actions actions;
    for (size_t i = 0; i < all.size(); ++i) {
      auto& found = open->found[i];
      if (found.outcome != buy_outcome::delivered) {
        open->answers[i] = {found.outcome, found.message, {}};
        continue;
      }
      ++open->missing;
      const bool stored = stored_before(all[i].id).has_value();
      const auto number = add({all[i], false, stored, document_of(all[i], std::move(found.leads)),
                               [open, i, one_less](buy_leads_answer x) {
                                 open->answers[i] = std::move(x);
                                 one_less();
                               }});
      append(actions, flow_->curated(number, all[i].now_ms));
    }
    act(std::move(actions));
    one_less();
  }

  /// What waits in the queue of requests, as far as there is space; `then` learns how many.
  void poll(std::function<void(uint64_t)> then) {
    const auto under_way = open_.size() + searches_;
    if (under_way >= curation_requests_max)
      return then(0);
    const own_fetch what{
      {{config_.own, ""}, lead_queue::requests, curation_requests_max - under_way}, now_ms()};
    self_->request(links_.queues, caf::infinite, what)
      .then(
        [this, then](const std::vector<leased_item>& items) {
          for (const auto& x : items)
            serve_queued(x);
          then(items.size());
        },
        [then](const caf::error& why) {
          spdlog::warn("requests for leads cannot be fetched: {}", sentence(why));
          then(0);
        });
  }

  /// Without leads its lease expires, and it is tried again.
  void serve_queued(const leased_item& x) {
    search({x.id, x.num_leads, x.business_desc, now_ms()},
           [this](const lead_request& of, found_leads& found) {
             if (found.outcome != buy_outcome::delivered)
               return spdlog::warn("request {}: {}", of.id, found.message);
             begin({of, true, stored_before(of.id).has_value(),
                    document_of(of, std::move(found.leads)), [](const buy_leads_answer&) {}});
           });
  }

  // -- store, reply, publish, resume

  uint64_t add(open_curation x) {
    const auto number = ++last_;
    open_.emplace(number, std::move(x));
    return number;
  }

  void begin(open_curation x) {
    const auto now = now_ms();
    act(flow_->curated(add(std::move(x)), now));
  }

  static void append(flow_actions& to, flow_actions more) {
    to.insert(to.end(), more.begin(), more.end());
  }

  void act(flow_actions actions) {
    todo_.insert(todo_.end(), actions.begin(), actions.end());
    go_on();
  }

  /// In order: nothing is stored before sourced leads have stopped.
  void go_on() {
    if (std::exchange(acting_, true))
      return;
    while (!todo_.empty() && !gate_open_) {
      const auto next = todo_.front();
      todo_.pop_front();
      do_one(next);
    }
    acting_ = false;
    if (!todo_.empty() || gate_open_)
      return;
    for (auto& then : std::exchange(settled_, {}))
      then();
  }

  void when_settled(std::function<void()> then) {
    settled_.push_back(std::move(then));
    go_on();
  }

  void do_one(const flow_action& x) {
    using kind = flow_action::kind;
    switch (x.what) {
    case kind::store:
      stores_.push_back(x.request);
      if (stores_.size() == 1)
        store_first();
      return;
    case kind::reply:
      return reply(x.request);
    case kind::reply_error:
      return reply_error(x.request);
    case kind::publish:
      attempt_ = {x.number, x.trigger};
      spdlog::info(x.trigger == publish_trigger::curated ? trigger_line() : timer_starting_line());
      return;
    case kind::pause_sourced:
      return turn_gate(false);
    case kind::resume_sourced:
      return turn_gate(true);
    }
  }

  void turn_gate(bool open) {
    gate_open_ = true;
    const auto go = [this] {
      gate_open_ = false;
      go_on();
    };
    self_->request(links_.intake, caf::infinite, intake_gate{intake_holder::curation, open})
      .then([go](atom::done) { go(); }, [go](const caf::error&) { go(); }); // it is restarted
  }

  /// One at a time: each continues the numbers of the one before.
  void store_first() {
    const auto number = stores_.front();
    const auto at = open_.find(number);
    if (at == open_.end())
      return store_next();
    const auto& x = at->second;
    if (x.stored && !x.queued)
      return stored(number);
    storage::result_writer writer{*links_.disk, x.queued ? "route" : "curation"};
    if (const auto added = writer.add(x.result, x.what.now_ms); !added)
      return not_stored(number, added.error().what);
    auto writes = writer.take();
    auto record = flow_->record();
    record.pending = true; // durable with the leads that a publish has to cover
    tables::lead_flow.put(writes, tables::lead_flow_key, record);
    const auto good = [this, number](atom::done) { stored(number); };
    const auto bad = [this, number](const caf::error& why) { not_stored(number, sentence(why)); };
    if (x.queued)
      self_
        ->request(
          links_.queues, caf::infinite,
          own_result{
            {{config_.own, "own-" + x.what.id}, lead_queue::requests, x.what.id, x.result.leads},
            std::move(writes),
            x.what.now_ms})
        .then(good, bad);
    else
      self_->request(links_.storage_writer, caf::infinite, std::move(writes)).then(good, bad);
  }

  void store_next() {
    stores_.pop_front();
    if (!stores_.empty())
      store_first();
  }

  void stored(uint64_t number) {
    self_->observed().stats->count("stored");
    act(flow_->stored(number, now_ms()));
    store_next();
  }

  void not_stored(uint64_t number, const std::string& why) {
    spdlog::warn("leads cannot be stored: {}", why);
    if (const auto at = open_.find(number); at != open_.end())
      at->second.result.leads.clear();
    trouble_ = why;
    act(flow_->store_failed(number, now_ms()));
    store_next();
  }

  void reply(uint64_t number) {
    if (auto x = open_.extract(number)) {
      self_->observed().stats->count("delivered");
      self_->observed().stats->count("leads_delivered", x.mapped().result.leads.size());
      x.mapped().reply({buy_outcome::delivered, "", std::move(x.mapped().result.leads)});
    }
    act(flow_->replied(number, now_ms()));
  }

  void reply_error(uint64_t number) {
    if (auto x = open_.extract(number))
      x.mapped().reply({buy_outcome::failed, "the leads could not be stored: " + trouble_, {}});
  }

  observed_plain_pointer<curation_actor> self_;
  curation_config config_;
  curation_links links_;
  std::optional<curation_flow> flow_;
  open_attempt attempt_; // that is open, or was last
  lead_fallback_actor fallback_;
  lead_ranker_actor ranker_;
  std::map<uint64_t, open_curation> open_; // by the flow's number
  uint64_t last_ = 0;                      // of these numbers
  uint64_t bought_ = 0;
  uint64_t searches_ = 0;
  uint64_t step_ms_ = 0;                     // the latest that a step stated
  std::shared_ptr<open_step_requests> step_; // the last one's requests; null: none yet
  std::deque<flow_action> todo_;
  bool acting_ = false;
  bool gate_open_ = false; // the intake was asked and has not answered
  std::vector<std::function<void()>> settled_;
  std::deque<uint64_t> stores_; // the first is under way
  std::string trouble_;         // of the last store that failed
  supervisor children_;
};

curation_actor::behavior_type
curation_behavior(observed_pointer<curation_actor, curation_actor_state> self,
                  curation_config config, curation_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const buy_leads_message& x) { state.buy(x); },
    [&state](const step_requests& x) { return state.serve(x); },
    [&state](atom::advance, uint64_t now_ms) { return state.serve_queue(now_ms); },
    [&state](const attempt_ended& x) { return state.ended(x); },
    [&state](const publish_query& x) { return state.due(x); },
    [&state](atom::publish, uint64_t now_ms) { return state.wanted(now_ms); },
    [&state](atom::due) { state.wake(); },
  };
}

} // namespace

curation_actor
spawn_curation(caf::actor_system& system, curation_config config, curation_links links) {
  return system.spawn(curation_behavior, std::move(config), std::move(links));
}

} // namespace sluice
