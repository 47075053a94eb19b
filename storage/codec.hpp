/// A value as bytes on disk, with its two versions in front.
#pragma once

#include "rules/result.hpp"
#include "storage/archive_types.hpp"

#include <string>
#include <string_view>

namespace sluice::storage {

/// Raise when archive_types.hpp writes any type in another way. One byte, 1 to 255; the first of
/// every stored value. A value with another one is corrupt_data.
inline constexpr uint8_t wire_version = 1;

/// Version of one type's field list: its own `stored_version`, else 1. Raise it together with the
/// schema (schema.hpp) when the fields of a stored struct change. One byte, 1 to 255; the second of
/// every stored value. A value with another one is corrupt_data.
template <class T>
constexpr uint8_t stored_version() {
  if constexpr (requires { T::stored_version; })
    return T::stored_version;
  else
    return 1;
}

/// Reads the two bytes of versions in front. Throws cereal::Exception when the second is not
/// `expected`, that of the type (1 to 255), or the first is not `wire_version`.
void read_versions(input_archive& in, uint8_t expected);

/// The bytes of any struct with SLUICE_FIELDS, number, text, enum or container of them. Most values
/// fit into what lies on the stack; a large one is walked twice. Either way a single allocation of
/// the exact size. Two bytes of versions and the value. Never fails but for lack of memory
/// (std::bad_alloc); a value that LMDB cannot hold (4 GiB or more) is refused when it is written.
template <class T>
std::string encode(const T& x) {
  // Written before it is read: clearing a KiB for each row would cost more than most rows.
  std::array<char, 1024> small; // NOLINT(cppcoreguidelines-pro-type-member-init)
  output_archive out{small};
  out(wire_version, stored_version<T>(), x);
  if (out.size() <= small.size())
    return {small.data(), out.size()};
  std::string bytes(out.size(), '\0');
  output_archive again{bytes};
  again(wire_version, stored_version<T>(), x);
  return bytes;
}

/// The value again. Safe on any bytes: corrupt_data with a sentence, never a crash, never more
/// memory than the bytes could stand for. One value has exactly one form, so decode(b) means encode
/// == b.
template <class T>
result<T> decode(std::string_view bytes) {
  try {
    input_archive in{bytes};
    read_versions(in, stored_version<T>());
    T x{};
    in(x);
    if (in.left() > 0)
      in.refuse("goes on after its end");
    return x;
  } catch (const cereal::Exception& why) {
    return fault{ec::corrupt_data, why.what()};
  }
}

/// The same for a value of an older schema (1 to 3), whose field list had `version`, for the
/// migration from there. Faults: corrupt_data, as decode.
template <class T>
result<T> decode_older(std::string_view bytes, uint32_t schema, uint8_t version) {
  try {
    input_archive in{bytes, schema};
    read_versions(in, version);
    T x{};
    in(x);
    if (in.left() > 0)
      in.refuse("goes on after its end");
    return x;
  } catch (const cereal::Exception& why) {
    return fault{ec::corrupt_data, why.what()};
  }
}

} // namespace sluice::storage
