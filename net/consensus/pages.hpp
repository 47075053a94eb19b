/// What consensus says of miners, as the bytes that are answered: written by one, read by many.
#pragma once

#include "net/consensus/page_texts.hpp"
#include "net/consensus/stream.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/stats.hpp"

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
#include <string_view>
#include <vector>

namespace sluice::net {

class cached_body;

/// What changed in the book, all at once. `reporter`, `epoch`: of the report that did it; none: it
/// was time, or a recall.
struct pages_update {
  std::vector<consensus_record> changed{}; // state none: there is no record any more
  consensus_statistics statistics{};
  std::optional<uint16_t> reporter{};
  std::optional<uint64_t> epoch{};
};

/// These records of the book, as they are now. `now_ms`: milliseconds since 1970-01-01 UTC.
pages_update
update_of(const report_book& book, std::span<const miner_uid> changed, uint64_t now_ms);
/// All records of the book.
pages_update update_of(const report_book& book, uint64_t now_ms);

/// The answer that a reader finds, or what there is in its place.
struct found_page {
  std::shared_ptr<const cached_body> page{}; // with status 200
  unsigned status = 200;                     // else 404, 500 or 503
  std::string detail{};                      // and why, a sentence
};

/// Any thread. What is written is seen by whoever reads next; nobody sees a part of an update. An
/// answer is made when it is first asked for after a change, by who asks, and kept until the next
/// change, or until it is `cache_s` old: the time in it is when it was made.
class consensus_pages {
public:
  /// `unix_ms`: milliseconds since 1970-01-01 UTC; called from any thread.
  consensus_pages(consensus_settings settings, std::function<uint64_t()> unix_ms,
                  stream_terms terms = {});
  ~consensus_pages();

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
  /// Every record that serves, merged or as a fallback. Before `open` there is none.
  found_page network_status() const;
  found_page statistics() const;
  /// What selection sees: the availability of each miner.
  found_page miners() const;
  /// Whether it works: the four checks of rules/consensus/stats.hpp.
  found_page health() const;

  /// Sends changes from now on; `uid`: only of this miner. In the thread of the server.
  void subscribe(websocket_request request, std::optional<uint16_t> uid);
  /// Accepts and closes it with this reason, a sentence. In the thread of the server.
  void refuse(websocket_request request, const std::string& why);
  /// Now, from 0.
  size_t subscribers() const { return stream_.subscribers(); }
  /// From 0; rises by one with every update.
  uint64_t version() const;

private:
  enum class stage { closed, open, failed };
  enum class kind : size_t { network_status = 0, statistics, miners, health };
  using text_function = std::string (*)(const pages_view&, const consensus_settings&);
  struct kept_page {
    std::shared_ptr<const cached_body> page;
    uint64_t version = 0;
    uint64_t from_ms = 0;  // when it was made
    uint64_t until_ms = 0; // from then on it is made anew
    bool good_at(uint64_t now_ms) const { return page && from_ms <= now_ms && now_ms < until_ms; }
  };
  struct entry {
    std::shared_ptr<const shown_record> shown;
    kept_page kept{}; // of `miner`
  };

  std::vector<stream_line> apply(pages_update update, bool all);
  void become(stage x, std::string why);
  std::optional<found_page> not_there(std::string_view what) const;
  found_page of_all(kind which, std::string_view what, text_function text) const;
  pages_view view_at(uint64_t now_ms) const;
  uint64_t good_until(const pages_view& x) const;

  const consensus_settings settings_;
  const std::function<uint64_t()> unix_ms_;
  std::mutex writing_;       // one update or one new subscriber at a time; before mutex_
  mutable std::mutex mutex_; // all below but the stream
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
