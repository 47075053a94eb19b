/// One list of named fields per value type; wire, disk and screen all read it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sluice {

/// Splits "a, b, c" (what the macro below stringizes) into its names.
template <size_t N>
constexpr std::array<std::string_view, N> split_names(std::string_view list) {
  std::array<std::string_view, N> names{};
  for (size_t i = 0; i < N; ++i) {
    const auto comma = list.find(',');
    names[i] = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (!list.empty() && list.front() == ' ')
      list.remove_prefix(1);
  }
  return names;
}

/// A value type that lists its members once with SLUICE_FIELDS.
template <class T>
concept has_fields = requires(T& x) {
  x.fields();
  T::field_list();
};

/// Calls `f(name, member)` for every field; `x` may be const.
template <class T, class F>
constexpr void for_each_field(T& x, F&& f) {
  auto members = x.fields();
  constexpr auto n = std::tuple_size_v<decltype(members)>;
  constexpr auto names = split_names<n>(std::remove_const_t<T>::field_list());
  [&]<size_t... I>(std::index_sequence<I...>) {
    (f(names[I], std::get<I>(members)), ...);
  }
  (std::make_index_sequence<n>{});
}

} // namespace sluice

/// Inside a struct: names its members once, for equality, disk, wire and JSON alike.
#define SLUICE_FIELDS(...)                                                                         \
  constexpr auto fields() {                                                                        \
    return std::tie(__VA_ARGS__);                                                                  \
  }                                                                                                \
  constexpr auto fields() const {                                                                  \
    return std::tie(__VA_ARGS__);                                                                  \
  }                                                                                                \
  static constexpr std::string_view field_list() {                                                 \
    return #__VA_ARGS__;                                                                           \
  }
