/// All reports that count, in memory, and the records that they make: one writer, no clock.
#pragma once

#include "rules/consensus/availability.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/evidence.hpp"
#include "rules/consensus/record.hpp"
#include "rules/consensus/report.hpp"
#include "rules/consensus/stats.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// What one report did. `miners_processed` and `consensus_updated` are what its sender is answered:
/// its items, and those after which the miner had a quorum.
struct book_put {
  report_verdict verdict = report_verdict::take;
  uint64_t number = 0; // of the report, when it was taken
  uint32_t miners_processed = 0;
  uint32_t consensus_updated = 0;
  std::vector<miner_uid> changed;          // records, ascending
  std::vector<uint64_t> released;          // numbers of reports of which nothing is used any more
  std::optional<report_evidence> evidence; // of a contradiction
  std::string history;                     // key of the validator's history, which has changed
  std::vector<std::string> forgotten;      // keys of histories that made place for it
};

/// What time changed.
struct book_expiry {
  std::vector<miner_uid> changed; // records that became stale, pending or nothing, ascending
  std::vector<uint64_t> released; // numbers of reports of which nothing is used any more
};

/// Times: milliseconds since 1970-01-01 UTC, handed in with every call and never going back; one
/// that does counts as the last one. Bounds: 65536 miners, one report of each of
/// status_limits::validators_max validators per miner, for active_s or fallback_s, whichever is
/// longer.
class report_book {
public:
  explicit report_book(consensus_settings settings = {});
  ~report_book();
  report_book(report_book&&) noexcept;
  report_book& operator=(report_book&&) noexcept;

  // ---- changes ----------------------------------------------------------------------------------

  /// Who is a validator now, with its stake. Records follow when they are merged the next time.
  void set_validators(const std::vector<consensus_validator>& validators);

  /// Gives a report its number, its time (not before the last one's) and its items their
  /// confidence: as it is stored, before put().
  void prepare(status_report& x) const;

  /// Takes a prepared report, item by item. A signed one that is repeated, outdated or contradicts
  /// changes nothing but the history of its validator. Faults: ec::out_of_range when
  /// status_limits::validators_max validators have reported in the last active_s.
  result<book_put> put(status_report x);

  /// Recall: a stored report, in the order of the numbers. Neither judged nor counted: that is in
  /// the histories.
  void put_again(status_report x);
  /// Recall: what is known of validators, reports taken so far and the last number.
  void set_history(validator_history x);
  void set_counts(uint64_t reports, uint64_t last_number);

  /// Time has passed: reports leave the window, and after fallback_s the book.
  book_expiry expire(uint64_t now_ms);
  /// When expire() has something to do at the earliest; none when nothing is in the book.
  std::optional<uint64_t> next_expiry_ms() const;

  /// Merges every record anew, with today's stakes and reputations; those that changed.
  std::vector<miner_uid> refresh(uint64_t now_ms);

  // ---- what is so -------------------------------------------------------------------------------

  const consensus_settings& settings() const;
  /// Null when nobody reported on it, or too long ago.
  const consensus_record* find(miner_uid uid) const;
  /// All, by uid.
  std::vector<const consensus_record*> records() const;
  /// Every merged field of a record: reports, weights, rule, at the last moment that was handed in.
  /// Empty when there is none.
  std::vector<field_explanation> explain(miner_uid uid) const;
  /// As selection sees them at `now_ms`, by uid.
  std::vector<available_miner> selectable_miners(uint64_t now_ms) const;
  consensus_statistics stats(uint64_t now_ms) const;
  /// By hotkey, then uid. A validator that is known by its uid only has "uid:N" for its hotkey.
  const std::map<std::string, validator_history>& histories() const;
  uint64_t reports() const;     // taken
  uint64_t last_number() const; // of a report

private:
  struct content;
  std::unique_ptr<content> all_;
};

/// Under which name a validator's history is kept: its hotkey, else "uid:N".
std::string history_key(std::string_view hotkey, uint16_t uid);

} // namespace sluice
