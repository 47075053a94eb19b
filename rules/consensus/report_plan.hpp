/// Which proxy gets which report when: back-off per proxy, failover, and what is counted.
#pragma once

#include "rules/consensus/report_settings.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Milliseconds, from 1, least_ms <= most_ms; not checked.
struct report_pauses {
  uint64_t least_ms = 1'000;      // after the first failure in a row
  uint64_t most_ms = 300'000;     // after many
  uint64_t unstated_ms = 60'000;  // of 429 without a readable Retry-After
  uint64_t obeyed_ms = 3'600'000; // the longest Retry-After that is kept
};

/// Number of the interval that a moment is in, from 0: the epoch of the report that is made in it.
/// `unix_ms`: milliseconds since 1970-01-01 UTC; `interval_s`: seconds, from 1, not checked.
constexpr uint64_t report_slot(uint64_t unix_ms, uint64_t interval_s) {
  return unix_ms / (interval_s * 1000);
}

/// Milliseconds until the next interval begins, 1 to interval_s * 1000. As above.
constexpr uint64_t ms_to_next_slot(uint64_t unix_ms, uint64_t interval_s) {
  return interval_s * 1000 - unix_ms % (interval_s * 1000);
}

/// What came of one attempt; the texts are the server's, "" without one.
struct report_answer {
  unsigned status = 0;           // 100 to 599; 0: no answer, or one that cannot be read
  bool success = false;          // of 200: what its body states
  std::string what;              // of no answer, or of no success: why, in a sentence
  std::string retry_after;       // Retry-After
  uint64_t miners_processed = 0; // of success
  uint64_t consensus_updated = 0;
  bool operator==(const report_answer&) const = default;
};

/// What an attempt's end means.
enum class sending_verdict : uint8_t {
  delivered = 0, // 200 with success, or 409: it is there
  rejected,      // this report will not be taken by this proxy; the next one is tried
  again,         // 408, 425, 429, 5xx, no answer: the newest report after the pause
  stopped,       // 401, 403 to a key: nothing more until the key is another
};

/// `why`: a sentence with what to do; "" of delivered. `pause_ms`: of again; 0 of the others.
struct report_decision {
  sending_verdict verdict = sending_verdict::delivered;
  uint64_t pause_ms = 0;
  std::string why;
};

/// `keyed`: the request had an API key; without one 401 and 403 reject the report. `failures`: of
/// this proxy in a row, this one included, from 1. `chance`: any number, for the jitter. `unix_ms`:
/// milliseconds since 1970-01-01 UTC, for a Retry-After that is a date. Pauses double from least_ms
/// to most_ms, anywhere in the upper half; a Retry-After is never undercut. No error.
report_decision decide_report(const report_answer& x, bool keyed, uint64_t failures,
                              uint64_t chance, uint64_t unix_ms, const report_pauses& pauses);

enum class report_target_state : uint8_t {
  idle = 0, // has what there is, or is not its turn
  open,     // a request is on its way
  waiting,  // backs off
  stopped,  // its key was refused
};

/// One proxy, for whoever looks. Counts from 0 since the plan began. Of mode `all` every report
/// ends in delivered, replaced or rejected, or is on its way, or the newest. Alternatives share one
/// count of replaced reports, that of the first of them.
struct report_target_view {
  std::string url;
  report_form form = report_form::signed_json;
  report_mode mode = report_mode::all;
  report_target_state state = report_target_state::idle;
  uint64_t attempts = 0;
  uint64_t delivered = 0;         // reports
  uint64_t replaced = 0;          // reports that a newer one took the place of, undelivered
  uint64_t rejected = 0;          // reports that this proxy does not take
  uint64_t failures = 0;          // attempts that ended without an answer that counts
  uint64_t in_a_row = 0;          // of them, since the last that did not fail
  uint64_t last_report = 0;       // number of the last that was delivered; 0: none
  uint64_t last_status = 0;       // HTTP; 0: none
  uint64_t next_ms = 0;           // of waiting: from the plan's clock
  uint64_t miners_processed = 0;  // of the last delivered
  uint64_t consensus_updated = 0; // the same
  std::string last_error;
  SLUICE_FIELDS(url, form, mode, state, attempts, delivered, replaced, rejected, failures, in_a_row,
                last_report, last_status, next_ms, miners_processed, consensus_updated, last_error)
  bool operator==(const report_target_view&) const = default;
};

/// Send report `report` to target `target` now.
struct report_attempt {
  size_t target = 0;   // index into the settings' list
  uint64_t report = 0; // its number
  bool operator==(const report_attempt&) const = default;
};

/// Keeps numbers of reports, not reports: the newest is all that is ever sent. Targets of mode
/// `all` are on their own. Those of mode `first` are alternatives: the report goes to the first of
/// them, in the order of the list, that neither backs off nor is stopped; when that fails, at once
/// to the next; when none is left, to whichever's pause ends first. `now_ms`: of a clock that only
/// goes forward.
class report_plan {
public:
  report_plan(std::vector<report_target> targets, const report_pauses& pauses);

  /// A new report, `number` above all earlier ones (not checked). It takes the place of one that is
  /// not delivered yet.
  void offer(uint64_t number);

  /// What is to be sent now; each is open from then on until `answered`. A target has one open
  /// attempt at most.
  std::vector<report_attempt> due(uint64_t now_ms);

  /// The end of an open attempt; of any other it is passed over. Answers the verdict.
  std::optional<sending_verdict> answered(const report_attempt& x, const report_answer& answer,
                                          uint64_t now_ms, uint64_t unix_ms, uint64_t chance);

  /// An attempt that could not be begun, for a reason that an operator has to remove (a key file
  /// that cannot be read, a URL that is none): stopped until `resume`.
  void refuse(const report_attempt& x, const std::string& why);

  /// Its key is another one now: it is tried again at once. Nothing for one that is not stopped.
  void resume(size_t target);

  /// When `due` has to be asked next: by the same clock; none: after the next offer or answer.
  std::optional<uint64_t> next_ms() const;

  /// Of every target, in the order of the settings.
  std::vector<report_target_view> view() const;

  /// Is this one stopped? `target`: an index of the list.
  bool stopped(size_t target) const;

private:
  struct target_state {
    report_target_view shown;
    bool keyed = false;
    uint64_t open = 0; // number of the report that is on its way; 0: none
    uint64_t has = 0;  // newest report that needs nothing more here: delivered or rejected
  };

  bool may_try(const target_state& x, uint64_t now_ms) const;
  bool group_is_open() const;
  bool group_lacks() const;
  void settle_group();
  void count_replaced(target_state& x);

  report_pauses pauses_;
  std::vector<target_state> targets_;
  std::vector<size_t> group_; // the alternatives
  uint64_t newest_ = 0;       // 0: none yet
  uint64_t group_has_ = 0;    // newest report that they need nothing more of
};

} // namespace sluice
