/// What the sources of the trading mechanism and the mechanism's actor send to each other.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "messages/mechanism.hpp"
#include "rules/trading/event.hpp"
#include "storage/trading/records.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A coldkey that a feed is to be asked about, and how far that is on the disk; none: never.
struct source_target {
  std::string coldkey; // "" of a file, which has one target
  std::optional<sync_point> synced;
  bool operator==(const source_target&) const = default;
};

/// Which delivery is durable: its source's incarnation and number.
struct delivery_mark {
  uint64_t incarnation = 0; // 0: none yet
  uint64_t number = 0;      // from 1
  SLUICE_FIELDS(incarnation, number)
  bool operator==(const delivery_mark&) const = default;
};

/// Trading -> source: what of yours is durable, what is wanted, what is new? The first request of
/// an actor has targets. Stays in this process: targets are shared, not copied.
struct source_request {
  /// Everything up to this delivery is on the disk, sync points included: only now they move.
  delivery_mark durable;
  /// Null: as before.
  std::shared_ptr<const std::vector<source_target>> targets;
  /// Stepped time: look now, and answer what there is (a file: a piece of it, `more` until it is
  /// read to its end). An indexer is asked at its own cadence and answers what has come.
  bool look_now = false;
};

/// What was read completely: of an indexer everything about one coldkey in a time, of a file a
/// piece of it. `rejected`: rows by row_rejection; `rows`: all of them. Counts from 0.
struct source_rows {
  std::string coldkey; // as asked; "" of a file
  std::vector<trading_event> events;
  std::array<uint64_t, row_rejections> rejected{};
  uint64_t rows = 0;
  /// What the row of (feed, coldkey) in trading_syncs becomes in the batch that stores the events.
  /// None: there may be more that was not seen; the same will be asked for again.
  std::optional<sync_point> synced;
};

/// Source -> trading. The same one comes again until it is reported as durable; events that are
/// there already change nothing. Errors are those of `trading_source_actor`.
struct source_delivery {
  std::string feed;
  delivery_mark mark;                                   // number 0: nothing new
  std::shared_ptr<const std::vector<source_rows>> rows; // never null
  bool more = false; // at least one delivery is ready behind this one: ask again at once
};

enum class source_health : uint8_t {
  starting = 0, // nothing was read yet
  good,         // the last look succeeded
  degraded,     // the last look failed, or a list kept changing; it goes on
  stopped,      // needs an operator: a key was refused, or a row in strict reading
  paused,       // by an operator
};

/// How a feed does; for whoever looks, and for metrics. Counts from 0, since the actor began; times
/// are milliseconds since 1970-01-01 UTC, 0: never. A file: pages are pieces, requests are looks.
struct source_view {
  std::string feed;
  std::string kind; // "file", "taostats", "taoapp"
  std::string from; // path or URL, without keys
  source_health health = source_health::starting;
  uint64_t targets = 0; // coldkeys
  uint64_t looks = 0;   // completed, also those that failed
  uint64_t requests = 0;
  uint64_t pages = 0;
  uint64_t rows = 0;
  uint64_t events = 0;
  std::map<std::string, uint64_t> rejected; // by the name of the reason
  uint64_t retries = 0;
  uint64_t failures = 0;  // coldkeys, of a file looks, that could not be read completely
  uint64_t unsettled = 0; // lists that kept changing
  uint64_t continued = 0; // lists that were taken up where an earlier look had failed
  uint64_t replaced = 0;  // files that were another one, or shorter, than before
  uint64_t delivered = 0; // readings of a coldkey, or pieces, that became durable
  uint64_t ready = 0;     // the same that wait
  uint64_t position = 0;  // bytes of a file that are durable
  uint64_t last_success_ms = 0;
  uint64_t last_error_ms = 0;
  uint64_t next_look_in_ms = 0; // by the clock of cadences; 0: now, or not at all
  std::string last_error;
  std::vector<std::string> last_rejected; // sentences of the latest rejected rows, 20 at most
  SLUICE_FIELDS(feed, kind, from, health, targets, looks, requests, pages, rows, events, rejected,
                retries, failures, unsettled, continued, replaced, delivered, ready, position,
                last_success_ms, last_error_ms, next_look_in_ms, last_error, last_rejected)
  bool operator==(const source_view&) const = default;
};

/// What an operator wants of a feed. Append only: the numbers travel.
enum class source_order : uint8_t {
  pause = 0, // no more looks; what has come is delivered
  resume,    // also after it stopped; looks at once
  look,      // now, whatever the cadence; ec::refused while it is paused or stopped
};

