/// When weights are published and when sourced leads wait: store, reply, publish, resume.
#pragma once

#include "rules/fields.hpp"
#include "rules/leads/config.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Where the curated flow is (facts/mechanisms B3b). Sourced leads wait in all but idle. Several
/// requests may be under way: then the first of these that holds of any, storing before replied
/// before publishing.
enum class curation_state : uint8_t {
  idle = 0,   // nothing is under way
  storing,    // a result is being stored, or is stored and not yet answered
  replied,    // a buyer was answered; waits until its publish may begin
  publishing, // a publish that curated leads asked for is under way
};
constexpr bool known(curation_state x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(curation_state::publishing);
}
/// "idle", "storing", "replied", "publishing"
std::string_view name_of(curation_state x);

/// What asked for a publish. Numbers are stored.
enum class publish_trigger : uint8_t {
  start = 0, // of the node
  timer,     // an interval after the last success
  retry,     // a while after a failure
  curated,   // a buyer was delivered
  operator_, // by command
};
constexpr bool known(publish_trigger x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(publish_trigger::operator_);
}
/// "start", "timer", "retry", "curated", "operator"
std::string_view name_of(publish_trigger x);

/// How an attempt ended. Numbers are stored.
enum class publish_end : uint8_t {
  open = 0, // under way
  done,     // the chain has the weights
  failed,
  skipped, // there was nothing to publish
  unknown, // not ended within the bound, or the node was
};
constexpr bool known(publish_end x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(publish_end::unknown);
}
/// "open", "done", "failed", "skipped", "unknown"
std::string_view name_of(publish_end x);

/// What the flow wants done, in order.
struct flow_action {
  enum class kind : uint8_t {
    store,          // this request's result; then stored or store_failed
    reply,          // to this request's buyer, with the result; then replied
    reply_error,    // to this request's buyer: nothing was stored
    publish,        // begin attempt `number`, because of `trigger`; then publish_ended
    pause_sourced,  // take no sourced leads
    resume_sourced, // go on taking them
  };
  kind what = kind::store;
  uint64_t request = 0; // as given to curated()
  uint64_t number = 0;  // of the attempt, from 1
  publish_trigger trigger = publish_trigger::start;
  bool operator==(const flow_action&) const = default;
};
using flow_actions = std::vector<flow_action>;

/// Milliseconds. `spacing_ms`: the least from the end of a publish that the chain may have taken to
/// the next one's start.
struct flow_terms {
  uint64_t interval_ms = 3'600'000;
  std::vector<uint64_t> retry_ms{600'000, 1'200'000, 2'400'000, 3'600'000}; // not empty
  uint64_t bound_ms = 120'000;
  uint64_t spacing_ms = 0;
  SLUICE_FIELDS(interval_ms, retry_ms, bound_ms, spacing_ms)
  bool operator==(const flow_terms&) const = default;
};
/// From the settings; spacing from the rate limit of the chain: blocks times their length.
flow_terms flow_terms_of(const leads_settings& settings);

/// The pause after an attempt, in milliseconds; `failures`: in a row, 0 after a success. Source:
/// facts/mechanisms B3.7.
uint64_t pause_ms(const flow_terms& terms, uint64_t failures);

/// What of the flow outlives the process. Times: milliseconds since 1970-01-01 UTC.
struct flow_record {
  uint64_t attempts = 0; // begun, over all of time
  uint64_t failures = 0; // in a row
  uint64_t taken_ms = 0; // end of the last attempt that the chain may have taken; 0: none
  bool pending = false;  // curated leads are stored that no successful publish covers
  SLUICE_FIELDS(attempts, failures, taken_ms, pending)
  bool operator==(const flow_record&) const = default;
};

/// A pure state machine: events in, actions out; the caller's clock with every event (milliseconds
/// since 1970, never going back; one that does counts as the last one).
///
/// It never begins a publish while a result is stored whose buyer was not answered, never replies
/// before the result is stored, and has one attempt under way at a time. Buyers are not kept
/// waiting for a publish, but for the moment in which one begins that has waited for longer than
/// the bound. What a publish covers are all results that were stored before it began; a failure
/// leaves them pending, and the timer tries again.
class curation_flow {
public:
  /// A node starts: publishes at once, as far as the spacing allows.
  curation_flow(flow_terms terms, const flow_record& before, uint64_t now_ms);

  // ---- events -----------------------------------------------------------------------------------

  /// A result is ready to be delivered. `request`: any number that is not under way.
  flow_actions curated(uint64_t request, uint64_t now_ms);
  flow_actions stored(uint64_t request, uint64_t now_ms);
  flow_actions store_failed(uint64_t request, uint64_t now_ms);
  /// The reply is sent, or could not be: the result is stored either way.
  flow_actions replied(uint64_t request, uint64_t now_ms);
  /// `number`: of the attempt. One that was given up still counts when it turns out to be done.
  flow_actions publish_ended(uint64_t number, publish_end how, uint64_t now_ms);
  /// An operator asks for a publish.
  flow_actions publish_wanted(uint64_t now_ms);
  /// Time has passed; needed at `wake_ms`.
  flow_actions tick(uint64_t now_ms);

  // ---- what is so -------------------------------------------------------------------------------

  curation_state state() const;
  bool sourced_may_run() const { return state() == curation_state::idle; }
  /// When tick() has something to do.
  uint64_t wake_ms() const;
  /// When the next publish may begin at the earliest; none while one is under way.
  std::optional<uint64_t> due_ms() const;
  bool publish_open() const { return open_.has_value(); }
  const flow_record& record() const { return record_; }
  const flow_terms& terms() const { return terms_; }
  /// Requests under way: stored or not, answered not yet; and those that wait to be stored.
  size_t under_way() const { return requests_.size(); }
  size_t held() const { return held_.size(); }

private:
  struct attempt {
    uint64_t number = 0;
    uint64_t began_ms = 0;
    bool curated = false; // sourced leads wait for it
  };
  enum class step : uint8_t { storing, replying };

  void at(uint64_t now_ms);
  flow_actions settled(flow_actions out = {});
  void begin_if_due(flow_actions& out);
  void end(publish_end how);
  bool waits_for_publish() const;
  bool is_overdue() const;
  uint64_t earliest_ms() const;
  bool has_uncovered() const;

  flow_terms terms_;
  flow_record record_;
  uint64_t now_ms_ = 0;
  uint64_t timer_ms_ = 0; // next publish by itself
  publish_trigger timer_trigger_ = publish_trigger::start;
  std::optional<uint64_t> fresh_ms_; // since when a delivered result waits for a publish to begin
  std::optional<uint64_t> asked_ms_; // since when an operator does
  std::map<uint64_t, step> requests_;
  std::vector<uint64_t> held_; // wait until the publish that is overdue has begun
  std::optional<attempt> open_;
  uint64_t given_up_ = 0; // number of the attempt that outlasted the bound last, 0: none
  bool paused_ = false;   // as the actions state it
};

} // namespace sluice
