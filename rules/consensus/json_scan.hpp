/// Walks a JSON text (RFC 8259) once, from left to right, without building anything from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// What the next value is by its first character; nothing of it is checked yet.
enum class json_kind : uint8_t { none, null, boolean, number, text, list, object };

/// Every function moves behind what it reads and is false when that is not what stands there; then
/// `at()` is the place, and nothing else may be asked. Whatever was passed over is checked as
/// strictly as what was read. Bytes that are no UTF-8 are the caller's to find, and half surrogate
/// pairs those of `unescape_json`.
class json_scan {
public:
  /// `text` outlives this. `depth_max`: of brackets inside each other.
  json_scan(std::string_view text, size_t depth_max) : text_(text), depth_max_(depth_max) {}

  /// Of the value that comes next; none at the end, and where no value begins.
  json_kind next();

  /// A text: what stands between its quotes, as it stands there; `escaped`: it has a backslash.
  bool text(std::string_view& out, bool& escaped);
  /// A number, as it stands there.
  bool number(std::string_view& out);
  /// true or false.
  bool boolean(bool& out);
  /// Any value, as it stands there.
  bool value(std::string_view& out);

  /// Into a list or an object. Then `element` or `member` until it is false, which is at its end
  /// when `closed()`, and else where something is wrong.
  bool open(char bracket);
  bool element();
  bool member(std::string_view& name, bool& escaped);
  bool closed() const { return closed_; }

  /// Only spaces are left.
  bool at_end();
  /// Place in the text, in bytes.
  size_t at() const { return at_; }

private:
  void skip_spaces();
  bool literal(std::string_view word);
  bool digits();
  bool separator(char end);
  bool any(size_t depth);
  bool many(size_t depth, bool is_object);
  bool member_name();

  std::string_view text_;
  size_t depth_max_;
  size_t at_ = 0;
  size_t depth_ = 0;
  bool first_ = false;  // the next element or member is the first
  bool closed_ = false; // a list or an object has just ended
};

/// What a text between quotes means; false for an escape that means nothing, as half a surrogate
/// pair.
bool unescape_json(std::string_view inside, std::string& out);

/// Are these bytes UTF-8 (RFC 3629)?
bool is_utf8_text(std::string_view bytes);

} // namespace sluice