struct source_command {
  source_order order = source_order::pause;
  SLUICE_FIELDS(order)
  bool operator==(const source_command&) const = default;
};

/// SOURCE: one feed. It never fails because of what it reads: that is its health.
using trading_source_actor = caf::typed_actor<
  // Takes what is durable and what is wanted; answers at once what is ready. A row that is rejected
  // in strict reading is ec::bad_input, with file, line and reason, then and until it is resumed.
  caf::replies_to<source_request>::with<source_delivery>,
  // How it does.
  caf::replies_to<atom::view>::with<source_view>,
  // Obeys, and answers how it does then.
  caf::replies_to<source_command>::with<source_view>,
  // Its own: time to go on.
  caf::reacts_to<atom::due, uint64_t>>;

/// Client's thread -> its source: what came of request number `request`. Stays in this process.
struct source_reply {
  uint64_t request = 0;
  unsigned status = 0; // 0: no answer
  std::string body;
  std::string what; // of no answer: why
  std::string retry_after;
  std::string remaining;
  std::string reset;
  SLUICE_FIELDS(request, status, body, what, retry_after, remaining, reset)
  bool operator==(const source_reply&) const = default;
};

using indexer_source_actor = trading_source_actor::extend<caf::reacts_to<source_reply>>;

/// Trading -> sources: this of the feed of that name. Stays in this process.
struct feed_request {
  std::string feed;
  source_request request;
};

/// The same of an operator's order.
struct feed_command {
  std::string feed;
  source_command command;
  SLUICE_FIELDS(feed, command)
  bool operator==(const feed_command&) const = default;
};

/// SOURCES: restarts a source that fails. ec::no_such_key names the feeds that there are; the error
/// of a source that ends meanwhile is the answer.
using trading_sources_actor = caf::typed_actor<
  // Asks that source.
  caf::replies_to<feed_request>::with<source_delivery>,
  // Lets that source obey.
  caf::replies_to<feed_command>::with<source_view>,
  // How all of them do, in the order of the configuration; one that ends meanwhile is left out.
  caf::replies_to<atom::view>::with<std::vector<source_view>>>;

/// Asks for get_miner_performance.
struct performance_request {
  uint16_t uid = 0; // 0 to 65535
  SLUICE_FIELDS(uid)
  bool operator==(const performance_request&) const = default;
};

/// get_miner_performance of a registered miner (facts/mechanisms A3.7): percent 0 to 100 (ROI from
/// -100), whole TAO and alpha, seconds; `weight` 0 to 1.
struct performance_answer {
  uint16_t uid = 0;
  std::string hotkey;
  std::string coldkey;
  std::string status; // "active", "blacklisted"
  uint64_t total_trades = 0;
  double win_rate = 0;
  double avg_roi = 0;
  uint64_t current_positions = 0;
  double pnl_tao = 0; // scored
  double real_pnl_tao = 0;
  double volume_tao = 0;
  double volume_alpha = 0;
  double avg_duration_s = 0;
  double score = 0;
  double weight = 0;
  SLUICE_FIELDS(uid, hotkey, coldkey, status, total_trades, win_rate, avg_roi, current_positions,
                pnl_tao, real_pnl_tao, volume_tao, volume_alpha, avg_duration_s, score, weight)
  bool operator==(const performance_answer&) const = default;
};

/// TRADING: the mechanism. ec::no_such_key: nobody has that uid.
using trading_actor = mechanism_actor::extend<
  // How a miner does, from the disk.
  caf::replies_to<performance_request>::with<performance_answer>,
  // Its own: time to ask the feeds.
  caf::reacts_to<atom::due>>;

/// Call once per configuration, before the actor system is made.
void add_trading_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::source_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::source_delivery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::feed_request)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_trading, 1200)

  CAF_ADD_TYPE_ID(sluice_trading, (sluice::source_request))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::source_delivery))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::source_view))
  CAF_ADD_TYPE_ID(sluice_trading, (std::vector<sluice::source_view>))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::source_command))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::source_reply))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::trading_source_actor))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::indexer_source_actor))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::feed_request))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::feed_command))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::trading_sources_actor))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::performance_request))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::performance_answer))
  CAF_ADD_TYPE_ID(sluice_trading, (sluice::trading_actor))

CAF_END_TYPE_ID_BLOCK(sluice_trading)

EXTERN_INSTANTIATE(sluice::source_view)
EXTERN_INSTANTIATE(sluice::source_command)
EXTERN_INSTANTIATE(sluice::source_reply)
EXTERN_INSTANTIATE(sluice::feed_command)
EXTERN_INSTANTIATE(sluice::performance_request)
EXTERN_INSTANTIATE(sluice::performance_answer)
