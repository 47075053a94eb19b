#include "net/consensus/pages.hpp"

#include "net/http/cached_body.hpp"

#include <algorithm>
#include <utility>

namespace sluice::net {

namespace {

constexpr uint64_t page_ms_per_s = 1000;

} // namespace

pages_update
update_of(const report_book& book, std::span<const miner_uid> changed, uint64_t now_ms) {
  pages_update made;
  made.changed.reserve(changed.size());
  for (const auto uid : changed) {
    if (const auto* record = book.find(uid)) {
      made.changed.push_back(*record);
    } else {
      made.changed.emplace_back().uid = uid;
      made.changed.back().changed_ms = now_ms;
    }
  }
  made.statistics = book.stats(now_ms);
  return made;
}

pages_update update_of(const report_book& book, uint64_t now_ms) {
  pages_update made;
  for (const auto* record : book.records())
    made.changed.push_back(*record);
  made.statistics = book.stats(now_ms);
  return made;
}

consensus_pages::consensus_pages(consensus_settings settings, std::function<uint64_t()> unix_ms,
                                 stream_terms terms)
  : settings_(settings), unix_ms_(std::move(unix_ms)), stream_(terms) {}

consensus_pages::~consensus_pages() = default;

/// Puts the update in its place, and gives what subscribers are sent of it; `all`: there is no
/// other record.
std::vector<stream_line> consensus_pages::apply(pages_update update, bool all) {
  std::vector<std::shared_ptr<const shown_record>> made;
  made.reserve(update.changed.size());
  for (auto& x : update.changed)
    made.push_back(std::make_shared<const shown_record>(
      shown_record{std::move(x), update.reporter, update.epoch}));
  std::map<uint16_t, entry> before; // its end takes time
  uint64_t version = 0;
  {
    const std::lock_guard lock{mutex_};
    if (all) {
      before.swap(entries_);
      vanished_.clear();
      stage_ = stage::open;
    }
    for (const auto& x : made) {
      const auto uid = x->record.uid.value;
      if (x->record.state == consensus_state::none) {
        if (entries_.erase(uid) > 0)
          vanished_.insert(uid);
      } else {
        entries_[uid] = {x, {}};
        vanished_.erase(uid);
      }
    }
    statistics_ = update.statistics;
    version = ++version_;
  }
  std::vector<stream_line> lines;
  if (stream_.subscribers() > 0)
    for (const auto& x : made)
      lines.push_back({x->record.uid.value, change_text(x->record, version)});
  return lines;
}

void consensus_pages::open(pages_update all) {
  const std::lock_guard lock{writing_};
  stream_.publish(apply(std::move(all), true));
}

void consensus_pages::put(pages_update update) {
  const std::lock_guard lock{writing_};
  stream_.publish(apply(std::move(update), false));
}

void consensus_pages::become(stage x, std::string why) {
  const std::lock_guard lock{mutex_};
  stage_ = x;
  why_ = std::move(why);
  entries_.clear();
  vanished_.clear();
  statistics_ = {};
  ++version_;
}

void consensus_pages::close() {
  become(stage::closed, {});
}

void consensus_pages::fail(std::string why) {
  become(stage::failed, std::move(why));
}

/// What is answered when there is nobody who answers for the records. Under the mutex.
std::optional<found_page> consensus_pages::not_there(std::string_view what) const {
  switch (stage_) {
  case stage::closed:
    return found_page{{}, 503, "Multi-validator manager not available"};
  case stage::failed:
    return found_page{{}, 500, std::string{what} + why_};
  case stage::open:
    break;
  }
  return {};
}

found_page consensus_pages::miner(uint16_t uid) const {
  const auto now = unix_ms_();
  std::shared_ptr<const shown_record> shown;
  {
    const std::lock_guard lock{mutex_};
    if (auto no = not_there("Failed to get miner consensus: "))
      return *std::move(no);
    const auto at = entries_.find(uid);
    if (at == entries_.end() || !at->second.shown->record.has_quorum()
        || state_at(at->second.shown->record, now, settings_) == consensus_state::stale)
      return {{}, 404, "No consensus status found for miner " + std::to_string(uid)};
    if (at->second.kept.good_at(now))
      return {at->second.kept.page};
    shown = at->second.shown;
  }
  auto page = make_cached(consensus_text(*shown, now, settings_));
  const std::lock_guard lock{mutex_};
  if (const auto at = entries_.find(uid); at != entries_.end() && at->second.shown == shown)
    at->second.kept = {page, 0, now, now + settings_.cache_s * page_ms_per_s};
  return {std::move(page)};
}

/// Under the mutex.
pages_view consensus_pages::view_at(uint64_t now_ms) const {
  pages_view made;
  made.records.reserve(entries_.size());
  for (const auto& [uid, x] : entries_)
    made.records.push_back(x.shown);
  made.statistics = statistics_;
  made.vanished = vanished_.size();
  made.version = version_;
  made.now_ms = now_ms;
  return made;
}

uint64_t consensus_pages::good_until(const pages_view& x) const {
  auto until = x.now_ms + settings_.cache_s * page_ms_per_s;
  for (const auto& one : x.records)
    until = std::min(until, changes_after(one->record, x.now_ms, settings_).value_or(until));
  return until;
}

found_page consensus_pages::of_all(kind which, std::string_view what, text_function text) const {
  const auto now = unix_ms_();
  pages_view view;
  {
    const std::lock_guard lock{mutex_};
    // Before there is a manager the original answers this one: with nobody.
    if (which != kind::network_status || stage_ == stage::failed)
      if (auto no = not_there(what))
        return *std::move(no);
    const auto& kept = kept_[static_cast<size_t>(which)];
    if (kept.version == version_ && kept.good_at(now))
      return {kept.page};
    view = view_at(now);
  }
  kept_page made{make_cached(text(view, settings_)), view.version, now, good_until(view)};
  const std::lock_guard lock{mutex_};
  auto& kept = kept_[static_cast<size_t>(which)];
  if (kept.version <= made.version)
    kept = made;
  return {std::move(made.page)};
}

found_page consensus_pages::network_status() const {
  return of_all(kind::network_status, "Failed to get miner status: ", network_status_text);
}

found_page consensus_pages::statistics() const {
  return of_all(kind::statistics, "Failed to get consensus stats: ", consensus_stats_text);
}

found_page consensus_pages::miners() const {
  return of_all(kind::miners, "Failed to get miners: ", selectable_text);
}

found_page consensus_pages::health() const {
  return of_all(kind::health, "", health_text);
}

void consensus_pages::subscribe(websocket_request request, std::optional<uint16_t> uid) {
  const std::lock_guard writing{writing_};
  std::string first;
  {
    const std::lock_guard lock{mutex_};
    first = snapshot_text(version_, entries_.size(), unix_ms_());
  }
  stream_.subscribe(std::move(request), uid, std::move(first));
}

void consensus_pages::refuse(websocket_request request, const std::string& why) {
  stream_.refuse(std::move(request), why);
}

uint64_t consensus_pages::version() const {
  const std::lock_guard lock{mutex_};
  return version_;
}

} // namespace sluice::net
