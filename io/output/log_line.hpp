/// Lines of a log: one record is one line, and the same one again and again is written once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::io {

/// What a record says, as one line whatever strangers have put into it: control characters become
/// "\n", "\r", "\t" or "\x1b", those of Unicode's second block "\u{85}", a backslash stays.
std::string one_line(std::string_view text);

/// What is to be written when a record comes. `repeated`: how often the last one has come since it
/// was written or counted, from 0.
struct folded_record {
  uint64_t repeated = 0;
  bool is_new = true; // it is to be written itself
};

/// Counts records that are equal to the one before.
class repeated_records {
public:
  /// `text`: all of it that is compared. `now_s`: seconds of any clock. A count is given when
  /// another record comes, or once a minute as long as the same one goes on.
  folded_record take(std::string_view text, int64_t now_s);
  /// What was counted and not given yet, from 0; from then on it counts from 0.
  uint64_t rest();

private:
  std::string last_;
  bool any_ = false;
  uint64_t repeated_ = 0;
  int64_t since_s_ = 0;
};

} // namespace sluice::io
