#include "actors/observed/actor_slot.hpp"

#include "actors/observed/actor_stats.hpp"

#include <utility>

namespace sluice {

std::string_view name_of(slot_state x) {
  switch (x) {
  case slot_state::running:
    return "running";
  case slot_state::restarting:
    return "restarting";
  case slot_state::abandoned:
    return "abandoned";
  case slot_state::ended:
    return "ended";
  }
  return "unknown";
}

actor_slot::actor_slot(std::string name) {
  now_.name = std::move(name);
}

slot_view actor_slot::look() const {
  const std::lock_guard lock{mutex_};
  return now_;
}

actor_counts actor_slot::counts() const {
  const std::lock_guard lock{mutex_};
  actor_counts all;
  for (const auto* incarnation : {now_.stats.get(), before_.get()})
    if (incarnation)
      all += incarnation->counts();
  if (long_before_)
    all += *long_before_;
  return all;
}

void actor_slot::taken(std::shared_ptr<actor_stats> stats, caf::actor_addr address) {
  const std::lock_guard lock{mutex_};
  if (before_) {
    if (!long_before_)
      long_before_ = std::make_unique<actor_counts>();
    *long_before_ += before_->counts();
  }
  before_ = std::exchange(now_.stats, std::move(stats));
  if (now_.stats && before_)
    now_.stats->take_over(*before_);
  now_.address = std::move(address);
  now_.state = slot_state::running;
}

void actor_slot::empty(slot_state why, const std::string& last_error) {
  const std::lock_guard lock{mutex_};
  now_.state = why;
  now_.address = {};
  if (!last_error.empty())
    now_.last_error = last_error;
}

void actor_slot::restarted() {
  const std::lock_guard lock{mutex_};
  ++now_.restarts;
}

} // namespace sluice
