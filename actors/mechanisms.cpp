#include "actors/mechanisms.hpp"

#include "actors/base/default_handlers.hpp"
#include "rules/json_text.hpp"
#include "rules/weights/parts.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <memory>

namespace sluice {

namespace {

/// One open question to all mechanisms.
struct survey {
  score_board board;
  std::map<std::string, mechanism_scores> all_scores; // by mechanism
  size_t missing = 0;
  caf::typed_response_promise<score_board> answer;
};

/// One open step of all mechanisms.
struct open_step {
  std::vector<step_report> reports;
  size_t missing = 0;
  caf::error failed;
  caf::typed_response_promise<std::vector<step_report>> answer;
};

class mechanisms_state {
public:
  static inline const char* name = "mechanisms";

  explicit mechanisms_state(mechanisms_actor::pointer self) : self_(self) {}

  void setup(mechanisms_config config, mechanisms_links links) {
    config_ = config;
    links_ = std::move(links);
  }

  caf::result<score_board> collect(epoch_no epoch) {
    if (links_.all.empty())
      return score_board{epoch, {}, {}};
    auto open = std::make_shared<survey>();
    open->board.epoch = epoch;
    open->missing = links_.all.size();
    open->answer = self_->make_response_promise<score_board>();
    for (const auto& [name, handle] : links_.all)
      self_->request(handle, caf::duration{config_.scores_timeout}, atom::scores_v, epoch)
        .then(
          [this, open](mechanism_scores& scores) {
            open->all_scores[scores.mechanism] = std::move(scores);
            one_less(open);
          },
          [this, open, name = name](const caf::error& why) {
            open->board.missing[name] = sentence(why);
            one_less(open);
          });
    return open->answer;
  }

  caf::result<std::vector<step_report>> step(uint64_t number) {
    if (links_.all.empty())
      return std::vector<step_report>{};
    auto open = std::make_shared<open_step>();
    open->missing = links_.all.size();
    open->answer = self_->make_response_promise<std::vector<step_report>>();
    for (const auto& [name, handle] : links_.all)
      self_->request(handle, caf::infinite, atom::step_v, number)
        .then(
          [open](step_report& report) {
            open->reports.push_back(std::move(report));
            complete(*open);
          },
          [open](const caf::error& why) {
            if (!open->failed)
              open->failed = why;
            complete(*open);
          });
    return open->answer;
  }

  std::string describe() const {
    json_list names;
    for (const auto& [name, handle] : links_.all)
      names.raw(json_text(name));
    return json_object{}
      .raw("mechanisms", names.text())
      .add("scores_timeout_ms", config_.scores_timeout.count())
      .text();
  }

private:
  static void complete(open_step& open) {
    if (--open.missing > 0)
      return;
    if (open.failed) {
      open.answer.deliver(open.failed);
      return;
    }
    std::sort(open.reports.begin(), open.reports.end(),
              [](const auto& a, const auto& b) { return a.mechanism < b.mechanism; });
    open.answer.deliver(std::move(open.reports));
  }

  void one_less(const std::shared_ptr<survey>& open) {
    if (--open->missing > 0)
      return;
    storage::batch writes;
    for (auto& [name, scores] : open->all_scores) {
      const auto last = storage::tables::scores_of_mechanisms.find(*links_.disk, name);
      if (!last) {
        open->answer.deliver(to_error(last.error()));
        return;
      }
      storage::tables::scores_of_mechanisms.put(writes, name,
                                                scores_to_store(*last, std::move(scores)));
      open->board.stored.push_back(name);
    }
    if (writes.writes.empty()) {
      open->answer.deliver(std::move(open->board));
      return;
    }
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([open](atom::done) { open->answer.deliver(std::move(open->board)); },
            [open](const caf::error& why) { open->answer.deliver(why); });
  }

  mechanisms_actor::pointer self_;
  mechanisms_config config_;
  mechanisms_links links_;
};

mechanisms_actor::behavior_type
mechanisms_behavior(observed_pointer<mechanisms_actor, mechanisms_state> self,
                    mechanisms_config config, mechanisms_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(config, std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.collect(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
  };
}

} // namespace

mechanisms_actor
spawn_mechanisms(caf::actor_system& system, mechanisms_config config, mechanisms_links links) {
  return system.spawn(mechanisms_behavior, config, std::move(links));
}

} // namespace sluice
