/// Values that list their fields, and what is to be added to them, as JSON text.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"
#include "rules/shapes.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice {

/// In quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_text(std::string_view x);
/// The shortest text that reads back the same; null for what is no finite number. No error.
std::string json_text(double x);
/// "0x" and lower case hexadecimals. Any number of bytes; no error.
std::string json_bytes(std::span<const uint8_t> x);

/// Anything: numbers, text, lists, maps with text keys, structs with fields. A struct of one field
/// `value` is that value; integers wider than 64 bits are text, bytes hexadecimals; an enum is its
/// number.
template <class T>
std::string json_of(const T& x);

/// One object, member by member.
class json_object {
public:
  /// `json` is written as it is.
  json_object& raw(std::string_view name, std::string_view json);
  json_object& add(std::string_view name, std::string_view x) { return raw(name, json_text(x)); }
  json_object& add(std::string_view name, const char* x) { return raw(name, json_text(x)); }
  json_object& add(std::string_view name, bool x) { return raw(name, x ? "true" : "false"); }
  /// As json_text; no error.
  json_object& add(std::string_view name, double x) { return raw(name, json_text(x)); }
  /// Up to 64 bits, in decimals.
  template <std::integral T>
  json_object& add(std::string_view name, T x) {
    return raw(name, std::to_string(x));
  }
  std::string text() const { return text_ + '}'; }

private:
  std::string text_ = "{";
};

/// One list, element by element.
class json_list {
public:
  json_list& raw(std::string_view json);
  std::string text() const { return text_ + ']'; }

private:
  std::string text_ = "[";
};

namespace json_detail {

template <class T>
std::string of_fields(const T& x) {
  if constexpr (T::field_list() == "value") {
    return json_of(std::get<0>(x.fields()));
  } else {
    json_object all;
    for_each_field(
      x, [&](std::string_view name, const auto& member) { all.raw(name, json_of(member)); });
    return all.text();
  }
}

/// Keys of maps are text in JSON whatever they are.
template <class T>
std::string key_of(const T& x) {
  auto text = json_of(x);
  return text.starts_with('"') ? text : json_text(text);
}

} // namespace json_detail

template <class T>
std::string json_of(const T& x) {
  if constexpr (std::is_same_v<T, bool>)
    return x ? "true" : "false";
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<std::underlying_type_t<T>>(x));
  else if constexpr (std::is_floating_point_v<T>)
    return json_text(static_cast<double>(x));
  else if constexpr (std::is_integral_v<T> && sizeof(T) <= 8)
    return std::to_string(x);
  else if constexpr (std::is_convertible_v<const T&, std::string_view>)
    return json_text(std::string_view{x});
  else if constexpr (shapes::is_optional<T>)
    return x ? json_of(*x) : std::string{"null"};
  else if constexpr (shapes::is_list<T>) {
    json_list all;
    for (const auto& y : x)
      all.raw(json_of(y));
    return all.text();
  } else if constexpr (shapes::is_map<T>) {
    std::string text = "{";
    for (const auto& [key, y] : x)
      text += (text.size() > 1 ? "," : "") + json_detail::key_of(key) + ':' + json_of(y);
    return text + '}';
  } else if constexpr (has_fields<const T>)
    return json_detail::of_fields(x);
  else if constexpr (std::is_convertible_v<const T&, std::span<const uint8_t>>)
    return json_bytes(x);
  else
    return json_text(to_string(x));
}

} // namespace sluice
