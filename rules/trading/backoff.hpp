/// What to do with what an indexer answered: take it, ask again after a pause, give up, or stop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Milliseconds and counts, from 1, least_ms <= most_ms; not checked.
struct source_pause_terms {
  uint64_t least_ms = 2'000;      // of a pause of our own making
  uint64_t most_ms = 300'000;     // the same
  uint64_t unstated_ms = 60'000;  // when it wants a pause and does not state how long
  uint64_t obeyed_ms = 3'600'000; // the longest pause of its wish that is kept
  uint32_t attempts_max = 5;      // of one page in a row
  bool operator==(const source_pause_terms&) const = default;
};

/// What came of one request; the texts are those of its headers, "" without one.
struct source_answer {
  unsigned status = 0;     // 100 to 599; 0: no answer, or one that cannot be read
  std::string what;        // of no answer: why, in a sentence
  std::string retry_after; // Retry-After
  std::string remaining;   // X-RateLimit-Remaining
  std::string reset;       // X-RateLimit-Reset
};

enum class source_verdict : uint8_t {
  take = 0,  // the page is there; the next request after the pause
  again,     // the same page after the pause
  next_time, // nothing more of this coldkey until the next cycle
  stop,      // nothing more of this feed until an operator resumes it
};

/// `pause_ms`: from 0 to obeyed_ms with the jitter of a tenth; 0 for stop. `why`: a sentence; "" of
/// take.
struct source_decision {
  source_verdict verdict = source_verdict::take;
  uint64_t pause_ms = 0;
  bool exhausted = false; // next_time because it failed as often as it may
  std::string why;
};

/// 200 is taken. 401 stops the feed. 408, 429, 5xx, no answer: again, at most `attempts_max` times
/// in all, then next_time. Everything else is next_time. Pauses: what the server wants
/// (Retry-After; of 429 without a readable one `unstated_ms`), never undercut, else as
/// `failure_pause_ms`; a server that states that no requests remain is not asked before its reset.
/// `attempts`: of this page in a row, this one included, from 1. `chance`: any number, for the
/// jitter. `unix_ms`: milliseconds since 1970-01-01 UTC. (Facts A1 and A3b, column required.)
source_decision decide(const source_answer& x, uint32_t attempts, uint64_t chance, uint64_t unix_ms,
                       const source_pause_terms& terms);

/// Doubles from least_ms with every failure in a row (from 1) up to most_ms, and is anywhere in the
/// upper half of that. Milliseconds.
uint64_t failure_pause_ms(uint64_t failures, uint64_t chance, const source_pause_terms& terms);

/// How long to wait when no request remains: X-RateLimit-Remaining 0, and X-RateLimit-Reset in
/// seconds from now or, from 10^9 on, since 1970 (from 10^12 on in milliseconds). 0 when some
/// remain, or nothing is stated; `unstated_ms` when the reset cannot be read. Milliseconds, at most
/// obeyed_ms.
uint64_t rate_pause_ms(std::string_view remaining, std::string_view reset, uint64_t unix_ms,
                       const source_pause_terms& terms);

} // namespace sluice
