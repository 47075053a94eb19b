#include "rules/consensus/confidence.hpp"
#include "rules/consensus/merge.hpp"
#include "rules/consensus/report_book_content.hpp"

namespace sluice {

namespace {

bool is_same_but_time(const consensus_record& a, const consensus_record& b) {
  return a.state == b.state && a.fallback == b.fallback && a.newest_ms == b.newest_ms
         && a.reports_used == b.reports_used && a.compared_fields == b.compared_fields
         && a.conflict_ratio == b.conflict_ratio && a.confidence == b.confidence
         && a.hotkey == b.hotkey && a.validators == b.validators && a.conflicts == b.conflicts
         && a.status == b.status;
}

} // namespace

uint64_t report_book::content::stake_of(uint16_t uid) const {
  const auto at = validators.find(uid);
  return at == validators.end() ? 0 : at->second.stake_rao;
}

/// Null when there is no place for one more.
validator_history*
report_book::content::history(const status_report& x, std::vector<std::string>& forgotten) {
  const auto key = history_key(x.hotkey, x.validator_uid);
  auto at = histories.find(key);
  if (at == histories.end()) {
    if (histories.size() >= status_limits::validators_max) {
      const auto oldest
        = std::min_element(histories.begin(), histories.end(), [](const auto& a, const auto& b) {
            return a.second.last_ms < b.second.last_ms;
          });
      if (oldest->second.last_ms + kept_ms() >= now_ms)
        return nullptr;
      forgotten.push_back(oldest->first);
      histories.erase(oldest);
    }
    at = histories.emplace(key, validator_history{}).first;
    at->second.hotkey = key;
  }
  at->second.uid = x.validator_uid;
  return &at->second;
}

/// Merges anew; did anything but the time change?
bool report_book::content::merge(uint16_t uid, book_entry& entry) {
  auto made = merge_reports({uid}, entry.reports.latest(), now_ms, settings);
  if (is_same_but_time(made, entry.record) && entry.record.version > 0)
    return false;
  made.version = entry.record.version + 1;
  entry.record = std::move(made);
  return true;
}

void report_book::content::release(uint64_t number, std::vector<uint64_t>& released) {
  const auto at = uses.find(number);
  if (at == uses.end() || --at->second > 0)
    return;
  uses.erase(at);
  released.push_back(number);
}

weighed_report
report_book::content::head_of(const status_report& x, const validator_history* of) const {
  weighed_report head;
  head.validator_uid = x.validator_uid;
  head.received_ms = x.received_ms;
  head.report = x.number;
  head.stake_rao = stake_of(x.validator_uid);
  head.reputation = of == nullptr ? 1.0 : of->reputation;
  return head;
}

/// The miner's entry, not merged yet.
book_entry& report_book::content::put_item(miner_status&& x, const weighed_report& head,
                                           std::vector<uint64_t>& released) {
  const auto uid = x.uid.value;
  auto& entry = miners[uid];
  if (!entry)
    entry = std::make_unique<book_entry>();
  ++uses[head.report];
  if (const auto unused = entry->reports.put(std::move(x), head))
    release(*unused, released);
  const auto leaves_ms = head.received_ms + settings.window_s * 1000 + 1;
  if (entry->checked_ms == 0 || leaves_ms < entry->checked_ms)
    set_alarm(uid, *entry, leaves_ms);
  return *entry;
}

/// A report that counts: history, items, records.
void report_book::content::take(status_report& x, validator_history& of, book_put& out) {
  out.number = x.number;
  last_number = std::max(last_number, x.number);
  ++reports;
  ++of.reports;
  of.items += x.statuses.size();
  of.last_ms = x.received_ms;
  of.last_epoch = x.epoch;
  if (x.proof == report_proof::signature) {
    of.has_signed = true;
    of.signed_epoch = x.epoch;
    of.last_signed = {x.digest, x.proof_text, x.issued_ms, x.received_ms};
    of.others.clear();
  }
  const auto head = head_of(x, &of);
  agreement sum;
  ++uses[x.number]; // until the end of this call
  for (auto& status : x.statuses) {
    const auto uid = status.uid;
    auto& entry = put_item(std::move(status), head, out.released);
    if (merge(uid.value, entry))
      out.changed.push_back(uid);
    ++out.miners_processed;
    out.consensus_updated += entry.record.has_quorum() ? 1 : 0;
    const auto found = agreement_with(*entry.reports.of(x.validator_uid), entry.record,
                                      settings.weights.tolerance);
    sum.agreed += found.agreed;
    sum.differed += found.differed;
  }
  release(x.number, out.released);
  count_agreement(of, sum, settings.weights);
  std::sort(out.changed.begin(), out.changed.end());
  out.changed.erase(std::unique(out.changed.begin(), out.changed.end()), out.changed.end());
}

void report_book::content::set_alarm(uint16_t uid, book_entry& entry, uint64_t at_ms) {
  entry.checked_ms = at_ms;
  alarms.push({at_ms, uid});
}

/// When the first of its reports leaves the window, no longer serves, or is dropped.
uint64_t report_book::content::next_change_ms(const book_entry& entry) const {
  uint64_t next = UINT64_MAX;
  for (const auto& x : entry.reports.latest())
    for (const auto span : {settings.window_s * 1000, settings.fallback_s * 1000, kept_ms()})
      if (x.received_ms + span >= now_ms)
        next = std::min(next, x.received_ms + span + 1);
  return next;
}

report_book::report_book(consensus_settings settings) : all_(std::make_unique<content>()) {
  all_->settings = settings;
}
report_book::~report_book() = default;
report_book::report_book(report_book&&) noexcept = default;
report_book& report_book::operator=(report_book&&) noexcept = default;

void report_book::set_validators(const std::vector<consensus_validator>& validators) {
  all_->validators.clear();
  for (const auto& x : validators)
    all_->validators[x.uid] = x;
  for (auto& entry : all_->miners)
    if (entry)
      for (auto& head : entry->reports.heads())
        head.stake_rao = all_->stake_of(head.validator_uid);
}

void report_book::prepare(status_report& x) const {
  x.number = all_->last_number + 1;
  x.received_ms = std::max(x.received_ms, all_->now_ms);
  for (auto& y : x.statuses)
    y.confidence = confidence_of(y, x.received_ms, all_->settings.confidence);
}

result<book_put> report_book::put(status_report x) {
  auto& all = *all_;
  all.now_ms = std::max(all.now_ms, x.received_ms);
  book_put made;
  auto* history = all.history(x, made.forgotten);
  if (history == nullptr)
    return fault{ec::out_of_range,
                 "validator " + std::to_string(x.validator_uid) + ": "
                   + std::to_string(status_limits::validators_max)
                   + " validators have reported in the last " + std::to_string(all.kept_ms() / 1000)
                   + " s, which is the most that one node takes; report to another node"};
  made.history = history_key(x.hotkey, x.validator_uid);
  made.verdict = judge_report(x, *history);
  if (made.verdict == report_verdict::contradiction) {
    made.evidence = evidence_of(x, *history);
    history->others.push_back(x.digest);
    count_contradiction(*history, all.settings.weights);
  }
  if (made.verdict == report_verdict::take)
    all.take(x, *history, made);
  return made;
}

void report_book::put_again(status_report x) {
  auto& all = *all_;
  all.now_ms = std::max(all.now_ms, x.received_ms);
  all.last_number = std::max(all.last_number, x.number);
  const auto at = all.histories.find(history_key(x.hotkey, x.validator_uid));
  const auto head = all.head_of(x, at == all.histories.end() ? nullptr : &at->second);
  std::vector<uint64_t> released;
  for (auto& status : x.statuses) {
    const auto uid = status.uid.value;
    all.merge(uid, all.put_item(std::move(status), head, released));
  }
}

void report_book::set_history(validator_history x) {
  auto key = x.hotkey;
  all_->histories[std::move(key)] = std::move(x);
}

void report_book::set_counts(uint64_t reports, uint64_t last_number) {
  all_->reports = reports;
  all_->last_number = std::max(all_->last_number, last_number);
}

book_expiry report_book::expire(uint64_t now_ms) {
  auto& all = *all_;
  all.now_ms = std::max(all.now_ms, now_ms);
  book_expiry made;
  while (!all.alarms.empty() && all.alarms.top().at_ms <= all.now_ms) {
    const auto [at_ms, uid] = all.alarms.top();
    all.alarms.pop();
    if (!all.miners[uid] || all.miners[uid]->checked_ms != at_ms)
      continue; // an earlier one took its place
    auto& entry = *all.miners[uid];
    const auto oldest = all.now_ms - std::min(all.now_ms, all.kept_ms());
    for (const auto number : entry.reports.drop_before(oldest))
      all.release(number, made.released);
    if (entry.reports.empty()) {
      all.miners[uid].reset();
      made.changed.push_back({uid});
      continue;
    }
    if (all.merge(uid, entry))
      made.changed.push_back({uid});
    all.set_alarm(uid, entry, all.next_change_ms(entry));
  }
  std::sort(made.changed.begin(), made.changed.end());
  return made;
}

std::optional<uint64_t> report_book::next_expiry_ms() const {
  if (all_->alarms.empty())
    return std::nullopt;
  return all_->alarms.top().at_ms;
}

std::vector<miner_uid> report_book::refresh(uint64_t now_ms) {
  auto& all = *all_;
  all.now_ms = std::max(all.now_ms, now_ms);
  std::map<uint16_t, double> reputations;
  for (const auto& [key, x] : all.histories)
    reputations[x.uid] = x.reputation;
  std::vector<miner_uid> changed;
  for (size_t uid = 0; uid < book_miners; ++uid) {
    auto& entry = all.miners[uid];
    if (!entry)
      continue;
    for (auto& head : entry->reports.heads())
      if (const auto at = reputations.find(head.validator_uid); at != reputations.end())
        head.reputation = at->second;
    if (all.merge(static_cast<uint16_t>(uid), *entry))
      changed.push_back({static_cast<uint16_t>(uid)});
  }
  return changed;
}

} // namespace sluice
