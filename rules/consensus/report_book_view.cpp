#include "rules/consensus/merge.hpp"
#include "rules/consensus/report_book_content.hpp"

namespace sluice {

std::string history_key(std::string_view hotkey, uint16_t uid) {
  return hotkey.empty() ? "uid:" + std::to_string(uid) : std::string{hotkey};
}

const consensus_settings& report_book::settings() const {
  return all_->settings;
}

const consensus_record* report_book::find(miner_uid uid) const {
  const auto& entry = all_->miners[uid.value];
  return entry ? &entry->record : nullptr;
}

std::vector<const consensus_record*> report_book::records() const {
  std::vector<const consensus_record*> found;
  for (const auto& entry : all_->miners)
    if (entry)
      found.push_back(&entry->record);
  return found;
}

std::vector<field_explanation> report_book::explain(miner_uid uid) const {
  const auto& entry = all_->miners[uid.value];
  if (!entry)
    return {};
  return explain_merge(uid, entry->reports.latest(), all_->now_ms, all_->settings);
}

std::vector<available_miner> report_book::selectable_miners(uint64_t now_ms) const {
  std::vector<available_miner> found;
  for (const auto* x : records())
    if (auto miner = selectable(*x, now_ms, all_->settings))
      found.push_back(*std::move(miner));
  return found;
}

consensus_statistics report_book::stats(uint64_t now_ms) const {
  consensus_statistics made;
  made.reports = all_->reports;
  for (const auto* x : records()) {
    ++made.miners_reported;
    made.agreed += x->state == consensus_state::agreed ? 1 : 0;
    made.conflicted += x->state == consensus_state::conflicted ? 1 : 0;
    made.pending += x->state == consensus_state::pending ? 1 : 0;
    made.stale += x->state == consensus_state::stale ? 1 : 0;
    if (x->has_quorum())
      made.mean_confidence += x->confidence;
    if (x->has_quorum() || x->fallback) {
      made.serving += x->status.is_serving.value_or(false) ? 1 : 0;
      made.total_stake += x->status.stake.value_or(0);
    }
  }
  for (const auto& [key, x] : all_->histories)
    if (x.last_ms > 0 && x.last_ms + all_->settings.active_s * 1000 >= now_ms)
      ++made.active_validators;
  const auto merged = made.agreed + made.conflicted;
  if (made.miners_reported > 0)
    made.coverage = static_cast<double>(made.agreed) / static_cast<double>(made.miners_reported);
  if (merged > 0) {
    made.conflict_rate = static_cast<double>(made.conflicted) / static_cast<double>(merged);
    made.mean_confidence /= static_cast<double>(merged);
  }
  made.by_consensus = made.agreed > 0;
  return made;
}

const std::map<std::string, validator_history>& report_book::histories() const {
  return all_->histories;
}

uint64_t report_book::reports() const {
  return all_->reports;
}

uint64_t report_book::last_number() const {
  return all_->last_number;
}

} // namespace sluice
