/// What keeps the sharing of reports among nodes bounded: who has seen what, and what waits.
#pragma once

#include "rules/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace sluice {

/// Digests of reports (report_digest), the latest; a report that is known goes no further, which
/// ends every loop of nodes.
class known_reports {
public:
  /// `most`: from 1; beyond it the one that came first is forgotten. A forgotten report is too old
  /// to be taken when `most` is above the reports of signed_report_terms::age_ms.
  explicit known_reports(size_t most = 65'536) : most_(most) {}

  /// False when it was known. Any text; no error.
  bool add(const std::string& digest);
  /// Nothing when it is not known.
  void remove(const std::string& digest);
  bool has(const std::string& digest) const { return all_.contains(digest); }
  /// From 0 to `most`. No error.
  size_t size() const { return all_.size(); }

private:
  size_t most_;
  std::set<std::string> all_;
  std::deque<std::string> order_;
};

/// From 1; not checked.
struct share_bounds {
  size_t unanswered = 24;                  // frames at a peer; its guard takes 64
  size_t waiting = 2'048;                  // reports behind them
  size_t waiting_bytes = size_t{64} << 20; // the same
};

/// Reports on their way to one peer, as bytes. Whoever is slow loses the oldest, which is counted:
/// a newer report of the same validator comes within minutes.
class share_queue {
public:
  explicit share_queue(share_bounds bounds = {}) : bounds_(bounds) {}

  void add(std::shared_ptr<const std::string> bytes);

  /// The next to be sent, which is unanswered from then on; null when there is none, or as many as
  /// may be are unanswered.
  std::shared_ptr<const std::string> next();

  /// The peer has dealt with one; false when none was unanswered: then it breaks the rules.
  bool answered();

  /// The connection is gone: so is everything.
  void clear();

  /// Reports, from 0. No error.
  size_t waiting() const { return waiting_.size(); }
  size_t unanswered() const { return unanswered_; }
  uint64_t dropped() const { return dropped_; }

private:
  share_bounds bounds_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  size_t bytes_ = 0;
  size_t unanswered_ = 0;
  uint64_t dropped_ = 0;
};

} // namespace sluice
