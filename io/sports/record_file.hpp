/// Reads files of games and predictions for `sluice sports import`: JSON lines, a record a line.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/prediction.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice::io {

/// A miner of a case's settings (mechanisms-large/README.md).
struct sports_file_miner {
  uint16_t uid = 0;
  std::string hotkey;
  bool valid = true;
};

/// The record `settings` of a case; what a file of a user's own does not need. Times: microseconds
/// since 1970-01-01 UTC.
struct sports_file_settings {
  int64_t now_us = 0;
  uint64_t slots = 0; // 0: not stated
  std::vector<sports_file_miner> miners;
};

/// A record, and its line, from 1.
struct sports_record_line {
  uint64_t line = 0;
  std::variant<game_update, prediction_arrival, sports_file_settings> what;
};

/// A record that was passed over; `reason`: "FILE:LINE:COLUMN: field: expected ..., got ...; ...".
struct bad_sports_record {
  uint64_t line = 0;
  std::string reason;
};

struct sports_file_options {
  int64_t at_us = 0;   // of games that do not state it, microseconds since 1970-01-01 UTC
  bool strict = false; // the first bad record ends the reading with ec::bad_input
  /// Called now and then with the bytes read and those of the file (0: not known).
  std::function<void(uint64_t, uint64_t)> progress{};
};

/// Counts from 0.
struct sports_file_counts {
  uint64_t games = 0;
  uint64_t predictions = 0;
  uint64_t bad = 0;
};

/// Either may answer a fault, which ends the reading with it.
using take_sports_record = std::function<result<nothing>(sports_record_line&&)>;
using take_bad_sports_record = std::function<void(const bad_sports_record&)>;

/// Reads a file, in its order. A line is an object with `kind`: `game` (at, externalId, ... as a
/// row of the feed), `prediction` (received_at, hotkey, prediction {...}) or `settings`; without a
/// `kind` it is a row of the feed when it has `externalId`. Lines are at most 1 MiB.
/// ec::unreachable when the file cannot be read; ec::bad_input when it is strict and a record is
/// bad.
result<sports_file_counts>
read_sports_file(const std::string& path, const sports_file_options& options,
                 const take_sports_record& take, const take_bad_sports_record& bad);

/// One line of such a file. ec::bad_input: "field: expected ..., got ..." in `what`; the field's
/// path is in front of the first ": ", or empty.
result<sports_record_line> sports_record_of(std::string_view object, int64_t at_us);

} // namespace sluice::io
