#include "actors/events/event_manager.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "rules/events/event_book.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sluice {

namespace {

/// Who observes; a name that is subscribed again is another one of these.
struct event_subscription {
  uint64_t id = 0; // from 1
  std::set<std::string> types;
  event_subscriber_actor who;
};

/// An event that its subscribers have, and who of them has not answered.
struct event_in_hand {
  std::string type;
  caf::actor_clock::time_point since;
  std::map<uint64_t, std::string> missing; // subscription -> name
};

struct waiting_publisher {
  event_record what;
  promised_answer<uint64_t> promised;
};

class event_manager_state {
public:
  static inline const char* name = "event_manager";

  explicit event_manager_state(observed_plain_pointer<event_manager_actor> self) : self_(self) {}

  void setup(event_manager_config config) {
    config_ = std::move(config);
    book_.emplace(std::max<size_t>(config_.queue_max, 1), config_.history);
    self_->set_down_handler([this](const caf::down_msg& x) { gone(x); });
    self_->set_exit_handler([this](const caf::exit_msg& x) { leave(x.reason); });
  }

  caf::result<uint64_t> publish(const publish_event& x) {
    book_->miss(x.missed);
    if (draining_) {
      book_->refuse(x.what.type);
      return caf::make_error(ec::refused, "the event manager is being stopped: " + x.what.type
                                            + " is not taken");
    }
    if (x.waits && (waits_for(x.what.type) || book_->full(x.what.type)))
      return wait(x.what);
    return take(x.what);
  }

  caf::result<atom::done> subscribe(const subscribe_events& x) {
    if (const auto why = subscription_fault(x); !why.empty())
      return caf::make_error(ec::bad_input, "subscriber " + x.name.substr(0, 64) + ": " + why);
    const auto at = subscribers_.find(x.name);
    if (at == subscribers_.end() && subscribers_.size() >= event_limits::subscribers_max)
      return caf::make_error(ec::out_of_range, "there are " + std::to_string(subscribers_.size())
                                                 + " subscribers, and no more are taken");
    if (at != subscribers_.end())
      end_subscription(x.name, "another one took its place");
    subscribers_[x.name] = {++last_subscription_, {x.types.begin(), x.types.end()}, x.who};
    self_->monitor(x.who);
    return atom::done_v;
  }

  caf::result<atom::done> unsubscribe(const std::string& whom) {
    if (!subscribers_.contains(whom))
      return caf::make_error(ec::no_such_key, "no subscriber is named " + whom.substr(0, 64));
    end_subscription(whom, "its subscription was ended");
    return atom::done_v;
  }

  event_list find(const event_query& x) const {
    return {book_->history().find(x.type, x.after, x.limit)};
  }

  event_statistics view() const {
    auto all = book_->statistics();
    all.draining = draining_;
    all.waiting_publishers = waiting_.size();
    for (const auto& [name, x] : subscribers_)
      for (const auto& type : x.types)
        ++all.by_type[type].subscribers;
    return all;
  }

  caf::result<events_drained> drain(uint64_t within_ms) {
    promised_answer<events_drained> promised{self_};
    const auto promise = promised.promise();
    drains_.push_back(std::move(promised));
    begin_drain(within_ms);
    return promise;
  }

  /// The time of the drain is over.
  void due(uint64_t drain) {
    if (drain != drain_ || !draining_)
      return;
    for (const auto& [number, x] : in_hand_)
      for (const auto& [subscription, who] : x.missing)
        note_failure(number, x.type, who, "it had not answered when the event manager stopped");
    in_hand_.clear();
    dropped_ += book_->drop();
    if (dropped_ > 0)
      spdlog::warn("events: {} were not processed before the end", dropped_);
    settle();
  }

  std::string describe() const { return json_of(view()); }

private:
  // -- publishers

  caf::result<uint64_t> take(const event_record& x) {
    auto number = book_->take(x, now_ms());
    if (!number)
      return to_error(number.error());
    go_on(x.type);
    return *number;
  }

