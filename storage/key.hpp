/// Keys whose bytes sort like the values: numbers big-endian, text closed by a zero byte.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sluice::storage {

/// How one part of a key becomes bytes (`put`) and is read back (`take`, false: not such a part).
/// Each part has a length of its own in bytes: a number, a flag or an enumeration that of its type,
/// a text its own plus 1 to its own twice plus 1. `put` does not fail; whether a whole key is short
/// enough is checked by environment::check.
template <class T>
struct key_part;

template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) struct key_part<T> {
  static void put(std::string& out, T x) {
    for (int shift = static_cast<int>(sizeof(T) * 8) - 8; shift >= 0; shift -= 8)
      out.push_back(static_cast<char>(x >> shift & 0xff));
  }
  static bool take(std::string_view& in, T& x) {
    if (in.size() < sizeof(T))
      return false;
    uint64_t wide = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      wide = wide << 8 | static_cast<unsigned char>(in[i]);
    x = static_cast<T>(wide);
    in.remove_prefix(sizeof(T));
    return true;
  }
};

/// The sign bit is flipped: negative numbers come first.
template <std::signed_integral T>
struct key_part<T> {
  using bits = std::make_unsigned_t<T>;
  static constexpr bits sign = static_cast<bits>(bits{1} << (sizeof(T) * 8 - 1));
  static void put(std::string& out, T x) {
    key_part<bits>::put(out, static_cast<bits>(std::bit_cast<bits>(x) ^ sign));
  }
  static bool take(std::string_view& in, T& x) {
    bits raw = 0;
    if (!key_part<bits>::take(in, raw))
      return false;
    x = std::bit_cast<T>(static_cast<bits>(raw ^ sign));
    return true;
  }
};

template <>
struct key_part<bool> {
  static void put(std::string& out, bool x) { out.push_back(x ? '\1' : '\0'); }
  static bool take(std::string_view& in, bool& x) {
    if (in.empty() || (in[0] != '\0' && in[0] != '\1'))
      return false;
    x = in[0] == '\1';
    in.remove_prefix(1);
    return true;
  }
};

/// `known(x)` (known.hpp) states which numbers are names.
template <class T>
requires std::is_enum_v<T>
struct key_part<T> {
  using number = std::underlying_type_t<T>;
  static void put(std::string& out, T x) { key_part<number>::put(out, static_cast<number>(x)); }
  static bool take(std::string_view& in, T& x) {
    number raw = 0;
    if (!key_part<number>::take(in, raw))
      return false;
    x = static_cast<T>(raw);
    return known(x);
  }
};

/// Closed by 0x00, so that "a" sorts before "ab" whatever follows. Inside the text 0x00 becomes
/// 01 01 and 0x01 becomes 01 02, which keeps the order and leaves every other text as it is.
template <>
struct key_part<std::string> {
  static void put(std::string& out, std::string_view x) {
    for (char c : x) {
      if (c == '\0' || c == '\1')
        out.push_back('\1');
      out.push_back(c == '\0' ? '\1' : c == '\1' ? '\2' : c);
    }
    out.push_back('\0');
  }
  static bool take(std::string_view& in, std::string& x) {
    x.clear();
    for (size_t i = 0; i < in.size(); ++i) {
      if (in[i] == '\0') {
        in.remove_prefix(i + 1);
        return true;
      }
      if (in[i] != '\1') {
        x.push_back(in[i]);
        continue;
      }
      if (++i == in.size() || (in[i] != '\1' && in[i] != '\2'))
        return false;
      x.push_back(static_cast<char>(in[i] - 1));
    }
    return false;
  }
};

/// Fixed length, as it is. N bytes; fewer are no such part.
template <size_t N>
struct key_part<std::array<uint8_t, N>> {
  static void put(std::string& out, const std::array<uint8_t, N>& x) {
    out.append(x.begin(), x.end());
  }
  static bool take(std::string_view& in, std::array<uint8_t, N>& x) {
    if (in.size() < N)
      return false;
    for (size_t i = 0; i < N; ++i)
      x[i] = static_cast<uint8_t>(in[i]);
    in.remove_prefix(N);
    return true;
  }
};

template <class T>
void append_key(std::string& out, const T& x) {
  key_part<T>::put(out, x);
}

template <class T>
bool take_key(std::string_view& in, T& x) {
  return key_part<T>::take(in, x);
}

/// The parts one after the other; what sorts first is listed first.
template <class... Ts>
struct key_part<std::tuple<Ts...>> {
  static void put(std::string& out, const std::tuple<Ts...>& x) {
    std::apply([&out](const auto&... parts) { (append_key(out, parts), ...); }, x);
  }
  static bool take(std::string_view& in, std::tuple<Ts...>& x) {
    return std::apply([&in](auto&... parts) { return (take_key(in, parts) && ...); }, x);
  }
};

template <class A, class B>
struct key_part<std::pair<A, B>> {
  static void put(std::string& out, const std::pair<A, B>& x) {
    append_key(out, x.first);
    append_key(out, x.second);
  }
  static bool take(std::string_view& in, std::pair<A, B>& x) {
    return take_key(in, x.first) && take_key(in, x.second);
  }
};

template <has_fields T>
struct key_part<T> {
  static void put(std::string& out, const T& x) {
    std::apply([&out](const auto&... parts) { (append_key(out, parts), ...); }, x.fields());
  }
  static bool take(std::string_view& in, T& x) {
    return std::apply([&in](auto&... parts) { return (take_key(in, parts) && ...); }, x.fields());
  }
};

/// The bytes of a key. The leading parts alone (a shorter tuple) are a prefix of the whole.
template <class T>
std::string encode_key(const T& x) {
  std::string out;
  append_key(out, x);
  return out;
}

/// Bytes as they can be shown in an error: 0a1b...
inline std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

/// The key again, or corrupt_data: cut short, too long, or no such value.
template <class T>
result<T> decode_key(std::string_view bytes) {
  T x{};
  auto rest = bytes;
  if (!take_key(rest, x) || !rest.empty())
    return fault{ec::corrupt_data, "key " + to_hex(bytes) + " cannot be read"};
  return x;
}

} // namespace sluice::storage
