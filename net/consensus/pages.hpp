/// What consensus says of miners, as the bytes that are answered: written by one, read by many.
#pragma once

#include "net/consensus/stream.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/stats.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

class cached_body;

/// What changed in the book, all at once. `reporter`, `epoch`: of the report that did it; none: it
/// was time, or a recall.
struct pages_update {
  std::vector<consensus_record> changed; // state none: there is no record any more
  consensus_statistics statistics;
  std::optional<uint16_t> reporter;
  std::optional<uint64_t> epoch;
};

/// Of these records of the book, as they are now. `now_ms`: milliseconds since 1970-01-01 UTC.
pages_update
update_of(const report_book& book, std::span<const miner_uid> changed, uint64_t now_ms);

/// A record, with who reported last. Never changes.
struct shown_record {
  consensus_record record;
  std::optional<uint16_t> reporter;
  std::optional<uint64_t> epoch;
};
using shown_records = std::vector<std::shared_ptr<const shown_record>>;

/// An answer that a reader finds, and the status when there is none.
struct found_page {
  std::shared_ptr<const cached_body> page{}; // 200
  unsigned status = 200;                     // 404, 500 or 503 when there is no page
  std::string detail{};                      // a sentence then
};

/// Any thread. What is written is seen by whoever reads next; nobody sees a part of an update. An
/// answer is made when it is first asked for after a change, by who asks, and kept until the next
/// change, or until it is `cache_s` old: the time in it is when it was made.
class consensus_pages {
public:
  /// `unix_ms`: milliseconds since 1970-01-01 UTC; called from any thread.
  consensus_pages(consensus_settings settings, std::function<uint64_t()> unix_ms,
                  stream_terms terms = {});

  // ---- of the writer ----------------------------------------------------------------------------

  /// From now on reports are taken: what is asked is answered. `all`: every record that there is.
  void open(pages_update all);
  /// Nobody answers for the records any more: 503 until the next `open`.
  void close();
  /// The store has failed: 500 with this sentence until the next `open`.
  void fail(std::string why);
  /// Replaces these records and tells subscribers.
  void put(pages_update update);

  // ---- of readers -------------------------------------------------------------------------------

  /// A record with a quorum that is not stale. Uid 0 to 65535.
  found_page miner(uint16_t uid) const;
  /// Every record that may be selected or serves as a fallback. Empty before `open`.
  found_page network_status() const;
  found_page statistics() const;
  /// What selection sees: availability of each miner.
  found_page miners() const;
  /// Whether it works, and the four checks of rules/consensus/stats.hpp.
  found_page health() const;

  /// From 0; rises by one with every update.
  uint64_t version() const;
  /// Sends changes from now on; `uid`: only of this miner.
  void subscribe(websocket_request request, std::optional<uint16_t> uid);
  /// Now, from 0.
  size_t subscribers() const;

private:
  enum class stage { closed, open, failed };
  struct kept_page {
    std::shared_ptr<const cached_body> page;
    uint64_t version = 0;
    uint64_t made_ms = 0;
  };
  struct entry {
    std::shared_ptr<const shown_record> shown;
    std::shared_ptr<const cached_body> page; // of `miner`
    uint64_t made_ms = 0;
  };
  /// Everything that a page of all miners is made of, at one moment.
  struct view {
    shown_records records; // by uid
    consensus_statistics statistics;
    uint64_t vanished = 0;
    uint64_t version = 0;
    uint64_t now_ms = 0;
    bool open = false;
  };
  enum class kind : size_t { network_status = 0, statistics, miners, health };

  std::vector<stream_line> apply(pages_update update);
  std::optional<found_page> not_there() const;
  found_page shared_page(kind which, std::string (consensus_pages::*make)(const view&) const) const;
  std::string network_status_of(const view& x) const;
  std::string statistics_of(const view& x) const;
  std::string miners_of(const view& x) const;
  std::string health_of(const view& x) const;

  const consensus_settings settings_;
  const std::function<uint64_t()> unix_ms_;
  mutable std::mutex mutex_; // all below
  stage stage_ = stage::closed;
  std::string why_;
  mutable std::map<uint16_t, entry> entries_;
  std::set<uint16_t> vanished_;
  consensus_statistics statistics_;
  uint64_t version_ = 0;
  mutable std::array<kept_page, 4> kept_{};
  consensus_stream stream_;
};

} // namespace sluice::net
