/// Reads the fields of a JSON body one by one, and collects what is wrong with them.
#pragma once

#include "io/text/json_fields.hpp"
#include "net/consensus/field_issues.hpp"
#include "net/http/message.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::net {

/// Bytes of a body of these routes, at most; a report's has the address's limit.
inline constexpr size_t task_body_bytes_max = size_t{256} << 10;

/// Read everything, then look at `issues`. Fields that nobody asks for are passed over; null is a
/// field that is not there.
class body_object {
public:
  /// The object of a body; an empty body is an empty object. ec::bad_input: more than
  /// `task_body_bytes_max` bytes, no JSON object, nested too deep, a field that is there twice.
  static result<body_object> read(std::string_view body);

  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// A text of `least` to `bytes_max` bytes; "" when there is none. Missing is an issue when
  /// `least` is above 0.
  std::string text(std::string_view name, size_t least, size_t bytes_max);
  /// From `least` to `most`, both inclusive; `otherwise` when it is missing.
  uint64_t whole(std::string_view name, uint64_t least, uint64_t most, uint64_t otherwise);
  /// Index of one of these names; `otherwise` when it is missing, and an issue when that is none.
  size_t one_of(std::string_view name, std::span<const std::string_view> names,
                std::optional<size_t> otherwise);
  /// An object of uids and numbers from 0 to 1: {"51": 0.9}; empty when it is missing.
  std::vector<std::pair<uint16_t, double>> ratings(std::string_view name, size_t most);

  const std::vector<field_issue>& issues() const { return issues_; }

private:
  explicit body_object(io::json x) : object_(std::move(x)) {}
  const io::json* find(std::string_view name) const;
  void add(std::string_view name, std::string message, std::string kind);

  io::json object_;
  std::vector<field_issue> issues_;
};

} // namespace sluice::net
