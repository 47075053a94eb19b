/// Reads JSON once, front to back, without building a document: rows of millions of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::io {

enum class scan_kind : uint8_t {
  none = 0, // the end, or a character that begins no value
  null,
  boolean,
  number, // also NaN, Infinity and -Infinity, which some programs write
  text,
  object,
  list,
};

/// "an object", "a number", ...
std::string_view name_of(scan_kind x);

/// A value that is no object and no list.
struct scanned_value {
  scan_kind kind = scan_kind::none;
  std::string_view text; // a number as it stands there, true, false or a text without its quotes
  size_t at = 0;         // byte where it begins, from 0
};

/// The first mistake sticks: then nothing more is read, and loops over members end.
class json_scanner {
public:
  /// The bytes must outlive the scanner and what it gives; UTF-8, which is not checked.
  explicit json_scanner(std::string_view text) : text_(text) {}

  /// What comes next, after white space.
  scan_kind peek();
  /// Reads `{` or `[`. False, and a mistake, when something else comes.
  bool begin(char open);
  /// Inside: true when another member comes (its comma is read), false at the end, which is read.
  /// `first` must be true before the first one; it is set to false.
  bool more(char close, bool& first);
  /// The name of a member and its colon. Valid until the next text that has escapes is read.
  std::string_view key();
  /// A value; objects and lists are passed over (then `text` is empty), up to 32 deep.
  scanned_value value();
  /// Nothing but white space is left; else a mistake.
  bool end();

  bool failed() const { return failed_; }
  /// What was expected, and where: the byte from 0.
  std::string_view expected() const { return expected_; }
  size_t at() const { return at_; }
  void fail(std::string_view expected);

private:
  void space();
  std::string_view quoted_text();
  void pass_over(int depth);
  bool escape(size_t& i);
  std::string_view number();
  bool word(std::string_view x);

  std::string_view text_;
  std::string_view expected_;
  std::string unescaped_[2]; // a key and a value; used in turn
  size_t turn_ = 0;
  size_t at_ = 0;
  bool failed_ = false;
};

} // namespace sluice::io
