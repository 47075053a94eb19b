#include "actors/leads/search.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/leads/survey.hpp"
#include "actors/roster.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/delivery.hpp"
#include "rules/leads/intake.hpp"
#include "rules/leads/name.hpp"
#include "storage/leads/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <iterator>
#include <utility>

namespace sluice {

namespace {

constexpr const char* no_lead_miners
  = "no miners: nobody is connected who could be asked for leads";

class lead_search_state {
public:
  static inline const char* name = "lead_search";

  explicit lead_search_state(observed_plain_pointer<lead_search_actor> self)
    : self_(self), children_(self, {.restarts_max = 0}) {}

  void setup(search_config config, search_links links) {
    config_ = config;
    links_ = std::move(links);
  }

  caf::result<found_leads> find(const lead_request& x) {
    if (!request_.id.empty())
      return to_error({ec::busy, "a search finds once"});
    request_ = x;
    promise_ = promised_answer<found_leads>{self_};
    self_->request(links_.roster, caf::infinite, atom::roster_v)
      .then([this](std::vector<roster_entry>& all) { ask_connected(std::move(all)); },
            [this](const caf::error& why) { fail(why); });
    return promise_.promise();
  }

  std::string describe() const {
    return json_object{}
      .add("request", request_.id)
      .add("asked", found_.asked)
      .add("answered", found_.answered)
      .text();
  }

private:
  lead_question question() const {
    return {request_.id, request_.num_leads, request_.business_desc, config_.deadline_ms};
  }

  /// Whoever asked may try again.
  void fail(const caf::error& why) {
    promise_.deliver(why);
    self_->quit();
  }

  void ask_connected(std::vector<roster_entry> all) {
    all = playing(std::move(all), leads_name);
    lead_survey_actor survey;
    children_.add({"survey", restart_rule::temporary, [&] {
                     survey = spawn_lead_survey(self_->system(), {config_.stepped}, std::move(all));
                     return caf::actor_cast<caf::actor>(survey);
                   }});
    self_->request(survey, caf::infinite, question())
      .then(
        [this](lead_answers& answers) {
          take(std::move(answers));
          if (leads_.empty() && links_.fallback)
            return ask_polling();
          rank();
        },
        [this](const caf::error& why) { fail(why); });
  }

  void ask_polling() {
    self_->request(links_.fallback, caf::infinite, question())
      .then(
        [this](lead_answers& answers) {
          take(std::move(answers));
          rank();
        },
        [this](const caf::error& why) {
          spdlog::warn("miners that poll cannot be asked: {}", sentence(why));
          rank();
        });
  }

  /// What the disk cannot state counts as unknown: the miner's own word then.
  std::string source_of(const std::string& ident) const {
    const auto known = storage::tables::lead_pool.find(*links_.disk, ident);
    return known && *known ? (*known)->submitted_by : std::string{};
  }

  void take(lead_answers answers) {
    found_.asked += answers.asked;
    found_.answered += answers.answers.size();
    const auto now_us = static_cast<int64_t>(request_.now_ms) * 1000;
    for (auto& x : answers.answers) {
      auto own = attributed(std::move(x.leads), x.key, now_us,
                            [this](const std::string& ident) { return source_of(ident); });
      found_.dropped
        += drop_unfit(own, config_.disposable ? *config_.disposable : usual_disposable_domains());
      leads_.insert(leads_.end(), std::move_iterator{own.begin()}, std::move_iterator{own.end()});
    }
  }

  void rank() {
    if (leads_.empty())
      return found_.asked == 0 ? finish(buy_outcome::no_miners, no_lead_miners)
                               : finish(buy_outcome::timeout, nobody_answered());
    if (!links_.ranker)
      return rank_by_score();
    self_
      ->request(links_.ranker, caf::infinite,
                ranking{leads_, request_.num_leads, request_.business_desc})
      .then(
        [this](std::vector<lead>& best) {
          found_.leads = std::move(best);
          if (found_.leads.empty())
            return finish(buy_outcome::failed, "the ranking program left no lead");
          finish(buy_outcome::delivered, "");
        },
        [this](const caf::error& why) {
          spdlog::warn("leads are ranked by conversion score: {}", sentence(why));
          rank_by_score();
        });
  }

  void rank_by_score() {
    found_.leads = best_leads(leads_, request_.num_leads);
    finish(buy_outcome::delivered, "");
  }

  std::string nobody_answered() const {
    return "no leads: none of " + std::to_string(found_.asked) + " miners answered with any within "
           + std::to_string(config_.deadline_ms / 1000) + " s"
           + (found_.dropped == 0
                ? ""
                : "; " + std::to_string(found_.dropped) + " of theirs did not pass the checks");
  }

  void finish(buy_outcome how, std::string message) {
    found_.outcome = how;
    found_.message = std::move(message);
    promise_.deliver(found_);
    self_->quit();
  }

  observed_plain_pointer<lead_search_actor> self_;
  search_config config_;
  search_links links_;
  lead_request request_;
  found_leads found_;
  std::vector<lead> leads_; // by arrival
  promised_answer<found_leads> promise_;
  supervisor children_;
};

lead_search_actor::behavior_type
lead_search_behavior(observed_pointer<lead_search_actor, lead_search_state> self,
                     search_config config, search_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(config, std::move(links));
  return {
    [&state](const lead_request& x) { return state.find(x); },
  };
}

} // namespace

lead_search_actor
spawn_lead_search(caf::actor_system& system, search_config config, search_links links) {
  return system.spawn(lead_search_behavior, config, std::move(links));
}

} // namespace sluice
