#include "actors/door/peer.hpp"

#include "actors/manners.hpp"
#include "actors/owed.hpp"
#include "net/door/wire.hpp"
#include "rules/limits.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <vector>

namespace sluice {

namespace {

/// Evaluation and live round of every job may have one each.
constexpr size_t questions_max = 2 * limits::jobs_max;

class peer_state {
public:
  static inline const char* name = "peer";

  explicit peer_state(peer_actor::pointer self) : self_(self) {}
  ~peer_state() {
    if (!left_ && voice_.end) // it fell
      voice_.end({door_reason::closing, "something broke here; come back", 0});
  }

  void setup(peer_voice voice, std::shared_ptr<peer_counts> counts) {
    voice_ = std::move(voice);
    counts_ = std::move(counts);
  }

  caf::result<rebalance_reply> ask(const rebalance_query& query) {
    if (open_.size() >= questions_max)
      return to_error({ec::busy, "too many questions are open"});
    const auto id = ++last_;
    auto& x = open_[id];
    x.owed_to = owed<rebalance_reply>{self_};
    x.deadline = std::chrono::milliseconds{query.deadline_ms};
    ++counts_->asked;
    voice_.say(net::write_message(net::door_question{id, query}), id);
    return x.owed_to.promise();
  }

  /// Answered when everything that was asked before is.
  caf::result<atom::done> fence() {
    if (open_.empty())
      return atom::done_v;
    fences_.emplace(last_, owed<atom::done>{self_});
    return fences_.rbegin()->second.promise();
  }

  void written(uint64_t id) {
    if (const auto at = open_.find(id); at != open_.end())
      self_->delayed_send(self_, at->second.deadline, atom::due_v, id);
  }

  void answered(uint64_t id, rebalance_reply reply) {
    if (!open_.contains(id))
      return; // over, or never asked
    ++counts_->answered;
    close(id, std::move(reply));
  }

  void due(uint64_t id) {
    if (!open_.contains(id))
      return;
    ++counts_->late;
    close(id, caf::make_error(caf::sec::request_timeout));
  }

  void invalid(const proposal_refused& news) {
    ++counts_->invalid;
    voice_.say(net::write_message(news), 0);
  }

  void scores(const miner_scores& news) { voice_.say(net::write_message(news), 0); }

  /// Whoever waits is answered by what is owed.
  void left() {
    left_ = true;
    self_->quit();
  }

private:
  struct open_question {
    owed<rebalance_reply> owed_to;
    std::chrono::milliseconds deadline{0};
  };

  template <class X>
  void close(uint64_t id, X x) {
    auto question = open_.extract(id);
    question.mapped().owed_to.pay(std::move(x));
    const auto oldest = open_.empty() ? last_ + 1 : open_.begin()->first;
    while (!fences_.empty() && fences_.begin()->first < oldest) {
      fences_.begin()->second.pay(atom::done_v);
      fences_.erase(fences_.begin());
    }
  }

  peer_actor::pointer self_;
  peer_voice voice_;
  std::shared_ptr<peer_counts> counts_;
  std::map<uint64_t, open_question> open_;
  std::multimap<uint64_t, owed<atom::done>> fences_; // by the last question before
  uint64_t last_ = 0;
  bool left_ = false;
};

peer_actor::behavior_type peer_behavior(observed_pointer<peer_actor, peer_state> self,
                                        peer_voice voice, std::shared_ptr<peer_counts> counts) {
  mind_manners(self);
  auto& state = self->state;
  state.setup(std::move(voice), std::move(counts));
  return {
    [&state](const rebalance_query& query) { return state.ask(query); },
    [&state](const proposal_refused& news) { state.invalid(news); },
    [&state](const miner_scores& news) { state.scores(news); },
    [&state](atom::fence) { return state.fence(); },
    [&state](door_answered& x) { state.answered(x.id, std::move(x.reply)); },
    [&state](const door_written& x) { state.written(x.id); },
    [&state](const door_left&) { state.left(); },
    [&state](atom::due, uint64_t id) { state.due(id); },
  };
}

} // namespace

peer_actor
spawn_peer(caf::actor_system& system, peer_voice voice, std::shared_ptr<peer_counts> counts) {
  return system.spawn(peer_behavior, std::move(voice), std::move(counts));
}

} // namespace sluice
