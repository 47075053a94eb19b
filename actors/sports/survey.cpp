#include "actors/sports/survey.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/roster.hpp"
#include "net/sports/bodies.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace sluice {

namespace {

/// One question under way; the first of answer, error and fence closes it.
struct open_sports_question {
  roster_entry who;
  bool open = true;
};

/// What one miner answered, until it is handed in.
struct sports_answer_of {
  roster_entry who;
  std::vector<prediction_claim> claims;
};

/// One survey, until everybody is through.
struct open_sports_survey {
  int64_t now_us = 0;
  sports_offer offer;
  sports_surveyed seen;
  size_t missing = 0; // answers, then answers of the intake
  std::vector<sports_answer_of> answers;
  std::vector<caf::typed_response_promise<sports_surveyed>> promises;
};

class sports_survey_state {
public:
  static inline const char* name = "sports_survey";

  explicit sports_survey_state(observed_plain_pointer<sports_survey_actor> self) : self_(self) {}

  void setup(sports_survey_config config, sports_survey_links links) {
    config_ = config;
    links_ = std::move(links);
  }

  caf::result<sports_surveyed> ask(const sports_survey_call& call) {
    auto promise = self_->make_response_promise<sports_surveyed>();
    if (open_) {
      open_->promises.push_back(promise);
      return promise;
    }
    open_ = std::make_shared<open_sports_survey>();
    open_->now_us = call.now_us;
    open_->promises.push_back(promise);
    ask_or(
      self_, failing(open_), links_.intake,
      [this, survey = open_](sports_offer& offer) {
        survey->offer = std::move(offer);
        if (survey->offer.games.empty())
          return finish(survey);
        ask_or(
          self_, failing(survey), links_.roster,
          [this, survey](const std::vector<roster_entry>& all) { ask_all(survey, all); },
          atom::roster_v);
      },
      sports_offer_query{call.now_us});
    return promise;
  }

  std::string describe() const {
    return json_object{}
      .add("under_way", open_ != nullptr)
      .add("missing", open_ ? open_->missing : 0)
      .raw("last", json_of(last_))
      .text();
  }

private:
  using survey_pointer = std::shared_ptr<open_sports_survey>;

  /// A deadline on a machine far away is kept by its peer; a little later nobody is waited for.
  static constexpr std::chrono::seconds sports_patience{5};

  std::function<void(const caf::error&)> failing(const survey_pointer& survey) {
    return [this, survey](const caf::error& why) {
      if (open_ == survey)
        open_ = nullptr;
      for (auto& x : survey->promises)
        x.deliver(why);
    };
  }

  void finish(const survey_pointer& survey) {
    if (open_ == survey)
      open_ = nullptr;
    last_ = survey->seen;
    for (auto& x : survey->promises)
      x.deliver(survey->seen);
  }

  void ask_all(const survey_pointer& survey, const std::vector<roster_entry>& all) {
    auto miners = playing(all, sports_name);
    std::erase_if(miners, [](const roster_entry& x) { return !x.handle; });
    survey->seen.asked = survey->missing = miners.size();
    if (miners.empty())
      return finish(survey);
    for (const auto& x : miners)
      ask_one(survey, x);
  }

  nano left_today(const open_sports_survey& survey, const hotkey& key) const {
    const auto spent = survey.offer.wagered_today.find(key);
    return std::max<nano>(0, config_.daily_limit
                               - (spent == survey.offer.wagered_today.end() ? 0 : spent->second));
  }

