/// What lies on disk for every kind of type. Strings, pairs, arrays and the saving of lists are
/// cereal's own; here is what it lacks (wide numbers, field lists) and what it reads too
/// trustingly.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"
#include "storage/archive.hpp"

#include <cereal/types/array.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/vector.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice::storage {

/// Numbers that any bytes are good for. 128 bits are listed by name: strict C++ does not count
/// them in.
template <class T>
concept plain_number = (std::is_arithmetic_v<T> && !std::same_as<T, bool>)
                       || std::same_as<T, u128> || std::same_as<T, i128>;

/// The fewest bytes of a T on disk. 0 is always true and only makes `count` less strict. Of a text
/// or a container: the four bytes of its count. Errors: none.
template <class T>
inline constexpr size_t least_bytes = 0;

template <class T>
requires plain_number<T> || std::same_as<T, bool> || std::is_enum_v<T>
inline constexpr size_t least_bytes<T> = sizeof(T);
template <>
inline constexpr size_t least_bytes<u256> = 32;
template <>
inline constexpr size_t least_bytes<i256> = 32;
template <>
inline constexpr size_t least_bytes<std::string> = 4;
template <class T>
inline constexpr size_t least_bytes<std::optional<T>> = 1;
template <class T>
inline constexpr size_t least_bytes<std::vector<T>> = 4;
template <class T>
inline constexpr size_t least_bytes<std::set<T>> = 4;
template <class K, class V>
inline constexpr size_t least_bytes<std::map<K, V>> = 4;
template <class T, size_t N>
inline constexpr size_t least_bytes<std::array<T, N>> = N* least_bytes<T>;
template <class A, class B>
inline constexpr size_t least_bytes<std::pair<A, B>> = least_bytes<A> + least_bytes<B>;
template <class... Ts>
inline constexpr size_t least_bytes<std::tuple<Ts&...>> = (size_t{0} + ... + least_bytes<Ts>);
template <has_fields T>
inline constexpr size_t least_bytes<T> = least_bytes<decltype(std::declval<T&>().fields())>;

/// The bytes of a T on disk where they are always as many; else 0. Errors: none.
template <class T>
inline constexpr size_t fixed_bytes = 0;
template <class T>
requires plain_number<T> || std::same_as<T, bool> || std::is_enum_v<T>
inline constexpr size_t fixed_bytes<T> = sizeof(T);
template <>
inline constexpr size_t fixed_bytes<u256> = 32;
template <>
inline constexpr size_t fixed_bytes<i256> = 32;
template <size_t N>
inline constexpr size_t fixed_bytes<std::array<uint8_t, N>> = N;

/// A value of fixed size from where it lies; false when it cannot be. Reads fixed_bytes<T> bytes
/// from `from`, where the caller has checked that so many are.
template <class T>
[[gnu::always_inline]] inline bool copy_fixed(const char* from, T& x) {
  if constexpr (std::same_as<T, u256> || std::same_as<T, i256>) {
    std::array<uint64_t, 4> limbs{};
    std::memcpy(limbs.data(), from, sizeof limbs);
    if constexpr (std::same_as<T, u256>)
      x = u256::from_limbs(limbs);
    else
      x = i256::from_u256(u256::from_limbs(limbs));
  } else if constexpr (std::same_as<T, bool>) {
    x = *from == 1;
    return *from == 0 || x;
  } else {
    std::memcpy(&x, from, sizeof x);
    if constexpr (std::is_enum_v<T>)
      return known(x);
  }
  return true;
}

/// Bytes on disk of the first `field` fields, where each has a fixed size. `field`: 0 to the number
/// of fields, not checked.
template <class... Ts>
constexpr size_t bytes_before(size_t field) {
  const std::array<size_t, sizeof...(Ts)> sizes{fixed_bytes<Ts>...};
  size_t sum = 0;
  for (size_t i = 0; i < field; ++i)
    sum += sizes[i];
  return sum;
}
/// How many fields in front have a fixed size: 0 to all of them. Errors: none.
template <class... Ts>
constexpr size_t fixed_in_front() {
  const std::array<size_t, sizeof...(Ts)> sizes{fixed_bytes<Ts>...};
  size_t count = 0;
  while (count < sizes.size() && sizes[count] != 0)
    ++count;
  return count;
}

