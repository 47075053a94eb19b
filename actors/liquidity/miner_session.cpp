#include "actors/liquidity/miner_session.hpp"

#include "actors/base/default_handlers.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace sluice {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

/// One question under way. Whoever is first - reply, error or fence - closes it.
struct open_question {
  caf::typed_response_promise<session_answer> promise;
  caf::actor_clock::time_point asked;
  bool open = true;
};

class miner_session_state {
public:
  static inline const char* name = "miner_session";

  explicit miner_session_state(miner_session_actor::pointer self) : self_(self) {}

  void start(miner_session_config config, miner_actor handle) {
    config_ = config;
    handle_ = std::move(handle);
  }

  caf::result<session_answer> ask(const miner_question& asked) {
    if (!handle_)
      return session_answer{answer_kind::failed, {}, "the miner is down", 0};
    ++asked_;
    auto question = std::make_shared<open_question>();
    question->promise = self_->make_response_promise<session_answer>();
    question->asked = self_->clock().now();
    const auto timeout
      = config_.stepped ? caf::duration{caf::infinite} : caf::duration{config_.reply_timeout};
    self_->request(handle_, timeout, asked)
      .then(
        [this, question](miner_answer& answer) {
          close(*question, {answer_kind::answered, std::move(answer.body), "", 0});
        },
        [this, question](const caf::error& why) { close(*question, failure(why)); });
    if (config_.stepped)
      self_->request(handle_, caf::infinite, atom::fence_v)
        .then(
          [this, question](atom::done) {
            close(*question, {answer_kind::failed, {}, "no answer", 0});
          },
          [this, question](const caf::error& why) { close(*question, failure(why)); });
    return question->promise;
  }

  void pass_on(const miner_notice& notice) {
    if (handle_)
      self_->send(handle_, notice);
  }

  /// Questions that are open stay with the handle that they were sent to.
  void turn_to(const miner_actor& handle) { handle_ = handle; }

  std::string describe() const {
    return json_object{}
      .add("stepped", config_.stepped)
      .add("reply_timeout_ms", config_.reply_timeout.count())
      .add("asked", asked_)
      .add("answered", answered_)
      .text();
  }

private:
  static session_answer failure(const caf::error& why) {
    const bool late = why == caf::sec::request_timeout;
    return {answer_kind::failed, {}, late ? "no answer in time" : "the miner is down", 0};
  }

  void close(open_question& question, session_answer answer) {
    if (!question.open)
      return;
    question.open = false;
    ++answered_;
    const auto took = self_->clock().now() - question.asked;
    answer.response_us = static_cast<uint64_t>(duration_cast<microseconds>(took).count());
    question.promise.deliver(std::move(answer));
  }

  miner_session_actor::pointer self_;
  miner_session_config config_;
  miner_actor handle_;
  uint64_t asked_ = 0;
  uint64_t answered_ = 0;
};

miner_session_actor::behavior_type
miner_session_behavior(observed_pointer<miner_session_actor, miner_session_state> self,
                       miner_session_config config, miner_actor handle) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.start(config, std::move(handle));
  return {
    [&state](const miner_question& question) { return state.ask(question); },
    [&state](const miner_notice& notice) { state.pass_on(notice); },
    [&state](const miner_actor& handle) { state.turn_to(handle); },
  };
}

} // namespace

miner_session_actor
spawn_miner_session(caf::actor_system& system, miner_session_config config, miner_actor handle) {
  return system.spawn(miner_session_behavior, config, std::move(handle));
}

} // namespace sluice
