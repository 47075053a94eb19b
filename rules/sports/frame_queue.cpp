#include "rules/sports/frame_queue.hpp"

#include <utility>

namespace sluice {

bool sports_frame_queue::push(waiting_frame x) {
  auto& normal = by_urgency_[static_cast<size_t>(frame_urgency::normal)];
  if (size_ >= frames_max_) {
    if (normal.empty())
      return false;
    normal.pop_front();
    --size_;
    ++dropped_;
  }
  by_urgency_[static_cast<size_t>(x.urgency)].push_back(std::move(x));
  ++size_;
  return true;
}

std::optional<waiting_frame> sports_frame_queue::pop() {
  for (auto& x : by_urgency_)
    if (!x.empty()) {
      auto first = std::move(x.front());
      x.pop_front();
      --size_;
      return first;
    }
  return {};
}

} // namespace sluice
