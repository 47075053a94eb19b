#include "actors/leads/survey.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/promised_answer.hpp"
#include "net/leads/bodies.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/name.hpp"

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
struct open_lead_question {
  miner_uid uid;
  hotkey key;
  bool open = true;
};

class lead_survey_state {
public:
  static inline const char* name = "lead_survey";

  explicit lead_survey_state(lead_survey_actor::pointer self) : self_(self) {}

  void setup(survey_config config, std::vector<roster_entry> miners) {
    config_ = config;
    miners_ = std::move(miners);
    std::erase_if(miners_, [](const roster_entry& x) { return !x.handle; });
  }

  caf::result<lead_answers> ask(const lead_question& question) {
    if (missing_ > 0 || answers_.asked > 0)
      return to_error({ec::busy, "a survey asks once"});
    promise_ = promised_answer<lead_answers>{self_};
    const auto answer = promise_.promise();
    answers_.asked = missing_ = miners_.size();
    if (missing_ == 0)
      finish();
    for (const auto& x : miners_)
      ask_one(x, question);
    return answer;
  }

  std::string describe() const {
    return json_object{}
      .add("asked", answers_.asked)
      .add("missing", missing_)
      .add("answered", answers_.answers.size())
      .text();
  }

private:
  /// A deadline on a machine far away is kept by its peer; a little later nobody is waited for.
  static constexpr std::chrono::seconds patience{5};

  void ask_one(const roster_entry& who, const lead_question& what) {
    auto question
      = std::make_shared<open_lead_question>(open_lead_question{who.uid, who.key, true});
    const auto failed = [this, question](const caf::error&) { close(*question, nullptr); };
    const auto timeout = config_.stepped
                           ? caf::duration{caf::infinite}
                           : caf::duration{std::chrono::milliseconds(what.deadline_ms) + patience};
    self_
      ->request(
        who.handle, timeout,
        miner_question{std::string{leads_name}, net::lead_question_body(what), what.deadline_ms})
      .then(
        [this, question](const miner_answer& answer) {
          const auto inside = net::lead_answer_in(answer.body);
          close(*question, inside ? &*inside : nullptr);
        },
        failed);
    self_->request(who.handle, timeout, atom::fence_v)
      .then([this, question](atom::done) { close(*question, nullptr); }, failed);
  }

  /// `answer`: null when there is none that can be read.
  void close(open_lead_question& question, const lead_answer* answer) {
    if (!std::exchange(question.open, false))
      return;
    if (answer)
      answers_.answers.push_back({question.uid, question.key, answer->leads});
    if (--missing_ == 0)
      finish();
  }

  void finish() {
    if (config_.stepped)
      std::ranges::sort(answers_.answers, {}, &miner_leads::uid);
    promise_.deliver(answers_);
    self_->quit();
  }

  lead_survey_actor::pointer self_;
  survey_config config_;
  std::vector<roster_entry> miners_;
  lead_answers answers_;
  size_t missing_ = 0;
  promised_answer<lead_answers> promise_;
};

lead_survey_actor::behavior_type
lead_survey_behavior(observed_pointer<lead_survey_actor, lead_survey_state> self,
                     survey_config config, std::vector<roster_entry> miners) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(config, std::move(miners));
  return {
    [&state](const lead_question& question) { return state.ask(question); },
  };
}

} // namespace

lead_survey_actor spawn_lead_survey(caf::actor_system& system, survey_config config,
                                    std::vector<roster_entry> miners) {
  return system.spawn(lead_survey_behavior, config, std::move(miners));
}

} // namespace sluice
