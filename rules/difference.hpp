/// Where do two values differ first? For audits and for tests.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"
#include "rules/shapes.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace sluice {

/// The path of the first field that differs with both values, "" when nothing does. Doubles are
/// compared bit for bit. `count` grows by the number of plain values compared. No error.
template <class T>
std::string first_difference(const std::string& path, const T& a, const T& b, uint64_t& count);

namespace difference_detail {

template <class T>
std::string show(const T& x) {
  if constexpr (std::is_same_v<T, std::string>)
    return '"' + x + '"';
  else if constexpr (std::is_same_v<T, bool>)
    return x ? "true" : "false";
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<long long>(x));
  else if constexpr (std::is_floating_point_v<T>) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.17g", x); // so that the last bit shows
    return text.data();
  } else if constexpr (std::is_arithmetic_v<T>)
    return std::to_string(x);
  else
    return to_string(x);
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, double>)
    return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
  else
    return a == b;
}

} // namespace difference_detail

template <class T>
std::string first_difference(const std::string& path, const T& a, const T& b, uint64_t& count) {
  namespace d = difference_detail;
  if constexpr (has_fields<T>) {
    std::string found;
    auto mine = a.fields();
    auto theirs = b.fields();
    constexpr auto n = std::tuple_size_v<decltype(mine)>;
    constexpr auto names = split_names<n>(T::field_list());
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((found.empty()
          ? void(found = first_difference(
                   n == 1 ? path : path + (path.empty() ? "" : ".") + std::string{names[I]},
                   std::get<I>(mine), std::get<I>(theirs), count))
          : void()),
       ...);
    }
    (std::make_index_sequence<n>{});
    return found;
  } else if constexpr (shapes::is_list<T>) {
    if (a.size() != b.size())
      return path + ": " + std::to_string(a.size()) + " entries, " + std::to_string(b.size());
    for (size_t i = 0; i < a.size(); ++i)
      if (auto found = first_difference(path + '[' + std::to_string(i) + ']', a[i], b[i], count);
          !found.empty())
        return found;
    return "";
  } else if constexpr (shapes::is_pair<T>) {
    auto found = first_difference(path + ".first", a.first, b.first, count);
    return found.empty() ? first_difference(path + ".second", a.second, b.second, count) : found;
  } else if constexpr (shapes::is_optional<T>) {
    if (a.has_value() != b.has_value())
      return path + (a ? ": there, absent" : ": absent, there");
    return a ? first_difference(path, *a, *b, count) : "";
  } else {
    ++count;
    return d::same(a, b) ? "" : path + ": " + d::show(a) + ", " + d::show(b);
  }
}

} // namespace sluice
