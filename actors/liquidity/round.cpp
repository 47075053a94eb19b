#include "actors/liquidity/round.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/miner_session.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/json_text.hpp"
#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/judgement.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/question.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/baseline.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace sluice {

namespace {

/// One miner's place in the round. Whatever becomes of its questions, its plan is scored to the end
/// unless it refused the round.
struct participant {
  miner_session_actor session;
  miner_actor handle;   // that the session asks; null: it is away
  prediction record;    // its plan grows with every accepted answer
  plan_outcome stands;  // of the plan so far, at the checkpoint that is open
  bool asks = true;     // it is still asked when it is there
  bool refused = false; // the round, at its opening
};

class round_state {
public:
  static inline const char* name = "round";

  explicit round_state(observed_plain_pointer<round_actor> self)
    : self_(self), sessions_(self, {.restarts_max = 0}) {} // one that fails cannot answer any more

  void setup(round_config config, round_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    if (live())
      return add_candidate();
    for (const auto& entry : links_.miners)
      if (entry.seen)
        add_participant(entry);
  }

  /// Where does everybody stand? Then ask everybody at once.
  caf::result<atom::done> ask(const checkpoint_call& call) {
    call_ = call;
    promise_ = self_->make_response_promise<atom::done>();
    if (call.miners)
      reconcile(*call.miners);
    ask_those_who_are_there();
    return promise_;
  }

  /// Everybody who did not refuse is scored; a live round reports what became of the vault.
  caf::result<round_outcome> close(std::shared_ptr<const window> market) {
    closing_ = self_->make_response_promise<round_outcome>();
    std::vector<miner_uid> who;
    std::vector<plan> plans;
    for (const auto& [uid, place] : participants_)
      if (!place.refused) {
        who.push_back(uid);
        plans.push_back(place.record.what);
      }
    // Behind them what they are judged by: the vault's own plan, and each miner's baseline.
    const auto kept = untouched();
    plans.push_back(kept);
    for (const auto uid : who)
      plans.push_back(baseline_plan(kept, config_.owners, participants_.at(uid).record.key,
                                    market->start.sqrt_price_x96));
    simulate(market, std::move(plans), round_options(config_.job),
             [this, who](simulation_result& done) { report(done, who); });
    return closing_;
  }

  std::string describe() const {
    json_list places;
    for (const auto& [uid, place] : participants_)
      places.raw(json_object{}
                   .add("uid", uid.value)
                   .add("hotkey", place.record.key.value)
                   .add("in", place.asks)
                   .add("invalid", place.record.invalid.size())
                   .add("rebalances", place.record.what.rebalances.size())
                   .add("note", place.record.note)
                   .text());
    return json_object{}
      .add("job", config_.id.job.value)
      .add("live", live())
      .add("number", config_.id.number.value)
      .add("from", config_.start_block)
      .add("asked_at", call_.block)
      .add("answers_missing", waiting_)
      .raw("miners", places.text())
      .text();
  }

private:
  bool live() const { return config_.id.kind == round_kind::live; }

  miner_session_config manner() const {
    return {std::chrono::milliseconds{config_.job.reply_timeout_ms}, config_.stepped};
  }

  void add_participant(const roster_entry& entry) {
    auto& place = participants_[entry.uid];
    place.handle = entry.handle;
    sessions_.add({"session-" + std::to_string(entry.uid.value), restart_rule::permanent, [&] {
                     place.session = spawn_miner_session(self_->system(), manner(), entry.handle);
                     return caf::actor_cast<caf::actor>(place.session);
                   }});
    auto& record = place.record;
    record.round = config_.id;
    record.uid = entry.uid;
    record.key = entry.key;
    record.verdict = miner_verdict::failed;
    record.what = untouched();
  }

  /// Live: the next one who may play, if there is one.
  void add_candidate() {
    while (candidate_ < links_.miners.size()) {
      const auto& entry = links_.miners[candidate_++];
      if (entry.seen)
        return add_participant(entry);
    }
  }

  plan untouched() const {
    const auto& job = config_.job;
    return {job.start, job.start_positions, {}, {}, job.staked};
  }

  /// Who came back is asked by its new handle; who is away, was sent away or whose slot another
  /// hotkey has taken is not asked, and its plan is kept. Who is new waits for the next round.
  void reconcile(const std::vector<roster_entry>& miners) {
    std::map<miner_uid, const roster_entry*> there;
    for (const auto& entry : miners)
      there[entry.uid] = &entry;
    for (auto& [uid, place] : participants_) {
      const auto found = there.find(uid);
      const bool same = found != there.end() && found->second->key == place.record.key;
      const auto handle = same ? found->second->handle : miner_actor{};
      if (handle == place.handle)
        continue;
      place.handle = handle;
      if (handle)
        self_->send(place.session, handle);
    }
  }

