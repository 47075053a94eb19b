/// Reads the members of canonical JSON objects one by one; the first thing that is wrong sticks.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/nano.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::net {

/// Members that nobody asks for are passed over. Everything read is "", 0, false or none after a
/// failure.
class data_fields {
public:
  explicit data_fields(std::string_view object);

  /// As it stands, canonical; "" when it is missing, or null.
  std::string_view raw(std::string_view name) const;
  bool has(std::string_view name) const { return !raw(name).empty(); }

  /// A text of at most `bytes_max` bytes; missing: "".
  std::string text(std::string_view name, size_t bytes_max);
  /// A whole number from `least` to `most`; missing is wrong.
  int64_t whole(std::string_view name, int64_t least, int64_t most);
  /// true or false, or 1 or 0; missing: `otherwise`.
  bool flag(std::string_view name, bool otherwise);
  /// A number; missing: none.
  std::optional<nano> amount(std::string_view name);
  /// A moment as text, microseconds since 1970-01-01 UTC; missing: 0.
  int64_t moment(std::string_view name);
  /// The index of one of these names; missing: `otherwise`.
  size_t one_of(std::string_view name, std::span<const std::string_view> names, size_t otherwise);

  void wrong(std::string_view name, std::string_view expected);
  /// ec::bad_input: "FIELD: expected ...".
  const std::optional<fault>& error() const { return error_; }

private:
  std::vector<std::pair<std::string, std::string>> members_;
  std::optional<fault> error_;
};

/// The items of a member that is a list of 1 to `most`, canonical. ec::bad_input.
result<std::vector<std::string>> list_of_data(data_fields& in, std::string_view name, size_t most);

} // namespace sluice::net
