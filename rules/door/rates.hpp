/// Token buckets, and a table of them that stays small whoever comes.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

namespace sluice {

/// So many per second in the long run, so many at once.
struct rate {
  uint64_t per_second = 0;
  uint64_t burst = 0;
  SLUICE_FIELDS(per_second, burst)
  bool operator==(const rate&) const = default;
};

/// Full when it is new. Counts thousandths, so that any rate and any clock tick come out exact.
class token_bucket {
public:
  static constexpr uint64_t never = std::numeric_limits<uint64_t>::max();

  /// Takes `n` and answers 0, or takes nothing and answers the milliseconds until there are
  /// enough; `never` when there will not be. `now_ms` is of a clock that only goes forward.
  uint64_t take(const rate& terms, uint64_t n, uint64_t now_ms);

  /// Is it as good as new?
  bool full(const rate& terms, uint64_t now_ms) const { return missing_at(terms, now_ms) == 0; }

private:
  uint64_t missing_at(const rate& terms, uint64_t now_ms) const;

  uint64_t missing_ = 0; // thousandths of a token
  uint64_t at_ms_ = 0;
};

/// What is counted.
enum class metered : uint8_t { connections = 0, bytes, messages };
inline constexpr size_t metered_kinds = 3;

struct rate_terms {
  std::array<rate, metered_kinds> rates; // by `metered`
  size_t open_max = 0;                   // connections at the same time, per key
  size_t keys_max = 0;                   // entries of the table
};

/// One account per key: open connections and three buckets. Memory is bounded by `keys_max`. An
/// account that is full and has nothing open may be forgotten, because nobody could tell; when
/// none can, all further keys share one account, so that coming under many names wins nothing.
class rate_table {
public:
  explicit rate_table(rate_terms terms) : terms_(terms) {}

  /// What became of a request to open a connection. `account` is what it is charged to from now
  /// on: hand it to `take` and, once, to `close`.
  struct opening {
    bool allowed = false;
    bool too_many = false; // else too fast: `retry_ms`
    uint64_t retry_ms = 0;
    std::string account;
  };
  opening open(const std::string& key, uint64_t now_ms);
  void close(const std::string& account, uint64_t now_ms);

  /// As token_bucket::take, of an account that has a connection open; `never` for any other.
  uint64_t take(const std::string& account, metered what, uint64_t n, uint64_t now_ms);

  size_t size() const { return accounts_.size(); }

private:
  struct account {
    std::array<token_bucket, metered_kinds> buckets;
    size_t open = 0;
  };

  bool idle(const account& x, uint64_t now_ms) const;
  void sweep(uint64_t now_ms);
  const std::string& place_of(const std::string& key, uint64_t now_ms);

  rate_terms terms_;
  std::map<std::string, account> accounts_; // "" is the one that is shared
  uint64_t swept_ms_ = 0;
};

} // namespace sluice