  bool waits_for(const std::string& type) const {
    return std::ranges::any_of(waiting_, [&](const auto& x) { return x.what.type == type; });
  }

  caf::result<uint64_t> wait(const event_record& x) {
    if (waiting_.size() >= event_limits::waiting_max) {
      book_->refuse(x.type);
      return caf::make_error(ec::busy,
                             x.type + ": too many publishers wait already; come back later");
    }
    waiting_publisher waiting{x, promised_answer<uint64_t>{self_}};
    const auto promise = waiting.promised.promise();
    waiting_.push_back(std::move(waiting));
    return promise;
  }

  /// Those who wait for space in this queue, in their order, as far as there is some.
  void let_in(const std::string& type) {
    for (auto at = waiting_.begin(); at != waiting_.end() && !book_->full(type);) {
      if (at->what.type != type) {
        ++at;
        continue;
      }
      auto waiting = std::move(*at);
      at = waiting_.erase(at);
      if (auto number = book_->take(std::move(waiting.what), now_ms()))
        waiting.promised.deliver(*number);
      else
        waiting.promised.deliver(to_error(number.error()));
    }
  }

  // -- subscribers

  static std::string subscription_fault(const subscribe_events& x) {
    if (x.name.empty() || x.name.size() > event_limits::name_bytes_max)
      return "expected a name of 1 to " + std::to_string(event_limits::name_bytes_max) + " bytes";
    if (!x.who)
      return "expected an actor, got none";
    if (x.types.empty() || x.types.size() > event_limits::topics_max)
      return "expected 1 to " + std::to_string(event_limits::topics_max) + " topics, got "
             + std::to_string(x.types.size());
    const auto bad = std::ranges::find_if(x.types, [](const auto& y) { return !is_topic_name(y); });
    return bad == x.types.end() ? ""
                                : "expected names of topics, got " + json_text(bad->substr(0, 64));
  }

  void gone(const caf::down_msg& x) {
    const auto at = std::ranges::find_if(
      subscribers_, [&](const auto& y) { return y.second.who.address() == x.source; });
    if (at == subscribers_.end())
      return;
    const auto whom = at->first;
    spdlog::debug("events: subscriber {} ended: {}", whom, sentence(x.reason));
    end_subscription(whom, "it ended: " + sentence(x.reason));
  }

  /// What it has not answered has failed.
  void end_subscription(const std::string& whom, const std::string& why) {
    const auto at = subscribers_.find(whom);
    const auto id = at->second.id;
    self_->demonitor(at->second.who.address());
    subscribers_.erase(at);
    std::vector<uint64_t> open;
    for (const auto& [number, x] : in_hand_)
      if (x.missing.contains(id))
        open.push_back(number);
    for (const auto number : open)
      answered(number, id, why);
  }

  // -- events

  /// Begins what can be begun of a topic. Bounded by what is in its queue and who waits for it.
  void go_on(const std::string& type) {
    while (auto x = book_->begin(type)) {
      if (deliver(*x))
        return;
      end(type, caf::actor_clock::duration_type{0});
    }
  }

  /// False when nobody observes this topic.
  bool deliver(const event_record& x) {
    event_in_hand open{x.type, self_->clock().now(), {}};
    std::vector<std::pair<uint64_t, event_subscriber_actor>> whom;
    for (const auto& [who, y] : subscribers_)
      if (y.types.contains(x.type)) {
        open.missing[y.id] = who;
        whom.emplace_back(y.id, y.who);
      }
    if (whom.empty())
      return false;
    in_hand_[x.number] = std::move(open);
    for (const auto& [id, who] : whom)
      self_->request(who, std::chrono::milliseconds{config_.patience_ms}, x)
        .then([this, number = x.number, id = id](atom::done) { answered(number, id, {}); },
              [this, number = x.number, id = id](const caf::error& why) {
                answered(number, id, failure_of(why));
              });
    return true;
  }

  std::string failure_of(const caf::error& why) const {
    if (why == caf::sec::request_timeout)
      return "it has not answered within " + std::to_string(config_.patience_ms) + " ms";
    return sentence(why);
  }

