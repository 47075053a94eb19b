#include "actors/reporter.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/promised_answer.hpp"
#include "actors/report/json_lines.hpp"
#include "actors/report/people.hpp"
#include "actors/report/progress_bar.hpp"
#include "actors/report/text_lines.hpp"
#include "io/text/text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace sluice {

namespace {

/// How it looks from inside: others do not see the timer.
using own_actor = reporter_actor::extend<caf::reacts_to<atom::due>, caf::reacts_to<atom::flush>>;

constexpr std::chrono::milliseconds redraw_every{50};
constexpr std::chrono::milliseconds look_every{20};
constexpr uint32_t columns_left = 3; // beside a bar: for the "^C" that a terminal shows

class reporter_state {
public:
  static inline const char* name = "reporter";

  explicit reporter_state(own_actor::pointer self) : self_(self) {}

  void setup(reporter_config config) {
    config_ = std::move(config);
    page_ = {config_.columns, config_.color, config_.letters};
    if (config_.reports)
      memory_ = report::run_memory{config_.reports()};
  }

  caf::result<atom::done> start(run_started first) {
    memory_.start(std::move(first));
    switch (config_.style) {
    case report_style::live:
      print(report::draw_start(memory_, page_));
      break;
    case report_style::lines:
      print(report::start_lines(memory_));
      break;
    case report_style::json_log:
    case report_style::json:
      print(report::start_json(memory_, extras()));
      break;
    }
    return written();
  }

  caf::result<atom::done> step(const step_done& x) {
    bars_.clear();
    memory_.take(x);
    switch (config_.style) {
    case report_style::live:
      print(report::draw_step_done(x, memory_, page_));
      break;
    case report_style::lines:
      print(report::step_done_lines(x, memory_));
      break;
    case report_style::json_log:
    case report_style::json:
      print(report::step_done_json(x, memory_, extras()));
      break;
    }
    return written();
  }

  caf::result<atom::done> over(const run_over& x) {
    bars_.clear();
    over_ = true;
    switch (config_.style) {
    case report_style::live:
      print(report::draw_over(x, memory_, page_));
      break;
    case report_style::lines:
      print(report::over_lines(x, memory_));
      break;
    case report_style::json_log:
    case report_style::json:
      print(report::over_json(x, memory_, extras()));
      break;
    }
    return written();
  }

  /// Drawn at once, but not more often than the eye wants; then the latest, a little later.
  void progress(const step_progress& x) {
    if (config_.style != report_style::live || over_)
      return;
    bars_[x.name] = x;
    const auto next = drawn_at_ + redraw_every;
    const auto now = self_->clock().now();
    if (now >= next)
      return draw();
    if (!due_) {
      due_ = true;
      self_->delayed_send(own_actor{self_}, next - now, atom::due_v);
    }
  }

  void due() {
    due_ = false;
    if (!bars_.empty())
      draw();
  }

  /// Whoever waits may go on once there is space for what comes next.
  void flush() {
    if (!takes_more())
      return self_->delayed_send(own_actor{self_}, look_every, atom::flush_v);
    for (auto& x : waiting_)
      x.deliver(atom::done_v);
    waiting_.clear();
  }

private:
  bool takes_more() const { return !config_.takes_more || config_.takes_more(); }

  /// At most a start, a step and an end wait at a time: their senders go on when they are answered.
  caf::result<atom::done> written() {
    if (takes_more() && waiting_.empty())
      return atom::done_v;
    if (waiting_.empty())
      self_->delayed_send(own_actor{self_}, look_every, atom::flush_v);
    const promised_answer<atom::done> promised{self_};
    waiting_.push_back(promised);
    return promised.promise();
  }

  void draw() {
    drawn_at_ = self_->clock().now();
    const auto columns = config_.columns_now ? config_.columns_now() : page_.columns;
    auto line = report::draw_progress(bars_, columns > columns_left ? columns - columns_left : 1,
                                      page_.letters);
    const auto width = report::shown_width(line);
    auto text = '\r' + line;
    const auto on_screen = std::min<size_t>(bar_width_, columns > 1 ? columns - 1 : 1);
    if (width < on_screen) // what the last one had more
      text += std::string(on_screen - width, ' ') + '\r' + line;
    bar_width_ = width;
    write(text);
  }

  /// Text takes the place of the bar.
  void print(const std::string& text) {
    std::string whole;
    if (bar_width_ != 0)
      whole = '\r' + std::string(bar_width_, ' ') + '\r';
    bar_width_ = 0;
    whole += text;
    if (!whole.empty())
      write(whole);
  }

  void write(const std::string& text) {
    if (config_.write)
      config_.write(text);
  }

  report::json_extras extras() const {
    if (config_.style != report_style::json_log)
      return {};
    if (!config_.wall_clock)
      return {std::nullopt, true};
    return {config_.wall_clock(), true};
  }

  own_actor::pointer self_;
  reporter_config config_;
  report::page page_;
  report::run_memory memory_;
  std::map<std::string, step_progress> bars_;
  caf::actor_clock::time_point drawn_at_{}; // long ago
  std::vector<promised_answer<atom::done>> waiting_;
  size_t bar_width_ = 0; // of the bar that is on the screen
  bool due_ = false;     // a timer runs
  bool over_ = false;
};

own_actor::behavior_type
reporter_behavior(observed_pointer<own_actor, reporter_state> self, reporter_config config) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config));
  return {
    [&state](run_started& first) { return state.start(std::move(first)); },
    [&state](const step_progress& x) { state.progress(x); },
    [&state](const step_done& x) { return state.step(x); },
    [&state](const run_over& x) { return state.over(x); },
    [&state](atom::due) { state.due(); },
    [&state](atom::flush) { state.flush(); },
  };
}

} // namespace

reporter_actor spawn_reporter(caf::actor_system& system, reporter_config config) {
  return system.spawn(reporter_behavior, std::move(config));
}

} // namespace sluice
