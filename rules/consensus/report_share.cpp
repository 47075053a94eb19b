#include "rules/consensus/report_share.hpp"

#include <utility>

namespace sluice {

bool known_reports::add(const std::string& digest) {
  if (!all_.insert(digest).second)
    return false;
  order_.push_back(digest);
  if (order_.size() > most_) {
    all_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

void known_reports::remove(const std::string& digest) {
  if (all_.erase(digest) > 0)
    std::erase(order_, digest);
}

void share_queue::add(std::shared_ptr<const std::string> bytes) {
  bytes_ += bytes->size();
  waiting_.push_back(std::move(bytes));
  while (waiting_.size() > bounds_.waiting || bytes_ > bounds_.waiting_bytes) {
    bytes_ -= waiting_.front()->size();
    waiting_.pop_front();
    ++dropped_;
  }
}

std::shared_ptr<const std::string> share_queue::next() {
  if (waiting_.empty() || unanswered_ >= bounds_.unanswered)
    return nullptr;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= first->size();
  ++unanswered_;
  return first;
}

bool share_queue::answered() {
  if (unanswered_ == 0)
    return false;
  --unanswered_;
  return true;
}

void share_queue::clear() {
  waiting_.clear();
  bytes_ = unanswered_ = 0;
}

} // namespace sluice
