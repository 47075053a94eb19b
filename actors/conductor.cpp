#include "actors/conductor.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice {

namespace {

constexpr std::chrono::milliseconds look_again{250};
constexpr int32_t code_failed = 2; // something that was to be played cannot go on
constexpr size_t looks_before_it_is_said = 4; // that nobody plays

class conductor_state {
public:
  static inline const char* name = "conductor";

  explicit conductor_state(observed_plain_pointer<conductor_actor> self) : self_(self) {}

  void setup(conductor_config config, conductor_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    done_.number = config_.steps_done;
  }

  /// A step that was cut off is finished first: everybody answers what is already done from disk.
  void start() {
    ask_or_quit(
      self_, links_.reporter, [this](atom::done) { settle_last(); }, std::move(config_.opening));
  }

  void look_again_now() {
    if (std::exchange(waiting_, false))
      step();
  }

  void drain() {
    draining_ = true;
    if (std::exchange(waiting_, false))
      step();
  }

  std::string describe() const {
    return json_object{}
      .add("laps_done", done_.number)
      .add("laps_target", config_.steps_target)
      .add("laps_before", config_.steps_before)
      .add("chain_block", done_.chain.block)
      .add("epoch", done_.chain.epoch.value)
      .text();
  }

private:
  void settle_last() {
    if (done_.number == 0)
      return step();
    spdlog::debug("step {} was done before: chain and weights first", done_.number);
    ask_or_quit(
      self_, links_.reader,
      [this](const chain_head& head) {
        ask_or_quit(
          self_, links_.weights, [this](const publish_record&) { step(); }, atom::publish_v,
          head.epoch);
      },
      atom::step_v, done_.number);
  }

  void step() {
    if (draining_)
      return finish(0, "");
    if (config_.steps_target != 0 && done_.number >= config_.steps_target)
      return finish_at_target();
    const auto number = done_.number + 1;
    self_->observed().stats->count("steps");
    spdlog::debug("step {} begins", number);
    ask_or_quit(
      self_, links_.mechanisms,
      [this, number](std::vector<step_report>& reports) {
        const auto count = [&](step_outcome outcome) {
          return std::count_if(reports.begin(), reports.end(),
                               [outcome](const auto& x) { return x.outcome == outcome; });
        };
        if (only_followers_play(reports)) {
          std::erase_if(reports, [&](const auto& x) { return is_follower(x); });
          return over(reports);
        }
        if (count(step_outcome::played) == 0)
          return count(step_outcome::paused) == 0 && !reports.empty() ? over(reports)
                                                                      : wait(reports);
        looks_ = 0;
        std::erase_if(reports, [](const auto& x) { return x.outcome == step_outcome::paused; });
        done_ = {number, {}, std::move(reports), {}, {}};
        move_chain();
      },
      atom::step_v, number);
  }

  bool is_follower(const step_report& x) const { return config_.followers.contains(x.mechanism); }

  /// Is everybody over but those who play only beside others?
  bool only_followers_play(const std::vector<step_report>& reports) const {
    size_t leading = 0;
    for (const auto& x : reports) {
      if (is_follower(x))
        continue;
      ++leading;
      if (x.outcome != step_outcome::over)
        return false;
    }
    return leading > 0 && leading < reports.size();
  }

  /// Time stands still until the operator lets something go on.
  void wait(const std::vector<step_report>& reports) {
    waiting_ = true;
    if (++looks_ == looks_before_it_is_said)
      spdlog::warn("nothing is played: {}; {} of {} steps of this run are done, and it goes on when"
                   " something is resumed through sluice shell",
                   who_is_paused(reports), done_.number - config_.steps_before,
                   config_.steps_target == 0
                     ? std::string{"any number of"}
                     : std::to_string(config_.steps_target - config_.steps_before));
    self_->delayed_send(self_, look_again, atom::due_v);
  }

  /// "one is paused, another is over", by name.
  static std::string who_is_paused(const std::vector<step_report>& reports) {
    std::string text;
    for (const auto& x : reports)
      text += (text.empty() ? "" : ", ") + x.mechanism
              + (x.outcome == step_outcome::paused ? " is paused" : " is over");
    return text.empty() ? "there is no mechanism" : text;
  }

  void move_chain() {
    ask_or_quit(
      self_, links_.reader,
      [this](const chain_head& head) {
        done_.chain = head;
        spdlog::debug("chain at block {}, epoch {}", head.block, head.epoch.value);
        ask_or_quit(
          self_, links_.weights, [this](publish_record& record) { show(std::move(record)); },
          atom::publish_v, head.epoch);
      },
      atom::step_v, done_.number);
  }

  /// The step, with its weights and what they are made of.
  void show(publish_record record) {
    const auto epoch = record.epoch;
    done_.published = std::move(record);
    ask_or_quit(
      self_, links_.weights,
      [this](weight_parts& parts) {
        done_.parts = std::move(parts);
        ask_or_quit(
          self_, links_.reporter, [this](atom::done) { step(); }, done_);
      },
      atom::view_v, epoch);
  }

  /// Every mechanism is at its end; one that failed makes the run fail.
  void over(const std::vector<step_report>& reports) {
    std::string why;
    for (const auto& x : reports)
      why += (why.empty() ? "" : "; ") + x.note;
    const bool failed
      = std::any_of(reports.begin(), reports.end(), [](const auto& x) { return x.failed; });
    const step_done ends{
      done_.number, done_.chain, reports, {}, {}}; // nothing played, but who ended how
    ask_or_quit(
      self_, links_.reporter,
      [this, failed, why](atom::done) { finish(failed ? code_failed : 0, why); }, ends);
  }

  /// All steps that were asked for are done; a part that failed on the way makes the run fail.
  void finish_at_target() {
    std::string why;
    for (const auto& x : done_.mechanisms)
      if (x.failed)
        why += (why.empty() ? "" : "; ") + x.note;
    const bool failed = std::ranges::any_of(done_.mechanisms, &step_report::failed);
    finish(failed ? code_failed : 0, why);
  }

  void finish(int32_t code, std::string why) {
    const run_over last{code, std::move(why), done_.number - config_.steps_before};
    ask_or_quit(
      self_, links_.reporter, [this, last](atom::done) { caf::anon_send(links_.owner, last); },
      last);
  }

  observed_plain_pointer<conductor_actor> self_;
  conductor_config config_;
  conductor_links links_;
  step_done done_;
  bool draining_ = false; // this step is the last
  bool waiting_ = false;  // nobody plays
  size_t looks_ = 0;      // in a row that found nobody who plays
};

conductor_actor::behavior_type
conductor_behavior(observed_pointer<conductor_actor, conductor_state> self, conductor_config config,
                   conductor_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  self->send(self, atom::start_v);
  return {
    [&state](atom::start) { state.start(); },
    [&state](atom::due) { state.look_again_now(); },
    [&state](atom::drain) { state.drain(); },
  };
}

} // namespace

conductor_actor
spawn_conductor(caf::actor_system& system, conductor_config config, conductor_links links) {
  return system.spawn(conductor_behavior, std::move(config), std::move(links));
}

} // namespace sluice
