/// Which name was meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sluice {

/// The nearest of `known` when it is near enough to be a slip of the finger: at most half of the
/// name, and three letters, changed, added or dropped (Levenshtein); the first among equals. None
/// for a `name` of more than 256 bytes.
std::optional<std::string_view>
nearest(std::string_view name, std::span<const std::string_view> known);

} // namespace sluice