  void ask_those_who_are_there() {
    std::vector<miner_uid> who;
    std::vector<plan> plans;
    for (auto& [uid, place] : participants_) {
      if (!place.asks)
        continue;
      if (!place.handle) {
        place.record.note = "it was away at block " + std::to_string(call_.block);
        continue;
      }
      who.push_back(uid);
      plans.push_back(place.record.what);
    }
    if (who.empty())
      return one_less(0);
    simulate(call_.market, std::move(plans), {}, [this, who](simulation_result& done) {
      std::vector<miner_uid> asked;
      for (size_t i = 0; i < who.size(); ++i) {
        auto& place = participants_.at(who[i]);
        if (!done.outcomes[i]) {
          place.asks = false;
          place.record.note = done.outcomes[i].error().what;
          continue;
        }
        place.stands = *std::move(done.outcomes[i]);
        asked.push_back(who[i]);
      }
      for (const auto uid : asking_order(asked, config_.id, call_.block))
        question(uid, participants_.at(uid));
      one_less(0);
    });
  }

  template <class F>
  void simulate(const std::shared_ptr<const window>& market, std::vector<plan> plans,
                const evaluation_options& how, F then) {
    simulation work{market, std::move(plans), config_.job.model, config_.job.positions_max, how};
    self_->request(links_.simulators, caf::infinite, std::move(work))
      .then([then](simulation_result& done) { then(done); },
            [this](const caf::error& why) { self_->quit(why); });
  }

  void question(miner_uid uid, participant& place) {
    auto terms = call_.market->terms;
    terms.fee = current_fee(*call_.market);
    auto query = question_at(call_.block, config_.job, config_.id, terms, place.stands);
    const auto deadline_ms = query.deadline_ms;
    ++waiting_;
    self_
      ->request(place.session, caf::infinite,
                miner_question{std::string{liquidity_name}, net::question_body(std::move(query)),
                               deadline_ms})
      .then([this, uid](session_answer& answer) { received(uid, std::move(answer)); },
            [this](const caf::error& why) { self_->quit(why); });
  }

  void received(miner_uid uid, session_answer answer) {
    auto& place = participants_.at(uid);
    place.record.response_us += answer.response_us;
    if (answer.kind == answer_kind::failed)
      note(place, answer_result::silent, std::move(answer.note));
    else if (read(uid, place, answer))
      return; // the executor answers later
    one_less();
  }

  /// True when another actor will report the outcome.
  bool read(miner_uid uid, participant& place, const session_answer& answer) {
    auto reply = net::answer_in(answer.body);
    const auto why = reply ? reply_fault(*reply) : reply.error().what;
    if (!why.empty()) {
      note(place, answer_result::undecodable, "undecodable reply: " + why);
      return false;
    }
    if (!reply->accepted)
      return refuse(place, reply->refusal_reason, answer.response_us);
    place.record.accepted = true;
    return validate(uid, place, std::move(reply->desired_positions));
  }

  /// A round is refused at its opening and soon; later a refusal only ends the questions. True when
  /// the next candidate was asked in its place.
  bool refuse(participant& place, const std::string& reason, uint64_t took) {
    const auto& job = config_.job;
    const auto allowed = job.opening_seconds > 0 ? job.opening_seconds : job.block_seconds;
    place.asks = false;
    place.refused = refuses_round(call_.opening, took, allowed, config_.speed);
    if (place.refused)
      place.record.refusal = reason;
    note(place, answer_result::refused,
         place.refused ? "refused: " + reason
                       : "refused at block " + std::to_string(call_.block)
                           + ", too late: its plan is kept: " + reason);
    if (!place.refused || !live() || job.fallback != live_fallback::next)
      return false;
    const auto before = participants_.size();
    add_candidate();
    if (participants_.size() == before)
      return false;
    --waiting_; // for who refused; the next one is waited for
    ask_those_who_are_there();
    return true;
  }

  /// True when another actor will report the outcome.
  bool validate(miner_uid uid, participant& place, std::vector<desired_position> desired) {
    const auto why
      = proposal_fault(desired, call_.market->terms, place.stands.end, config_.job.positions_max);
    if (!why.empty()) {
      place.record.invalid.push_back({call_.block, why});
      note(place, answer_result::invalid, "invalid: " + why);
      self_->send(place.session,
                  miner_notice{std::string{liquidity_name},
                               net::notice_body(proposal_refused{config_.id, call_.block, why}),
                               true});
      return false;
    }
    place.record.questions.push_back({call_.block, answer_result::accepted});
    if (!live()) {
      apply(place.record.what, call_.block, call_.opening, std::move(desired));
      return false;
    }
    if (!compare(place.stands.end.positions, desired).changes())
      return false;
    execute(uid, place, std::move(desired));
    return true;
  }

