/// How values lie on disk: little-endian, fields in order, every length counted before it is used.
#pragma once

#include "rules/fields.hpp"
#include "sim/u256.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice::storage {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

/// Reads bytes that nobody vouches for. The first thing that cannot be is remembered in `why`.
class wire_reader {
public:
  explicit wire_reader(std::string_view bytes) : rest_(bytes), total_(bytes.size()) {}

  bool fail(const char* why) {
    if (!why_)
      why_ = why;
    return false;
  }

  /// Copies `n` bytes.
  bool copy(void* to, size_t n) {
    if (rest_.size() < n)
      return fail("is cut short");
    std::memcpy(to, rest_.data(), n);
    rest_.remove_prefix(n);
    return true;
  }

  /// A number of elements of at least `least` bytes each: never more than the rest can hold, so a
  /// damaged length cannot ask for memory that the value does not pay for.
  bool count(uint32_t& n, size_t least) {
    if (!copy(&n, sizeof n))
      return false;
    return n <= rest_.size() / (least ? least : 1) || fail("counts more than it holds");
  }

  size_t left() const { return rest_.size(); }
  size_t at() const { return total_ - rest_.size(); }
  const char* why() const { return why_; }

private:
  std::string_view rest_;
  size_t total_;
  const char* why_ = nullptr;
};

/// One type on disk. `least`: its fewest bytes; `fixed`: is that always its size?
template <class T>
struct wire;

template <class T>
size_t wire_size(const T& x) {
  if constexpr (wire<T>::fixed)
    return wire<T>::least;
  else
    return wire<T>::size(x);
}

template <class T>
void put_wire(char*& out, const T& x) {
  wire<T>::put(out, x);
}

template <class T>
bool take_wire(wire_reader& in, T& x) {
  return wire<T>::take(in, x);
}

inline void put_bytes(char*& out, const void* from, size_t n) {
  std::memcpy(out, from, n);
  out += n;
}

/// A count that does not fit makes a value of more than 4 GiB, which LMDB refuses to store.
inline void put_count(char*& out, size_t n) {
  const auto narrow = static_cast<uint32_t>(n);
  put_bytes(out, &narrow, sizeof narrow);
}

/// Numbers, copied as they are. 128 bits are listed by name: strict C++ does not count them in.
template <class T>
concept plain_number = (std::is_arithmetic_v<T> && !std::same_as<T, bool>)
                       || std::same_as<T, u128> || std::same_as<T, i128>;

template <plain_number T>
struct wire<T> {
  static constexpr size_t least = sizeof(T);
  static constexpr bool fixed = true;
  static void put(char*& out, const T& x) { put_bytes(out, &x, sizeof x); }
  static bool take(wire_reader& in, T& x) { return in.copy(&x, sizeof x); }
};

template <>
struct wire<bool> {
  static constexpr size_t least = 1;
  static constexpr bool fixed = true;
  static void put(char*& out, bool x) { *out++ = x ? '\1' : '\0'; }
  static bool take(wire_reader& in, bool& x) {
    uint8_t raw = 0;
    if (!in.copy(&raw, 1))
      return false;
    x = raw == 1;
    return raw <= 1 || in.fail("holds a yes or no that is neither");
  }
};

/// `known(x)` (known.hpp) says which numbers are names.
template <class T>
requires std::is_enum_v<T>
struct wire<T> {
  using number = std::underlying_type_t<T>;
  static constexpr size_t least = sizeof(T);
  static constexpr bool fixed = true;
  static void put(char*& out, T x) { put_wire(out, static_cast<number>(x)); }
  static bool take(wire_reader& in, T& x) {
    number raw = 0;
    if (!take_wire(in, raw))
      return false;
    x = static_cast<T>(raw);
    return known(x) || in.fail("holds a number that names nothing");
  }
};

template <>
struct wire<u256> {
  static constexpr size_t least = 32;
  static constexpr bool fixed = true;
  static void put(char*& out, const u256& x) { put_bytes(out, x.limbs().data(), least); }
  static bool take(wire_reader& in, u256& x) {
    std::array<uint64_t, 4> limbs{};
    if (!in.copy(limbs.data(), least))
      return false;
    x = u256::from_limbs(limbs);
    return true;
  }
};

template <>
struct wire<i256> {
  static constexpr size_t least = 32;
  static constexpr bool fixed = true;
  static void put(char*& out, const i256& x) { put_wire(out, x.bits()); }
  static bool take(wire_reader& in, i256& x) {
    u256 bits;
    if (!take_wire(in, bits))
      return false;
    x = i256::from_u256(bits);
    return true;
  }
};

template <>
struct wire<std::string> {
  static constexpr size_t least = 4;
  static constexpr bool fixed = false;
  static size_t size(const std::string& x) { return least + x.size(); }
  static void put(char*& out, const std::string& x) {
    put_count(out, x.size());
    put_bytes(out, x.data(), x.size());
  }
  static bool take(wire_reader& in, std::string& x) {
    uint32_t n = 0;
    if (!in.count(n, 1))
      return false;
    x.resize(n);
    return in.copy(x.data(), n);
  }
};

