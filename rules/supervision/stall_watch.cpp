#include "rules/supervision/stall_watch.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

std::vector<stalled_message>
stall_watch::look(std::chrono::milliseconds now, std::span<const message_sight> now_in_hand) {
  const auto passed
    = last_.count() < 0 ? std::chrono::milliseconds{0} : std::min(now - last_, 2 * usual_);
  last_ = now;
  std::vector<stalled_message> stalled;
  std::map<uint64_t, in_hand> next;
  for (size_t i = 0; i < now_in_hand.size(); ++i) {
    const auto& x = now_in_hand[i];
    const auto before = seen_.find(x.actor);
    in_hand mine{x.message};
    if (before != seen_.end() && before->second.message == x.message)
      mine.lasted = before->second.lasted + passed;
    if (x.bound.count() > 0 && mine.lasted >= x.bound)
      stalled.push_back({i, mine.lasted});
    next.emplace(x.actor, mine);
  }
  seen_ = std::move(next);
  return stalled;
}

} // namespace sluice