/// Fields that stand in front and have fixed sizes are paid for together, which takes less time.
/// Where they cannot be, one by one states which and where.
template <class... Ts>
void read_fields(input_archive& in, const std::tuple<Ts&...>& fields) {
  constexpr size_t front = fixed_in_front<Ts...>();
  constexpr size_t bytes = bytes_before<Ts...>(front);
  const auto copy_front = [&]<size_t... I>(std::index_sequence<I...>) {
    const char* from = in.next();
    return in.left() >= bytes
           && (copy_fixed(from + bytes_before<Ts...>(I), std::get<I>(fields)) && ...);
  };
  const bool copied = front > 1 && copy_front(std::make_index_sequence<front>{});
  if (copied)
    in.skip(bytes);
  const auto read_one = [&]<size_t I>(std::integral_constant<size_t, I>) {
    if (I >= front || !copied)
      in(std::get<I>(fields));
  };
  [&]<size_t... I>(std::index_sequence<I...>) {
    (read_one(std::integral_constant<size_t, I>{}), ...);
  }
  (std::index_sequence_for<Ts...>{});
}

/// Ascending and without duplicates, so that one value has one form on disk. `take()` reads an
/// element. `n`: number of elements, as `count` has bounded it. Keys that do not ascend throw
/// cereal::Exception.
template <class Sorted, class Take, class KeyOf>
void read_sorted(input_archive& in, uint32_t n, Sorted& x, Take take, KeyOf key_of) {
  x.clear();
  for (; n > 0; --n) {
    auto item = take();
    if (!x.empty() && !x.key_comp()(key_of(*x.rbegin()), key_of(item)))
      in.refuse("holds keys out of order");
    x.insert(x.end(), std::move(item));
  }
}

/// A struct that has grown since schema 1: so many of its fields, the first ones, were there then.
template <class T>
concept grown_since_schema_1 = requires {
  { T::fields_in_schema_1 } -> std::convertible_to<size_t>;
};
/// The same for schema 3, and for schema 1 where that is not listed.
template <class T>
concept grown_since_schema_3 = requires {
  { T::fields_in_schema_3 } -> std::convertible_to<size_t>;
};

/// How many fields of T a value of `schema` has, 0: all of them. Schemas count from 1; the current
/// one is UINT32_MAX.
template <class T>
constexpr size_t fields_in(uint32_t schema) {
  if constexpr (grown_since_schema_1<T>)
    if (schema == 1)
      return T::fields_in_schema_1;
  if constexpr (grown_since_schema_3<T>)
    if (schema <= 3)
      return T::fields_in_schema_3;
  return 0;
}

/// The first `count` fields of a value; the others keep what they are by default. Bytes that are
/// cut short throw cereal::Exception.
template <class T>
void read_first_fields(input_archive& in, T& x, size_t count) {
  auto fields = x.fields();
  [&]<size_t... I>(std::index_sequence<I...>) {
    ((I < count ? in(std::get<I>(fields)) : in), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(fields)>>{});
}

} // namespace sluice::storage

// In cereal's namespace, where its archives look and CAF does not: next to the stored types these
// templates would be taken by CAF's has_serialize<> for an answer to its own question. An overload
// for one of our archives wins over cereal's for all archives.
namespace cereal {

namespace disk = ::sluice::storage;

/// Every struct with a field list: its fields, in order.
template <class Archive, ::sluice::has_fields T>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive& ar, T& x) {
  if constexpr (!std::same_as<Archive, disk::input_archive>) {
    std::apply([&ar](auto&... parts) { (ar(parts), ...); }, x.fields());
  } else {
    if constexpr (disk::grown_since_schema_1<T> || disk::grown_since_schema_3<T>)
      if (const auto count = disk::fields_in<T>(ar.schema()); count > 0)
        return disk::read_first_fields(ar, x, count);
    disk::read_fields(ar, x.fields());
  }
}

/// Names are for people; the disk has none.
template <class Archive, class T>
CEREAL_ARCHIVE_RESTRICT(disk::input_archive, disk::output_archive)
CEREAL_SERIALIZE_FUNCTION_NAME(Archive& ar, NameValuePair<T>& x) {
  ar(x.value);
}

