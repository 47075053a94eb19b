#include "actors/trading/sources.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/supervisor.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sluice {

namespace {

constexpr size_t source_restarts_max = 5; // in 30 s

/// One open question to all feeds.
struct open_views {
  std::vector<std::optional<source_view>> views;
  size_t missing = 0;
  caf::typed_response_promise<std::vector<source_view>> answer;
};

class sources_state {
public:
  static inline const char* name = "trading_sources";

  explicit sources_state(observed_plain_pointer<trading_sources_actor> self)
    : self_(self),
      children_(self, {.then = when_exhausted::abandon, .restarts_max = source_restarts_max}) {}

  void setup(sources_config config) {
    config_ = std::move(config);
    children_.on_abandoned = [this](const std::string& feed, const std::string& why) {
      given_up_[feed] = why.empty() ? "failed too often" : why;
      sources_.erase(feed);
    };
    for (const auto& feed : config_.feeds)
      children_.add({feed.name, restart_rule::permanent, [this, &feed] {
                       auto& made = sources_[feed.name];
                       made = config_.spawn(self_->system(), feed);
                       return caf::actor_cast<caf::actor>(made);
                     }});
  }

  template <class Answer, class Message>
  caf::result<Answer> ask(const std::string& feed, const Message& what) {
    const auto at = sources_.find(feed);
    if (at == sources_.end())
      return no_such(feed);
    auto promise = self_->template make_response_promise<Answer>();
    self_->request(at->second, caf::infinite, what)
      .then([promise](Answer& answer) mutable { promise.deliver(std::move(answer)); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  caf::result<std::vector<source_view>> view() {
    if (sources_.empty())
      return std::vector<source_view>{};
    auto open = std::make_shared<open_views>();
    open->views.resize(config_.feeds.size());
    open->missing = sources_.size();
    open->answer = self_->make_response_promise<std::vector<source_view>>();
    for (size_t i = 0; i < config_.feeds.size(); ++i) {
      const auto at = sources_.find(config_.feeds[i].name);
      if (at == sources_.end())
        continue;
      self_->request(at->second, caf::infinite, atom::view_v)
        .then(
          [open, i](source_view& x) {
            open->views[i] = std::move(x);
            one_less(*open);
          },
          [open](const caf::error&) { one_less(*open); });
    }
    return open->answer;
  }

  std::string describe() const {
    json_list feeds;
    for (const auto& feed : config_.feeds) {
      const auto at = given_up_.find(feed.name);
      feeds.raw(json_object{}
                  .add("feed", feed.name)
                  .add("given_up", at == given_up_.end() ? "" : at->second)
                  .text());
    }
    return json_object{}.raw("feeds", feeds.text()).text();
  }

private:
  static void one_less(open_views& open) {
    if (--open.missing > 0)
      return;
    std::vector<source_view> all;
    for (auto& x : open.views)
      if (x)
        all.push_back(*std::move(x));
    open.answer.deliver(std::move(all));
  }

  caf::error no_such(const std::string& feed) const {
    if (const auto at = given_up_.find(feed); at != given_up_.end())
      return caf::make_error(ec::unreachable, "the feed " + feed + " was given up: " + at->second);
    std::string names;
    for (const auto& x : config_.feeds)
      names += (names.empty() ? "" : ", ") + x.name;
    return caf::make_error(ec::no_such_key, "no feed " + feed + "; there is "
                                              + (names.empty() ? "none that is asked" : names));
  }

  observed_plain_pointer<trading_sources_actor> self_;
  sources_config config_;
  std::map<std::string, trading_source_actor> sources_; // by the feed's name; none that is given up
  std::map<std::string, std::string> given_up_;         // and why
  supervisor children_;
};

trading_sources_actor::behavior_type
sources_behavior(observed_pointer<trading_sources_actor, sources_state> self,
                 sources_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config));
  return {
    [&state](const feed_request& x) { return state.ask<source_delivery>(x.feed, x.request); },
    [&state](const feed_command& x) { return state.ask<source_view>(x.feed, x.command); },
    [&state](atom::view) { return state.view(); },
  };
}

} // namespace

trading_sources_actor spawn_trading_sources(caf::actor_system& system, sources_config config) {
  return system.spawn(sources_behavior, std::move(config));
}

} // namespace sluice
