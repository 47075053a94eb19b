#include "actors/leads/fallback.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

/// A question that waits in the queue. `polls_left`: from 1.
struct polled_question {
  uint64_t polls_left = 0;
  promised_answer<lead_answers> promise;
};

class lead_fallback_state {
public:
  static inline const char* name = "lead_fallback";

  explicit lead_fallback_state(lead_fallback_actor::pointer self) : self_(self) {}

  void setup(fallback_config config, leads_queues_actor queues) {
    config_ = std::move(config);
    queues_ = std::move(queues);
  }

  caf::result<lead_answers> ask(const lead_question& question) {
    if (config_.polls == 0)
      return lead_answers{};
    auto promise = promised_answer<lead_answers>{self_};
    const own_request what{{{config_.own, body_of(question)},
                            lead_queue::miner_requests,
                            question.num_leads,
                            question.business_desc},
                           config_.unix_ms()};
    self_->request(queues_, caf::infinite, what)
      .then(
        [this, promise](const std::string& id) {
          open_[id] = {config_.polls, promise};
          poll_later();
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise.promise();
  }

  void poll() {
    polling_ = false;
    constexpr uint64_t items_at_once = 16;
    const own_fetch what{{{config_.own, ""}, lead_queue::miner_results, items_at_once},
                         config_.unix_ms()};
    self_->request(queues_, caf::infinite, what)
      .then(
        [this](const std::vector<leased_item>& items) {
          for (const auto& x : items)
            take(x);
          count_down();
        },
        [this](const caf::error& why) {
          spdlog::warn("answers of miners that poll cannot be fetched: {}", sentence(why));
          count_down();
        });
  }

  std::string describe() const { return json_object{}.add("waiting", open_.size()).text(); }

private:
  /// A request's own text, so that none is taken for the repetition of another.
  static std::string body_of(const lead_question& question) { return "own-" + question.request_id; }

  void poll_later() {
    if (!std::exchange(polling_, true))
      self_->delayed_send(self_, std::chrono::seconds(config_.poll_s), atom::due_v);
  }

  /// What nobody waits for any more is done with as well.
  void take(const leased_item& x) {
    const own_acknowledge done{
      {{config_.own, ""}, lead_queue::miner_results, x.lease}, {}, config_.unix_ms()};
    self_->request(queues_, caf::infinite, done).then([](uint64_t) {}, [](const caf::error&) {});
    const auto at = open_.find(x.id);
    if (at == open_.end())
      return;
    lead_answers answers;
    answers.asked = 1;
    answers.answers.push_back({{}, x.from, x.leads});
    at->second.promise.deliver(std::move(answers));
    open_.erase(at);
  }

  /// Takes a request that nobody answered out of the queue, and its empty answer with it.
  void give_up(const std::string& id) {
    const own_result none{
      {{config_.own, "end-" + id}, lead_queue::miner_requests, id, {}}, {}, config_.unix_ms()};
    self_->request(queues_, caf::infinite, none)
      .then([this](atom::done) { poll_later(); }, [](const caf::error&) {}); // just answered
  }

  void count_down() {
    for (auto i = open_.begin(); i != open_.end();)
      if (--i->second.polls_left == 0) {
        i->second.promise.deliver(lead_answers{});
        give_up(i->first);
        i = open_.erase(i);
      } else {
        ++i;
      }
    if (!open_.empty())
      poll_later();
  }

  lead_fallback_actor::pointer self_;
  fallback_config config_;
  leads_queues_actor queues_;
  std::map<std::string, polled_question> open_; // by the request's id in the queue
  bool polling_ = false;
};

lead_fallback_actor::behavior_type
lead_fallback_behavior(observed_pointer<lead_fallback_actor, lead_fallback_state> self,
                       fallback_config config, leads_queues_actor queues) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(queues));
  return {
    [&state](const lead_question& question) { return state.ask(question); },
    [&state](atom::due) { state.poll(); },
  };
}

} // namespace

lead_fallback_actor
spawn_lead_fallback(caf::actor_system& system, fallback_config config, leads_queues_actor queues) {
  return system.spawn(lead_fallback_behavior, std::move(config), std::move(queues));
}

} // namespace sluice
