/// The members of one row as they stand there, of any form; what rows and pages are read from.
#pragma once

#include "io/trading/json_scanner.hpp"
#include "io/trading/rows.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::io {

/// The members of rows that are read.
enum class row_field : uint8_t {
  coldkey,
  hotkey,
  time,
  timestamp,
  netuid,
  action,
  event_id,
  tao_rao,
  alpha_rao,
  fee_rao,
  amount,
  alpha,
  amount_in,
  amount_out,
  extrinsic,
  extrinsic_id,
  extrinsics,
  block,
  block_number,
  index,
  nominator,
  delegate,
};

inline constexpr std::array<std::string_view, 22> row_field_names{
  "coldkey",      "hotkey",     "time",      "timestamp",    "netuid",     "action",
  "event_id",     "tao_rao",    "alpha_rao", "fee_rao",      "amount",     "alpha",
  "amount_in",    "amount_out", "extrinsic", "extrinsic_id", "extrinsics", "block",
  "block_number", "index",      "nominator", "delegate"};

/// One row as it stands there; owns what it needs.
struct raw_row {
  struct member {
    scan_kind kind = scan_kind::none; // none: missing
    size_t at = 0;
    std::string text;
  };
  std::array<member, row_field_names.size()> members;
  size_t at = 0; // of its brace

  const member& operator[](row_field x) const { return members[static_cast<size_t>(x)]; }
  bool has(row_field x) const { return (*this)[x].kind != scan_kind::none; }
};

/// Reads one object; a member that comes twice is a mistake of the scanner's. `row` keeps the
/// memory of what it held before.
void read_raw_row(json_scanner& in, raw_row& row);

/// A whole number as JSON number or text, at most `max`; none for anything else.
std::optional<uint64_t> whole_number(const raw_row::member& x, uint64_t max);
/// A decimal, as JSON number or text, times 10^scale (parse_scaled_decimal); none for anything
/// else.
std::optional<int64_t> amount_of(const raw_row::member& x, int scale);

/// The event of a row, or the first reason why it is none. `whole`: the text that the row's places
/// are in, which begins on line `first_line` of `file`. `explained`: with the sentence; to find its
/// line takes as long as the text before it.
stake_row row_from(const raw_row& raw, std::string_view whole, std::string_view file,
                   uint64_t first_line, const event_row_options& options, bool explained);

/// "FILE:LINE:COLUMN: field: expected ..., got ...; what to do".
std::string row_sentence(std::string_view file, uint64_t line, size_t column,
                         std::string_view field, std::string_view expected, std::string_view got);

} // namespace sluice::io
