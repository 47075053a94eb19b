/// Typed fields of one JSON line, with an error that names file, line and field.
#pragma once

#include "io/text/lines.hpp"
#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/result.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::io {

/// Keeps the order of keys, so that what goes through us comes out as it went in.
using json = nlohmann::ordered_json;

/// The object on the line that `lines` gave last, or what is wrong with it.
result<json> parse_object(const line_reader& lines, std::string_view text);

/// "0x" and 40 hexadecimal digits, either case, "0x" may be missing; none for anything else.
std::optional<address> parse_address(std::string_view text);
/// "YYYY-MM-DD hh:mm:ss" (also with a T, a fraction, a Z) in UTC as unix seconds, from 1970 on, the
/// fraction dropped; none for anything else.
std::optional<uint64_t> parse_time(std::string_view text);

/// "0x" and lower case.
std::string to_text(const address& x);

/// Reads the fields of one object. The first thing that is wrong sticks: read everything, then ask
/// `failed()`; what was read after a failure means nothing.
class json_fields {
public:
  /// `prefix` goes before field names in errors ("args.").
  json_fields(const json& object, std::string_view file, uint32_t line, std::string prefix = {})
    : object_(&object), file_(file), line_(line), prefix_(std::move(prefix)) {}

  bool has(std::string_view name) const;

  /// All of these fail when the field is missing or of another type. Integers may be numbers or
  /// decimal strings; beyond 2^64 they must be strings. Then they answer "", false, 0, the `min` of
  /// a number or null; the fault is ec::bad_input.
  std::string text(std::string_view name);
  bool flag(std::string_view name);
  u256 whole(std::string_view name, unsigned bits = 256);          // 0 .. 2^bits - 1, bits to 256
  i256 integer(std::string_view name);                             // an int256: -2^255 .. 2^255 - 1
  int64_t number(std::string_view name, int64_t min, int64_t max); // min .. max
  address account(std::string_view name);
  uint64_t time(std::string_view name); // parse_time() or unix seconds below 2^32
  /// An object or a list.
  const json& part(std::string_view name, bool list = false);

  /// 0 .. 2^128 - 1.
  u128 whole128(std::string_view name) { return static_cast<u128>(whole(name, 128)); }
  /// All that T holds, up to 2^63 - 1.
  template <class T>
  T number_as(std::string_view name) {
    return static_cast<T>(number(name, std::numeric_limits<T>::min(),
                                 static_cast<int64_t>(std::numeric_limits<T>::max())));
  }

  void fail(std::string_view field, std::string_view expected, std::string_view got,
            std::string_view what_to_do);
  bool failed() const { return error_.has_value(); }
  const fault& error() const { return *error_; }
  const std::string& prefix() const { return prefix_; }

private:
  const json* find(std::string_view name, std::string_view expected);
  void wrong(std::string_view name, std::string_view expected, const json& got);

  const json* object_;
  std::string_view file_;
  uint32_t line_;
  std::string prefix_;
  std::optional<fault> error_;
};

/// What a JSON value looks like in an error message, shortened.
std::string shown(const json& x);

} // namespace sluice::io
