#include "rules/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sluice {

namespace {

constexpr size_t name_bytes_max = 256; // what was typed may be a whole file

/// Fewest letters to change, add or drop between two names.
size_t edits(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t swapped = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({swapped, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::optional<std::string_view>
nearest(std::string_view name, std::span<const std::string_view> known) {
  std::optional<std::string_view> best;
  if (name.size() > name_bytes_max)
    return best;
  size_t least = std::max<size_t>(1, std::min<size_t>(3, name.size() / 2)) + 1;
  for (const auto candidate : known)
    if (const size_t n = edits(name, candidate); n < least) {
      least = n;
      best = candidate;
    }
  return best;
}

} // namespace sluice