template <disk::plain_number T>
void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const T& x) {
  ar.write(&x, sizeof x);
}
template <disk::plain_number T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, T& x) {
  ar.read(&x, sizeof x);
}

template <std::same_as<bool> T> // as a plain argument it would take everything that converts
void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const T& x) {
  const uint8_t raw = x ? 1 : 0;
  ar.write(&raw, 1);
}
template <std::same_as<bool> T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, T& x) {
  uint8_t raw = 0;
  ar.read(&raw, 1);
  if (raw > 1)
    ar.refuse("holds a yes or no that is neither");
  x = raw == 1;
}

/// `known(x)` (known.hpp) states which numbers are names. Cereal itself believes every number.
template <class T>
requires std::is_enum_v<T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, T& x) {
  std::underlying_type_t<T> raw{};
  ar.read(&raw, sizeof raw);
  x = static_cast<T>(raw);
  if (!known(x))
    ar.refuse("holds a number that names nothing");
}
template <class T>
requires std::is_enum_v<T>
struct specialize<disk::input_archive, T, specialization::non_member_load_save> : std::true_type {
};

/// 32 bytes, the lowest first; any number.
inline void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const ::sluice::u256& x) {
  ar.write(x.limbs().data(), 32);
}
/// Fewer than 32 bytes left throw cereal::Exception.
inline void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, ::sluice::u256& x) {
  std::array<uint64_t, 4> limbs{};
  ar.read(limbs.data(), 32);
  x = ::sluice::u256::from_limbs(limbs);
}

/// 32 bytes of two's complement, the lowest first; any number.
inline void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const ::sluice::i256& x) {
  ar(x.bits());
}
/// Fewer than 32 bytes left throw cereal::Exception.
inline void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, ::sluice::i256& x) {
  ::sluice::u256 bits;
  ar(bits);
  x = ::sluice::i256::from_u256(bits);
}

/// A count of 32 bits. One that does not fit makes a value of more than 4 GiB, which LMDB refuses
/// to store.
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const SizeTag<T>& x) {
  const auto narrow = static_cast<uint32_t>(x.size);
  ar.write(&narrow, sizeof narrow);
}
/// Used by cereal for strings and flags, whose elements have a byte each.
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, SizeTag<T>& x) {
  x.size = ar.count(1);
}

/// Bytes as they are. Not for flags, which are looked at one by one.
template <class T>
concept raw_data = !std::same_as<std::remove_cv_t<std::remove_pointer_t<T>>, bool>;

template <raw_data T>
void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const BinaryData<T>& x) {
  ar.write(x.data, x.size);
}
template <raw_data T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, BinaryData<T>& x) {
  ar.read(x.data, x.size);
}

/// A yes in front of what is there (cereal would write a no).
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(disk::output_archive& ar, const std::optional<T>& x) {
  ar(x.has_value());
  if (x)
    ar(*x);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, std::optional<T>& x) {
  bool there = false;
  ar(there);
  if (there)
    ar(x.emplace());
  else
    x.reset();
}

template <class T>
requires(!std::same_as<T, bool>) // cereal's has no elements to refer to, and is bounded by count(1)
  void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, std::vector<T>& x) {
  // Elements have grown since older schemas.
  const auto n = ar.count(ar.schema() == UINT32_MAX ? disk::least_bytes<T> : 0);
  x.clear();
  x.resize(n);
  if constexpr (std::is_arithmetic_v<T>)
    ar.read(x.data(), n * sizeof(T));
  else
    for (auto& item : x)
      ar(item);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, std::set<T>& x) {
  const auto take = [&ar] {
    T item{};
    ar(item);
    return item;
  };
  const auto key_of = [](const T& item) -> const T& { return item; };
  disk::read_sorted(ar, ar.count(disk::least_bytes<T>), x, take, key_of);
}

template <class K, class V>
void CEREAL_LOAD_FUNCTION_NAME(disk::input_archive& ar, std::map<K, V>& x) {
  const auto take = [&ar] {
    std::pair<K, V> item{};
    ar(item.first, item.second);
    return item;
  };
  const auto key_of = [](const auto& item) -> const K& { return item.first; };
  disk::read_sorted(ar, ar.count(disk::least_bytes<std::pair<K, V>>), x, take, key_of);
}

} // namespace cereal
