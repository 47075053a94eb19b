/// How values look in a message: the names of `SLUICE_FIELDS`, wide integers as decimal texts. What
/// kinds of values there are besides is a matter of whoever has them: see the three templates
/// below.
#pragma once

#include "io/text/json_fields.hpp"
#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "net/miner_gateway/wire.hpp"
#include "rules/nearest.hpp"
#include "rules/shapes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace sluice::net::wire {

using names = std::span<const std::string_view>;

/// The names of an enum, in the order of its values. To be specialised: `static names all();`
template <class Enum>
struct enum_names;

template <>
struct enum_names<gateway_reason> {
  static names all() { return gateway_reason_names; }
};

/// A value that is one text. To be specialised with `expected` (what a text that cannot be read
/// should have been), `write` and `read` (nothing when it cannot be).
template <class T>
struct text_form;

template <class T>
concept has_text_form = requires {
  text_form<T>::expected;
};

/// The fields of a struct that need not be there; they stay what they are by default then. To be
/// specialised.
template <class T>
inline constexpr std::array<std::string_view, 0> optional_fields{};

template <>
inline constexpr std::array<std::string_view, 1> optional_fields<gateway_hello>{"software"};
template <>
inline constexpr std::array<std::string_view, 1> optional_fields<gateway_refusal>{"retry_ms"};
template <>
inline constexpr std::array<std::string_view, 1> optional_fields<gateway_bye>{"retry_ms"};

using shapes::is_id;
using shapes::is_list;
using shapes::is_optional;
/// 0 to 2^128-1 or 2^256-1, as decimal texts.
template <class T>
inline constexpr bool is_wide = std::is_same_v<T, u256> || std::is_same_v<T, u128>;

/// A hotkey is called so, whatever the member is.
template <class T>
constexpr std::string_view wire_name(std::string_view member) {
  return std::is_same_v<std::remove_const_t<T>, hotkey> ? "hotkey" : member;
}

template <class T>
io::json put(const T& x);

/// Every field of `x` but `except` into an object that may hold others.
template <class T>
void put_fields(io::json& out, const T& x, std::string_view except = {}) {
  auto& members = out.template get_ref<io::json::object_t&>();
  members.reserve(members.size() + std::tuple_size_v<decltype(x.fields())>); // growing copies keys
  for_each_field(x, [&out, except]<class M>(std::string_view name, const M& member) {
    if (name == except)
      return;
    if constexpr (is_optional<M>) {
      if (member)
        out[std::string{name}] = put(*member);
    } else {
      out[std::string{wire_name<M>(name)}] = put(member);
    }
  });
}

template <class T>
io::json put(const T& x) {
  if constexpr (is_wide<T>) {
    return to_string(x);
  } else if constexpr (has_text_form<T>) {
    return text_form<T>::write(x);
  } else if constexpr (std::is_enum_v<T>) {
    return std::string{enum_names<T>::all()[static_cast<size_t>(x)]};
  } else if constexpr (is_id<T>) {
    return put(x.value);
  } else if constexpr (is_list<T>) {
    auto list = io::json::array();
    for (const auto& each : x)
      list.push_back(put(each));
    return list;
  } else if constexpr (has_fields<T>) {
    auto object = io::json::object();
    put_fields(object, x);
    return object;
  } else {
    return x; // flags, numbers, texts
  }
}

/// Reads values; the first thing that is wrong sticks, and what was read after it means nothing.
class reader {
public:
  /// Strict: unknown fields are refused. `inside`: the name of what is read; errors begin with it.
  explicit reader(bool strict, std::string_view inside = {}) : strict_(strict) {
    if (!inside.empty())
      path_.emplace_back(std::string{inside});
  }

  const std::optional<fault>& error() const { return error_; }

  /// `skip`: names that are read elsewhere ("type").
  template <class T>
  void take_fields(const io::json& object, T& x, names skip = {}) {
    std::vector<std::string_view> known;
    for_each_field(x, [&]<class M>(std::string_view member, M& value) {
      const auto name = wire_name<M>(member);
      known.push_back(name);
      take_field(object, name, value, optional_fields<T>);
    });
    if (strict_ && !error_)
      refuse_unknown(object, known, skip);
  }

