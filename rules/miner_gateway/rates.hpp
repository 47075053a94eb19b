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

/// So many per second in the long run, so many at once; both count what is metered (connections,
/// bytes or messages), 0 or more. A burst of 0 allows nothing.
struct rate {
  uint64_t per_second = 0;
  uint64_t burst = 0;
  SLUICE_FIELDS(per_second, burst)
  bool operator==(const rate&) const = default;
};

/// Full when it is new. Counts thousandths, so that any rate and any clock tick come out exact.
/// Times are milliseconds. No error.
class token_bucket {
public:
  /// In place of milliseconds: there will never be enough.
  static constexpr uint64_t never = std::numeric_limits<uint64_t>::max();

  /// Takes `n` and answers 0, or takes nothing and answers the milliseconds until there are
  /// enough; `never` when there will not be. `now_ms` is of a clock that only goes forward.
  uint64_t take(const rate& terms, uint64_t n, uint64_t now_ms);

  /// Gives back `n` that were taken, as if they never had been; never more than `terms.burst`.
  void give_back(const rate& terms, uint64_t n, uint64_t now_ms);

  /// Is it as good as new?
  bool full(const rate& terms, uint64_t now_ms) const { return missing_at(terms, now_ms) == 0; }

private:
  uint64_t missing_at(const rate& terms, uint64_t now_ms) const;

  uint64_t missing_ = 0; // thousandths of a token
  uint64_t at_ms_ = 0;
};

/// What is counted.
enum class metered : uint8_t { connections = 0, bytes, messages };
/// Number of kinds that are counted.
inline constexpr size_t metered_kinds = 3;

/// Limits of one table.
struct rate_terms {
  std::array<rate, metered_kinds> rates; // by `metered`
  size_t open_max = 0;                   // connections at the same time, per key
  size_t keys_max = 0;                   // entries of the table
};

/// One account per key: open connections and three buckets. Memory is bounded by `keys_max`. An
/// account that is full and has nothing open may be forgotten, because nobody could see a
/// difference; when none can, all further keys share one account, so that coming under many names
/// wins nothing. Times are milliseconds of a clock that only goes forward.
class rate_table {
public:
  explicit rate_table(rate_terms terms) : terms_(terms) {}

  /// What became of a request to open a connection. `account` is what it is charged to from now
  /// on: hand it to `take` and, once, to `close`.
  struct opening {
    bool allowed = false;
    bool too_many = false; // else too fast: `retry_ms`
    uint64_t retry_ms = 0; // milliseconds until it may be tried again; 0 when too_many
    std::string account;
  };
  /// Takes one connection of the key's account at `now_ms`; no error.
  opening open(const std::string& key, uint64_t now_ms);
  /// An account that is not open is ignored.
  void close(const std::string& account, uint64_t now_ms);

  /// As token_bucket::take, of an account that has a connection open; `never` for any other.
  /// Milliseconds, 0 when it was taken.
  uint64_t take(const std::string& account, metered what, uint64_t n, uint64_t now_ms);

  /// As token_bucket::give_back; an account that is not open is passed over.
  void give_back(const std::string& account, metered what, uint64_t n, uint64_t now_ms);

  /// Accounts, 0 to keys_max (to 1 when that is 0).
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
