/// Reads rows of stake events: our own form, those of taostats and those of tao.app.
///
/// Own form, one JSON object a line: {"time" (ISO), "coldkey", "hotkey", "netuid", "action":
/// "stake"|"unstake", "tao_rao", "alpha_rao", "extrinsic"[, "block", "index", "fee_rao"]}.
/// taostats: {block_number, timestamp, netuid, action, nominator.ss58, delegate.ss58, amount,
/// alpha, extrinsic_id} with rao as text. tao.app: {coldkey, timestamp, event_id, netuid,
/// amount_in, amount_out, hotkey, extrinsics} with whole units. Other members are passed over.
#pragma once

#include "rules/result.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/event.hpp"
#include "rules/trading/stats.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

enum class event_row_form : uint8_t {
  any = 0, // recognised by "nominator" or "event_id", else our own
  own,
  taostats,
  taoapp,
};

struct event_row_options {
  event_row_form form = event_row_form::any;
  tao_mapping mapping = tao_mapping::in_is_tao; // of taoapp
  std::string_view coldkey{}; // of rows of a page that state none: the one that was asked for
};

/// A row of a file or of a page: an event, or the first reason why it is none.
struct stake_row {
  std::optional<trading_event> event;
  row_rejection rejected = row_rejection::none;
  std::string why; // "FILE:LINE:COLUMN: field: expected ..., got ...; what to do"; "" for an event
};

/// One line. Never fails: what is wrong is in the row. `file` and `line` (from 1) are for the
/// sentence. The bytes are those of a line_reader: bounded and UTF-8.
stake_row read_event_row(std::string_view text, std::string_view file, uint64_t line,
                         const event_row_options& options = {});

/// One JSON line in our own form, without the line end.
std::string event_row_text(const trading_event& event);

/// A page of either indexer.
struct event_page {
  std::vector<trading_event> events;               // in the order of the page
  uint64_t rows = 0;                               // of `data`, rejected ones too
  std::array<uint64_t, row_rejections> rejected{}; // by row_rejection
  std::vector<uint64_t> rejected_rows;             // of each of these, row_digest of its text
  std::vector<std::string> why;                    // of the first rejected ones, 20 at most
  std::optional<uint64_t> next_page;               // none: this was the last
  std::optional<uint64_t> total;                   // rows over all pages, where stated
  std::optional<uint64_t> total_pages;
};

inline constexpr size_t page_bytes_max = size_t{16} << 20; // of a page document
inline constexpr size_t page_rows_max = 10'000;            // of its `data`

/// `form`: taostats or taoapp (`own` and `any` are invalid_argument). A document that is no JSON
/// object, is larger than the bounds, lacks `data` or has members of wrong types is bad_input with
/// line and column; nothing of it counts then. `name` begins the sentence.
result<event_page>
read_event_page(std::string_view text, std::string_view name, const event_row_options& options);

/// A moment of an ISO 8601 text: YYYY-MM-DDThh:mm[:ss[.f...]][Z|+hh:mm|-hh:mm|+hhmm]; a space may
/// stand for the T; without offset it is UTC. Microseconds since 1970 (further digits are cut);
/// none for anything else and outside 1970 to 9999.
std::optional<int64_t> parse_iso_time(std::string_view text);
/// "2025-04-01T00:02:00Z", with six digits of a fraction where there is one.
std::string iso_time(int64_t time_us);

/// A decimal number ("12.5", "1e3", "-0.25") times 10^scale, rounded to the nearest, half to even;
/// none when it is no finite decimal or beyond 64 bits. `scale`: 0 to 18.
std::optional<int64_t> parse_scaled_decimal(std::string_view text, int scale);

/// PoolData of a document {netuid, tao_reserve, alpha_reserve, alpha_supply, emission_rate, price}
/// with whole units; bad_input when it is none.
result<pool_data> read_pool_data(std::string_view text, std::string_view name, int64_t now_us);

} // namespace sluice::io
