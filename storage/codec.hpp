/// A value as bytes on disk, with its two versions in front.
#pragma once

#include "rules/result.hpp"
#include "storage/wire.hpp"

#include <string>
#include <string_view>

namespace sluice::storage {

/// Raise when wire.hpp writes any type in another way.
inline constexpr uint8_t wire_version = 1;

/// Version of one type's field list: its own `stored_version`, else 1. Raise it together with the
/// schema (schema.hpp) when the fields of a stored struct change.
template <class T>
constexpr uint8_t stored_version() {
  if constexpr (requires { T::stored_version; })
    return T::stored_version;
  else
    return 1;
}

/// The bytes of any struct with SLUICE_FIELDS, number, text, enum or container of them. One pass
/// counts, one pass copies: a single allocation of the exact size.
template <class T>
std::string encode(const T& x) {
  std::string bytes(2 + wire_size(x), '\0');
  char* out = bytes.data();
  *out++ = static_cast<char>(wire_version);
  *out++ = static_cast<char>(stored_version<T>());
  put_wire(out, x);
  return bytes;
}

/// The value again. Safe on any bytes: corrupt_data with a sentence, never a crash, never more
/// memory than the bytes could stand for. One value has exactly one form, so decode(b) means encode
/// == b.
template <class T>
result<T> decode(std::string_view bytes) {
  wire_reader in{bytes};
  std::array<uint8_t, 2> versions{};
  if (!in.copy(versions.data(), versions.size()))
    return fault{ec::corrupt_data, "the value has no version"};
  if (versions[0] != wire_version || versions[1] != stored_version<T>())
    return fault{ec::corrupt_data, "the value has version " + std::to_string(versions[0]) + '.'
                                     + std::to_string(versions[1]) + ", expected "
                                     + std::to_string(wire_version) + '.'
                                     + std::to_string(stored_version<T>())};
  T x{};
  if (take_wire(in, x) && in.left() == 0)
    return x;
  const std::string why = in.why() ? in.why() : "goes on after its end";
  return fault{ec::corrupt_data, "the value " + why + " at byte " + std::to_string(in.at()) + " of "
                                   + std::to_string(bytes.size())};
}

} // namespace sluice::storage