  /// What was achieved counts, not what was asked for: a failed execution is never part of the
  /// plan.
  void execute(miner_uid uid, participant& place, std::vector<desired_position> desired) {
    execution_order order{config_.id,        uid,     call_.block,       call_.market,
                          place.record.what, desired, config_.job.model, config_.job.positions_max};
    apply(order.so_far, call_.block, call_.opening, desired);
    self_->request(links_.executor, caf::infinite, std::move(order))
      .then(
        [this, uid](const live_execution& x) {
          auto& record = participants_.at(uid).record;
          if (x.status == execution_status::mined) {
            ++executed_;
            apply(record.what, call_.block, call_.opening, x.asked);
          } else {
            execution_failed_ += x.chain_failed ? 1 : 0;
            record.note = "execution failed: " + x.error;
          }
          one_less();
        },
        [this](const caf::error& why) { self_->quit(why); });
  }

  void note(participant& place, answer_result what, std::string text) {
    place.record.questions.push_back({call_.block, what});
    place.record.note = std::move(text);
  }

  void one_less(size_t n = 1) {
    waiting_ -= n;
    if (waiting_ == 0 && promise_.pending())
      promise_.deliver(atom::done_v);
  }

  /// `done` has the plans of `who`, then the vault's own, then their baselines.
  void report(simulation_result& done, const std::vector<miner_uid>& who) {
    const auto& outcomes = done.outcomes;
    const auto& kept = outcomes.at(who.size());
    if (!kept)
      return self_->quit(to_error(kept.error()));
    round_outcome all;
    std::optional<double> played; // live: what entered for who played
    for (size_t i = 0; i < who.size(); ++i) {
      const auto& baseline = outcomes.at(who.size() + 1 + i);
      if (!outcomes[i] || !baseline)
        return self_->quit(to_error((outcomes[i] ? baseline : outcomes[i]).error()));
      auto& record = participants_.at(who[i]).record;
      record.verdict = verdict_of(false, record.questions);
      const auto found = judge_round(record.verdict, outcomes[i]->metrics,
                                     {kept->metrics, baseline->metrics}, config_.job.scoring);
      record.score = found.score;
      record.baseline = found.baseline;
      record.entered = played = found.entered;
      if (record.verdict == miner_verdict::scored)
        record.outcome = *outcomes[i];
      if (live()) {
        all.vault = *outcomes[i];
        all.winner = who[i];
      }
    }
    for (auto& [uid, place] : participants_)
      if (place.refused) {
        place.record.verdict = miner_verdict::refused;
        if (live())
          place.record.entered = refusal_price(played, kept->metrics, config_.job.scoring);
      }
    add_results(all);
    closing_.deliver(std::move(all));
  }

  void add_results(round_outcome& all) {
    std::vector<contender> field;
    for (auto& [uid, place] : participants_) {
      auto& record = place.record;
      all.asked += record.questions.size();
      if (record.verdict == miner_verdict::scored)
        field.push_back({uid, record.score, combined_before(record.key), !record.invalid.empty(),
                         record.key == config_.incumbent});
      all.results.push_back({uid, record.key, record.verdict, record.score,
                             static_cast<uint32_t>(record.invalid.size()), record.note,
                             record.entered});
      all.predictions.push_back(record);
    }
    all.ranking = rank(std::move(field));
    if (!live())
      all.winner = winner_of(all.ranking, all.results, current_rules);
    all.executions = executed_;
    all.executions_failed = execution_failed_;
  }

  double combined_before(const hotkey& key) const {
    const auto i = config_.combined_before.find(key);
    return i == config_.combined_before.end() ? 0 : i->second;
  }

  round_actor::pointer self_;
  round_config config_;
  round_links links_;
  std::map<miner_uid, participant> participants_;
  supervisor sessions_;
  checkpoint_call call_;
  size_t waiting_ = 0;
  size_t candidate_ = 0; // live: the next of links_.miners
  uint32_t executed_ = 0;
  uint32_t execution_failed_ = 0;
  caf::typed_response_promise<atom::done> promise_;
  caf::typed_response_promise<round_outcome> closing_;
};

round_actor::behavior_type round_behavior(observed_pointer<round_actor, round_state> self,
                                          round_config config, round_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const checkpoint_call& call) { return state.ask(call); },
    [&state](atom::closing, const std::shared_ptr<const window>& market) {
      return state.close(market);
    },
  };
}

} // namespace

void count_answers(const round_outcome& outcome, actor_stats& stats) {
  for (const auto& x : outcome.results) {
    stats.count("miners_asked");
    stats.count(x.verdict == miner_verdict::scored    ? "miners_scored"
                : x.verdict == miner_verdict::refused ? "miners_refused"
                                                      : "miners_failed");
    stats.count("proposals_invalid", x.invalid);
  }
}

std::string actor_name_of(const round_id& id) {
  return std::string{id.kind == round_kind::live ? "round-live-" : "round-evaluation-"}
         + std::to_string(id.number.value);
}

round_actor spawn_round(caf::actor_system& system, round_config config, round_links links) {
  return system.spawn(round_behavior, std::move(config), std::move(links));
}

} // namespace sluice
