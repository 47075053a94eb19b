#include "actors/liquidity/round.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/miner_session.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/json_text.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/question.hpp"
#include "rules/liquidity/score.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace sluice {

namespace {

/// One miner's place in the round.
struct participant {
  miner_session_actor session;
  miner_actor handle;  // that the session asks
  prediction record;   // its plan grows with every accepted answer
  plan_outcome stands; // of the plan so far, at the checkpoint that is open
  bool in = true;      // still asked
};

class round_state {
public:
  static inline const char* name = "round";

  explicit round_state(observed_plain_pointer<round_actor> self)
    : self_(self), sessions_(self, {.restarts_max = 0}) {} // one that fails cannot answer any more

  void setup(round_config config, round_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
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
    simulate(call.market, still_in(), [this](simulation_result& done, const auto& who) {
      for (size_t i = 0; i < who.size(); ++i) {
        auto& place = participants_.at(who[i]);
        if (!done.outcomes[i]) {
          drop(place, miner_verdict::failed, done.outcomes[i].error().what);
          continue;
        }
        place.stands = *std::move(done.outcomes[i]);
      }
      for (const auto uid : asking_order(still_in(), config_.id, call_.block))
        question(uid, participants_.at(uid));
      one_less(0);
    });
    return promise_;
  }

  /// Everybody who answered to the end is scored; a live round always reports what became of the
  /// vault.
  caf::result<round_outcome> close(std::shared_ptr<const window> market) {
    closing_ = self_->make_response_promise<round_outcome>();
    std::vector<miner_uid> who;
    for (const auto& [uid, place] : participants_)
      if (place.in || live())
        who.push_back(uid);
    simulate(market, who,
             [this](simulation_result& done, const auto& players) { report(done, players); });
    return closing_;
  }

  std::string describe() const {
    json_list places;
    for (const auto& [uid, place] : participants_)
      places.raw(json_object{}
                   .add("uid", uid.value)
                   .add("hotkey", place.record.key.value)
                   .add("in", place.in)
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
    record.verdict = miner_verdict::scored;
    record.what.start = config_.job.start;
    record.what.positions = config_.job.start_positions;
    record.what.staked = config_.job.staked;
  }

  /// Who came back is asked by its new handle, who is new held the start until now, who was sent
  /// away is out. A slot under another hotkey is another miner: not in this round.
  void reconcile(const std::vector<roster_entry>& miners) {
    std::map<miner_uid, const roster_entry*> there;
    for (const auto& entry : miners)
      there[entry.uid] = &entry;
    for (auto& [uid, place] : participants_) {
      const auto found = there.extract(uid);
      if (!place.in)
        continue;
      if (found.empty() || found.mapped()->key != place.record.key) {
        drop(place, miner_verdict::failed, "the miner was sent away");
      } else if (const auto& handle = found.mapped()->handle; handle != place.handle) {
        place.handle = handle;
        self_->send(place.session, handle);
      }
    }
    for (const auto& [uid, entry] : there)
      if (entry->seen)
        add_participant(*entry);
  }

  std::vector<miner_uid> still_in() const {
    std::vector<miner_uid> who;
    for (const auto& [uid, place] : participants_)
      if (place.in)
        who.push_back(uid);
    return who;
  }

  template <class F>
  void simulate(const std::shared_ptr<const window>& market, std::vector<miner_uid> who, F then) {
    simulation work{market, {}, config_.job.model, config_.job.positions_max};
    for (auto uid : who)
      work.plans.push_back(participants_.at(uid).record.what);
    self_->request(links_.simulators, caf::infinite, std::move(work))
      .then([then, who](simulation_result& done) { then(done, who); },
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
    place.record.response_us = answer.response_us;
    if (answer.kind == answer_kind::failed)
      drop(place, miner_verdict::failed, std::move(answer.note));
    else if (read(uid, place, answer.body))
      return; // the executor answers later
    one_less();
  }

  /// True when another actor will report the outcome.
  bool read(miner_uid uid, participant& place, const miner_body& body) {
    auto reply = net::answer_in(body);
    const auto why = reply ? reply_fault(*reply) : reply.error().what;
    if (!why.empty()) {
      drop(place, miner_verdict::failed, "undecodable reply: " + why);
      return false;
    }
    if (!reply->accepted) {
      place.record.refusal = reply->refusal_reason;
      drop(place, miner_verdict::refused, "refused: " + reply->refusal_reason);
      return false;
    }
    place.record.accepted = true;
    return validate(uid, place, std::move(reply->desired_positions));
  }

  /// True when another actor will report the outcome.
  bool validate(miner_uid uid, participant& place, std::vector<desired_position> desired) {
    const auto why
      = proposal_fault(desired, call_.market->terms, place.stands.end, config_.job.positions_max);
    if (!why.empty()) {
      place.record.invalid.push_back({call_.block, why});
      self_->send(place.session,
                  miner_notice{std::string{liquidity_name},
                               net::notice_body(proposal_refused{config_.id, call_.block, why}),
                               true});
      return false;
    }
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
            ++execution_failed_;
            record.note = "execution failed: " + x.error;
          }
          one_less();
        },
        [this](const caf::error& why) { self_->quit(why); });
  }

  void drop(participant& place, miner_verdict verdict, std::string note) {
    place.in = false;
    place.record.verdict = verdict;
    place.record.note = std::move(note);
  }

  void one_less(size_t n = 1) {
    waiting_ -= n;
    if (waiting_ == 0 && promise_.pending())
      promise_.deliver(atom::done_v);
  }

  void report(simulation_result& done, const std::vector<miner_uid>& players) {
    round_outcome all;
    for (size_t i = 0; i < players.size(); ++i) {
      auto& place = participants_.at(players[i]);
      if (!done.outcomes[i]) {
        drop(place, miner_verdict::failed, done.outcomes[i].error().what);
        continue;
      }
      if (live())
        all.vault = *done.outcomes[i];
      if (place.in) {
        place.record.score = score(done.outcomes[i]->metrics, config_.job.scoring);
        place.record.outcome = *std::move(done.outcomes[i]);
      }
    }
    std::vector<contender> field;
    for (auto& [uid, place] : participants_) {
      auto& record = place.record;
      if (record.note.empty() && !record.invalid.empty())
        record.note = "invalid: " + record.invalid.back().reason;
      if (place.in)
        field.push_back({uid, record.score, combined_before(record.key)});
      all.results.push_back({uid, record.key, record.verdict, record.score,
                             static_cast<uint32_t>(record.invalid.size()), record.note});
      all.predictions.push_back(record);
    }
    all.ranking = rank(std::move(field));
    all.executions = executed_;
    all.executions_failed = execution_failed_;
    closing_.deliver(std::move(all));
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