template <class T>
struct wire<std::optional<T>> {
  static constexpr size_t least = 1;
  static constexpr bool fixed = false;
  static size_t size(const std::optional<T>& x) { return x ? 1 + wire_size(*x) : 1; }
  static void put(char*& out, const std::optional<T>& x) {
    put_wire(out, x.has_value());
    if (x)
      put_wire(out, *x);
  }
  static bool take(wire_reader& in, std::optional<T>& x) {
    bool there = false;
    x.reset();
    if (!take_wire(in, there))
      return false;
    return !there || take_wire(in, x.emplace());
  }
};

/// Several parts one after the other.
template <class... Ts>
struct wire_parts {
  static constexpr size_t least = (size_t{0} + ... + wire<Ts>::least);
  static constexpr bool fixed = (wire<Ts>::fixed && ...);
};

template <class A, class B>
struct wire<std::pair<A, B>> : wire_parts<A, B> {
  static size_t size(const std::pair<A, B>& x) { return wire_size(x.first) + wire_size(x.second); }
  static void put(char*& out, const std::pair<A, B>& x) {
    put_wire(out, x.first);
    put_wire(out, x.second);
  }
  static bool take(wire_reader& in, std::pair<A, B>& x) {
    return take_wire(in, x.first) && take_wire(in, x.second);
  }
};

template <class Tuple>
struct wire_parts_of;
template <class... Ts>
struct wire_parts_of<std::tuple<Ts...>> : wire_parts<std::remove_cvref_t<Ts>...> {};

/// Every struct with a field list: its fields, in order.
template <has_fields T>
struct wire<T> : wire_parts_of<decltype(std::declval<T&>().fields())> {
  static size_t size(const T& x) {
    return std::apply([](const auto&... xs) { return (size_t{0} + ... + wire_size(xs)); },
                      x.fields());
  }
  static void put(char*& out, const T& x) {
    std::apply([&out](const auto&... xs) { (put_wire(out, xs), ...); }, x.fields());
  }
  static bool take(wire_reader& in, T& x) {
    return std::apply([&in](auto&... xs) { return (take_wire(in, xs) && ...); }, x.fields());
  }
};

template <class T, size_t N>
struct wire<std::array<T, N>> {
  static constexpr size_t least = N * wire<T>::least;
  static constexpr bool fixed = wire<T>::fixed;
  static size_t size(const std::array<T, N>& x) {
    size_t n = 0;
    for (const auto& item : x)
      n += wire_size(item);
    return n;
  }
  static void put(char*& out, const std::array<T, N>& x) {
    for (const auto& item : x)
      put_wire(out, item);
  }
  static bool take(wire_reader& in, std::array<T, N>& x) {
    for (auto& item : x)
      if (!take_wire(in, item))
        return false;
    return true;
  }
};

/// What vector, map and set have in common: a count, then the elements.
template <class List, class Item>
struct wire_list {
  static constexpr size_t least = 4;
  static constexpr bool fixed = false;
  static size_t size(const List& list) {
    if constexpr (wire<Item>::fixed)
      return least + list.size() * wire<Item>::least;
    size_t n = least;
    for (const auto& item : list)
      n += wire_size<Item>(item);
    return n;
  }
  static void put(char*& out, const List& list) {
    put_count(out, list.size());
    for (const auto& item : list)
      put_wire<Item>(out, item);
  }
};

template <class T>
struct wire<std::vector<T>> : wire_list<std::vector<T>, T> {
  static_assert(!std::same_as<T, bool>, "vector<bool> has no elements to refer to");
  static bool take(wire_reader& in, std::vector<T>& x) {
    uint32_t n = 0;
    x.clear();
    if (!in.count(n, wire<T>::least))
      return false;
    x.resize(n);
    for (auto& item : x)
      if (!take_wire(in, item))
        return false;
    return true;
  }
};

/// Ascending and without duplicates, so that one value has one form on disk.
template <class Sorted, class Item, class KeyOf>
bool take_sorted(wire_reader& in, Sorted& x, KeyOf key_of) {
  uint32_t n = 0;
  x.clear();
  if (!in.count(n, wire<Item>::least))
    return false;
  for (uint32_t i = 0; i < n; ++i) {
    Item item{};
    if (!take_wire(in, item))
      return false;
    if (!x.empty() && !x.key_comp()(key_of(*x.rbegin()), key_of(item)))
      return in.fail("holds keys out of order");
    x.insert(x.end(), std::move(item));
  }
  return true;
}

template <class T>
struct wire<std::set<T>> : wire_list<std::set<T>, T> {
  static bool take(wire_reader& in, std::set<T>& x) {
    return take_sorted<std::set<T>, T>(in, x, [](const T& item) -> const T& { return item; });
  }
};

template <class K, class V>
struct wire<std::map<K, V>> : wire_list<std::map<K, V>, std::pair<K, V>> {
  using list = std::map<K, V>;
  // The elements are pair<const K, V>: written part by part instead of copied.
  static size_t size(const list& x) {
    size_t n = 4;
    for (const auto& [k, v] : x)
      n += wire_size(k) + wire_size(v);
    return n;
  }
  static void put(char*& out, const list& x) {
    put_count(out, x.size());
    for (const auto& [k, v] : x) {
      put_wire(out, k);
      put_wire(out, v);
    }
  }
  static bool take(wire_reader& in, list& x) {
    const auto key_of = [](const auto& item) -> const K& { return item.first; };
    return take_sorted<list, std::pair<K, V>>(in, x, key_of);
  }
};

} // namespace sluice::storage
