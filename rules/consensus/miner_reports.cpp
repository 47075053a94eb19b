#include "rules/consensus/miner_reports.hpp"

#include <algorithm>

namespace sluice {

/// Where it is, or would be.
size_t miner_reports::place_of(uint16_t validator_uid) const {
  const auto at
    = std::lower_bound(heads_.begin(), heads_.end(), validator_uid,
                       [](const weighed_report& a, uint16_t uid) { return a.validator_uid < uid; });
  return static_cast<size_t>(at - heads_.begin());
}

const miner_status* miner_reports::of(uint16_t validator_uid) const {
  const auto place = place_of(validator_uid);
  return place < heads_.size() && heads_[place].validator_uid == validator_uid
           ? statuses_[place].get()
           : nullptr;
}

std::optional<uint64_t> miner_reports::put(miner_status&& x, const weighed_report& head) {
  const auto place = place_of(head.validator_uid);
  std::optional<uint64_t> unused;
  if (place < heads_.size() && heads_[place].validator_uid == head.validator_uid) {
    if (heads_[place].received_ms > head.received_ms)
      return head.report;
    unused = heads_[place].report;
    *statuses_[place] = std::move(x);
  } else {
    heads_.insert(heads_.begin() + static_cast<ptrdiff_t>(place), weighed_report{});
    statuses_.insert(statuses_.begin() + static_cast<ptrdiff_t>(place),
                     std::make_unique<miner_status>(std::move(x)));
  }
  const auto& status = *statuses_[place];
  auto made = weigh(status, id_of(status.hotkey), head.validator_uid, head.received_ms);
  made.stake_rao = head.stake_rao;
  made.reputation = head.reputation;
  made.report = head.report;
  heads_[place] = made;
  if (hotkeys_.size() > heads_.size() + 8)
    forget_unused_hotkeys();
  return unused;
}

std::vector<uint64_t> miner_reports::drop_before(uint64_t oldest_ms) {
  std::vector<uint64_t> dropped;
  size_t kept = 0;
  for (size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].received_ms < oldest_ms) {
      dropped.push_back(heads_[i].report);
      continue;
    }
    if (kept != i) {
      heads_[kept] = heads_[i];
      statuses_[kept] = std::move(statuses_[i]);
    }
    ++kept;
  }
  heads_.resize(kept);
  statuses_.resize(kept);
  return dropped;
}

uint32_t miner_reports::id_of(const std::string& hotkey) {
  if (hotkey.empty())
    return 0;
  const auto at = std::find(hotkeys_.begin(), hotkeys_.end(), hotkey);
  if (at != hotkeys_.end())
    return static_cast<uint32_t>(at - hotkeys_.begin()) + 1;
  hotkeys_.push_back(hotkey);
  return static_cast<uint32_t>(hotkeys_.size());
}

void miner_reports::forget_unused_hotkeys() {
  hotkeys_.clear();
  for (size_t i = 0; i < heads_.size(); ++i)
    heads_[i].hotkey_id = id_of(statuses_[i]->hotkey);
}

} // namespace sluice