  /// `why`: it failed; "" else.
  void answered(uint64_t number, uint64_t subscription, const std::string& why) {
    const auto at = in_hand_.find(number);
    if (at == in_hand_.end())
      return;
    auto& open = at->second;
    const auto who = open.missing.find(subscription);
    if (who == open.missing.end())
      return;
    if (!why.empty())
      note_failure(number, open.type, who->second, why);
    open.missing.erase(who);
    if (!open.missing.empty())
      return;
    const auto type = open.type;
    const auto took = self_->clock().now() - open.since;
    in_hand_.erase(at);
    end(type, took);
    go_on(type);
    settle();
  }

  void end(const std::string& type, caf::actor_clock::duration_type took) {
    processed_ += draining_ ? 1 : 0;
    book_->end(type, std::chrono::duration<double, std::milli>(took).count());
    if (!draining_)
      let_in(type);
  }

  void note_failure(uint64_t number, const std::string& type, const std::string& who,
                    const std::string& why) {
    self_->observed().stats->count("errors");
    spdlog::debug("events: {} failed with {} {}: {}", who, type, number, why);
    book_->failed({number, type, who, now_ms(), why.substr(0, why_bytes_max)});
  }

  // -- the end

  void begin_drain(uint64_t within_ms) {
    const auto within = std::min(within_ms, event_limits::drain_ms_max);
    draining_ = true;
    for (auto& x : std::exchange(waiting_, {})) {
      book_->refuse(x.what.type);
      x.promised.deliver(caf::make_error(
        ec::refused, "the event manager is being stopped: " + x.what.type + " is not taken"));
    }
    if (book_->queued() > 0)
      self_->delayed_send(self_, std::chrono::milliseconds{within}, atom::due_v, ++drain_);
    settle();
  }

  void leave(const caf::error& reason) {
    if (reason != caf::exit_reason::user_shutdown || book_->queued() == 0) {
      self_->quit(reason);
      return;
    }
    leaving_ = reason;
    begin_drain(config_.stop_ms);
  }

  /// A drain that is at its end is answered.
  void settle() {
    if (!draining_ || book_->queued() > 0)
      return;
    for (auto& x : std::exchange(drains_, {}))
      x.deliver(events_drained{processed_, dropped_});
    if (leaving_)
      self_->quit(*leaving_);
  }

  uint64_t now_ms() const { return config_.unix_ms ? config_.unix_ms() : 0; }

  static constexpr size_t why_bytes_max = 512;

  observed_plain_pointer<event_manager_actor> self_;
  event_manager_config config_;
  std::optional<event_book> book_;
  std::map<std::string, event_subscription> subscribers_; // by name
  std::map<uint64_t, event_in_hand> in_hand_;             // by the event's number
  std::deque<waiting_publisher> waiting_;
  std::vector<promised_answer<events_drained>> drains_;
  uint64_t last_subscription_ = 0;
  uint64_t drain_ = 0;     // number of its timer
  uint64_t processed_ = 0; // since the drain began
  uint64_t dropped_ = 0;
  bool draining_ = false;
  std::optional<caf::error> leaving_;
};

event_manager_actor::behavior_type
event_manager_behavior(observed_pointer<event_manager_actor, event_manager_state> self,
                       event_manager_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config));
  return {
    [&state](const publish_event& x) { return state.publish(x); },
    [&state](const subscribe_events& x) { return state.subscribe(x); },
    [&state](atom::unban, const std::string& whom) { return state.unsubscribe(whom); },
    [&state](const event_query& x) { return state.find(x); },
    [&state](atom::view) { return state.view(); },
    [&state](atom::drain, uint64_t within_ms) { return state.drain(within_ms); },
    [&state](atom::due, uint64_t drain) { state.due(drain); },
  };
}

} // namespace

event_manager_actor spawn_event_manager(caf::actor_system& system, event_manager_config config) {
  return system.spawn(event_manager_behavior, std::move(config));
}

} // namespace sluice