  template <class T>
  void take(const io::json& from, T& x) {
    if constexpr (std::is_same_v<T, bool>) {
      if (from.is_boolean())
        x = from.get<bool>();
      else
        wrong("true or false", from);
    } else if constexpr (std::is_integral_v<T>) {
      take_integer(from, x);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (from.is_number() && std::isfinite(from.get<double>()))
        x = from.get<double>();
      else
        wrong("a number", from);
    } else if constexpr (is_wide<T>) {
      u256 whole;
      take_whole(from, whole, std::is_same_v<T, u128>);
      if constexpr (std::is_same_v<T, u128>)
        x = static_cast<u128>(whole);
      else
        x = whole;
    } else if constexpr (std::is_same_v<T, std::string>) {
      take_text(from, x);
    } else if constexpr (has_text_form<T>) {
      take_form(from, x);
    } else if constexpr (std::is_enum_v<T>) {
      x = static_cast<T>(take_name(from, enum_names<T>::all()));
    } else if constexpr (is_id<T>) {
      take(from, x.value);
    } else if constexpr (is_optional<T>) {
      take(from, x.emplace());
    } else if constexpr (is_list<T>) {
      take_list(from, x);
    } else if (!from.is_object()) {
      wrong("an object", from);
    } else {
      take_fields(from, x);
    }
  }

  /// What stands at the place that is being read is not what was expected.
  void wrong(std::string_view expected, const io::json& got) { fail(expected, io::shown(got)); }
  void fail(std::string_view expected, std::string_view got);
  /// The same, of a field of that place.
  void fail_at(std::string_view name, std::string_view expected, std::string_view got);

  /// Index of the name that `from` is; 0 after a failure.
  size_t take_name(const io::json& from, names all);

private:
  template <class M>
  void take_field(const io::json& object, std::string_view name, M& value, names may_be_missing) {
    if (error_)
      return;
    const auto at = object.find(name);
    if (at != object.end()) {
      path_.emplace_back(std::string{name});
      take(*at, value);
      path_.pop_back();
    } else if (!is_optional<M> && std::ranges::find(may_be_missing, name) == may_be_missing.end()) {
      fail_at(name, "a value", "nothing");
    }
  }

  template <class T>
  void take_integer(const io::json& from, T& x) {
    constexpr auto least = std::numeric_limits<T>::min();
    constexpr auto most = std::numeric_limits<T>::max();
    if (from.is_number_unsigned() && from.get<uint64_t>() <= static_cast<uint64_t>(most))
      x = static_cast<T>(from.get<uint64_t>());
    else if (from.is_number_integer() && !from.is_number_unsigned() && least < 0
             && from.get<int64_t>() >= static_cast<int64_t>(least))
      x = static_cast<T>(from.get<int64_t>());
    else
      wrong("a whole number from " + std::to_string(least) + " to " + std::to_string(most), from);
  }

  template <class T>
  void take_list(const io::json& from, std::vector<T>& x) {
    if (!from.is_array())
      return wrong("a list", from);
    if (from.size() > wire_entries_max)
      return fail("at most " + std::to_string(wire_entries_max) + " entries",
                  std::to_string(from.size()));
    x.clear();
    for (size_t i = 0; i < from.size() && !error_; ++i) {
      path_.emplace_back(i);
      take(from[i], x.emplace_back());
      path_.pop_back();
    }
  }

  template <class T>
  void take_form(const io::json& from, T& x) {
    if (!from.is_string())
      return wrong(text_form<T>::expected, from);
    std::string text;
    take_text(from, text);
    if (error_)
      return;
    if (auto read = text_form<T>::read(text))
      x = *std::move(read);
    else
      wrong(text_form<T>::expected, from);
  }

  void take_whole(const io::json& from, u256& x, bool narrow);
  void take_text(const io::json& from, std::string& x);
  void
  refuse_unknown(const io::json& object, const std::vector<std::string_view>& known, names skip);

  bool strict_;
  io::json_path path_;
  std::optional<fault> error_;
};

} // namespace sluice::net::wire