  void ask_one(const survey_pointer& survey, const roster_entry& who) {
    auto question = std::make_shared<open_sports_question>(open_sports_question{who, true});
    const auto failed
      = [this, survey, question](const caf::error&) { close(survey, *question, nullptr); };
    const auto timeout
      = config_.stepped
          ? caf::duration{caf::infinite}
          : caf::duration{std::chrono::milliseconds(config_.deadline_ms) + sports_patience};
    const sports_question what{survey->now_us, left_today(*survey, who.key), survey->offer.games,
                               config_.deadline_ms};
    self_
      ->request(
        who.handle, timeout,
        miner_question{std::string{sports_name}, net::sports_question_body(what), what.deadline_ms})
      .then(
        [this, survey, question](const miner_answer& answer) {
          auto inside = net::sports_answer_in(answer.body);
          close(survey, *question, inside ? &*inside : nullptr);
        },
        failed);
    self_->request(who.handle, timeout, atom::fence_v)
      .then([this, survey, question](atom::done) { close(survey, *question, nullptr); }, failed);
  }

  /// `answer`: null when there is none that can be read.
  void
  close(const survey_pointer& survey, open_sports_question& question, sports_predictions* answer) {
    if (!std::exchange(question.open, false))
      return;
    if (answer) {
      ++survey->seen.answered;
      if (!answer->predictions.empty())
        survey->answers.push_back({question.who, std::move(answer->predictions)});
    }
    --survey->missing;
    if (!config_.stepped)
      hand_in_all(survey);
    else if (survey->missing == 0)
      hand_in_by_uid(survey);
  }

  // -- as they come

  void hand_in_all(const survey_pointer& survey) {
    for (auto& x : std::exchange(survey->answers, {})) {
      ++survey->missing;
      hand_in(survey, std::move(x), 0, [this, survey] {
        if (--survey->missing == 0)
          finish(survey);
      });
    }
    if (survey->missing == 0)
      finish(survey);
  }

  // -- one after the other, so that every run has the same order

  void hand_in_by_uid(const survey_pointer& survey) {
    std::ranges::sort(survey->answers, std::greater{},
                      [](const sports_answer_of& x) { return x.who.uid; });
    hand_in_next(survey);
  }

  void hand_in_next(const survey_pointer& survey) {
    if (survey->answers.empty())
      return finish(survey);
    auto next = std::move(survey->answers.back());
    survey->answers.pop_back();
    hand_in(survey, std::move(next), survey->now_us, [this, survey] { hand_in_next(survey); });
  }

  template <class Then>
  void hand_in(const survey_pointer& survey, sports_answer_of x, int64_t received_us, Then then) {
    survey->seen.predictions += x.claims.size();
    const auto way = config_.stepped ? prediction_way::world : prediction_way::gateway;
    ask_or(
      self_, [then](const caf::error&) { then(); }, links_.intake,
      [this, survey, who = x.who, then](const std::vector<prediction_answer>& answers) {
        count(survey->seen, answers);
        self_->send(who.handle,
                    miner_notice{std::string{sports_name},
                                 net::sports_notice_body({survey->now_us, answers, {}}), false});
        then();
      },
      sports_submission{x.who.key, way, received_us, std::move(x.claims)});
  }

  static void count(sports_surveyed& seen, const std::vector<prediction_answer>& answers) {
    for (const auto& x : answers)
      if (x.code == prediction_code::accepted)
        ++seen.accepted;
      else if (x.same)
        ++seen.confirmed_again;
      else
        ++seen.refused[std::string{name_of(x.code)}];
  }

  observed_plain_pointer<sports_survey_actor> self_;
  sports_survey_config config_;
  sports_survey_links links_;
  survey_pointer open_; // null: none
  sports_surveyed last_;
};

sports_survey_actor::behavior_type
sports_survey_behavior(observed_pointer<sports_survey_actor, sports_survey_state> self,
                       sports_survey_config config, sports_survey_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(config, std::move(links));
  return {
    [&state](const sports_survey_call& x) { return state.ask(x); },
  };
}

} // namespace

sports_survey_actor spawn_sports_survey(caf::actor_system& system, sports_survey_config config,
                                        sports_survey_links links) {
  return system.spawn(sports_survey_behavior, config, std::move(links));
}

} // namespace sluice
