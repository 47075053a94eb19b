#include "actors/sports/miner/figures.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/events/event_outlet.hpp"
#include "actors/sports/miner/own_task.hpp"
#include "io/text/output_file.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/miner_events.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace sluice {

namespace {

/// One writing: what has been said so far.
struct open_figures {
  json_object made;
  size_t missing = 0;
  caf::typed_response_promise<atom::done> promise;
};

class sports_figures_state {
public:
  static inline const char* name = "sports_figures";

  explicit sports_figures_state(observed_plain_pointer<task_owner_actor> self)
    : self_(self), events_(self, "figures") {}

  void setup(sports_figures_config config, sports_figures_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    events_.to(links_.events);
    periodic_terms terms;
    terms.interval_ms = config_.interval_s * 1000;
    terms.initial_delay_ms = 1000;
    add_own_task<task_owner_actor>(self_, links_.tasks, "stats", terms);
  }

  caf::result<atom::done> run() {
    const auto open = std::make_shared<open_figures>(
      open_figures{{}, 5, self_->make_response_promise<atom::done>()});
    const auto now = config_.unix_ms();
    open->made.add("time_ms", now).add("uptime_s", (now - config_.started_ms) / 1000);
    ask<std::string>("database", links_.database, open);
    ask<std::string>("predictions", links_.predictor(), open);
    ask<std::string>("communication", links_.messenger(), open);
    ask<task_list>("tasks", links_.tasks, open);
    ask<event_statistics>("events", links_.events, open);
    return open->promise;
  }

private:
  using figures_pointer = std::shared_ptr<open_figures>;

  static std::string figures_text(const std::string& json) { return json; }
  template <class T>
  static std::string figures_text(const T& x) {
    return json_of(x);
  }

  template <class Answer, class Handle>
  void ask(const char* part, const Handle& whom, const figures_pointer& open) {
    ask_or(
      self_,
      [this, part, open](const caf::error& why) {
        said(part, json_object{}.add("error", sentence(why)).text(), open);
      },
      whom, [this, part, open](const Answer& x) { said(part, figures_text(x), open); },
      atom::view_v);
  }

  void said(const char* part, const std::string& json, const figures_pointer& open) {
    open->made.raw(part, json);
    if (--open->missing > 0)
      return;
    const auto written = write(open->made.text() + '\n');
    if (written)
      open->promise.deliver(atom::done_v);
    else
      open->promise.deliver(to_error(written.error()));
  }

  result<nothing> write(const std::string& text) {
    auto file = io::output_file::open(config_.file, 0600);
    auto written = file ? file->write(text) : result<nothing>{file.error()};
    if (written)
      written = file->commit();
    if (written)
      events_.publish(
        miner_topics::stats_updated,
        stats_updated_event{text.size(), static_cast<double>(config_.unix_ms()) / 1000});
    return written;
  }

  observed_plain_pointer<task_owner_actor> self_;
  event_outlet<std::remove_pointer_t<observed_plain_pointer<task_owner_actor>>> events_;
  sports_figures_config config_;
  sports_figures_links links_;
};

task_owner_actor::behavior_type
sports_figures_behavior(observed_pointer<task_owner_actor, sports_figures_state> self,
                        sports_figures_config config, sports_figures_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(links));
  return {[&state](const run_task&) { return state.run(); }};
}

} // namespace

task_owner_actor spawn_sports_figures(caf::actor_system& system, sports_figures_config config,
                                      sports_figures_links links) {
  return system.spawn(sports_figures_behavior, std::move(config), std::move(links));
}

} // namespace sluice
