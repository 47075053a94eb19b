/// Teaches CAF to read every value type that lists its fields, and the wide integers.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"

#include <caf/deserializer.hpp>
#include <caf/detail/stringification_inspector.hpp>
#include <caf/detail/tuple_vals.hpp>
#include <caf/error.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/sec.hpp>
#include <caf/serializer.hpp>
#include <caf/system_messages.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

// CAF finds inspect() through the inspector's namespace, so it is there.
namespace caf {

template <class Inspector>
concept sluice_loads = requires {
  requires Inspector::writes_state;
};

template <class Inspector, sluice::has_fields T>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  return std::apply([&f](auto&... xs) { return f(xs...); }, x.fields());
}

/// As two 64-bit words, low first. Any two words are a value; the error is the inspector's own,
/// e.g. when bytes are missing.
template <class Inspector, class T>
requires std::is_same_v<std::remove_const_t<T>, sluice::u128>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  auto low = static_cast<uint64_t>(x);
  auto high = static_cast<uint64_t>(x >> 64);
  if constexpr (sluice_loads<Inspector>)
    return f(low, high, meta::load_callback([&]() -> error {
               x = sluice::u128{high} << 64 | low;
               return {};
             }));
  else
    return f(low, high);
}

/// As four 64-bit words, low first. Any four words are a value; errors as above.
template <class Inspector, class T>
requires std::is_same_v<std::remove_const_t<T>, sluice::u256>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  auto a = x.limb(0), b = x.limb(1), c = x.limb(2), d = x.limb(3);
  if constexpr (sluice_loads<Inspector>)
    return f(a, b, c, d, meta::load_callback([&]() -> error {
               x = (sluice::u256{d} << 192) | (sluice::u256{c} << 128) | (sluice::u256{b} << 64)
                   | sluice::u256{a};
               return {};
             }));
  else
    return f(a, b, c, d);
}

/// As its 256 bits. Two's complement; any 256 bits are a value; errors as above.
template <class Inspector, class T>
requires std::is_same_v<std::remove_const_t<T>, sluice::i256>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  auto bits = x.bits();
  if constexpr (sluice_loads<Inspector>)
    return f(bits, meta::load_callback([&]() -> error {
               x = sluice::i256::from_u256(bits);
               return {};
             }));
  else
    return f(bits);
}

template <class T>
inline constexpr bool sluice_is_optional = false;
template <class T>
inline constexpr bool sluice_is_optional<std::optional<T>> = true;

/// One flag, then the value if there is one.
template <class Inspector, class T>
requires sluice_is_optional<std::remove_const_t<T>>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  bool has = x.has_value();
  if constexpr (sluice_loads<Inspector>)
    return f(has, meta::load_callback([&]() -> error {
               if (!has) {
                 x.reset();
                 return {};
               }
               return f(x.emplace());
             }));
  else
    return has ? f(has, *x) : f(has);
}

} // namespace caf

namespace caf::detail {
using caf::inspect; // printing looks here
}

/// What CAF makes of a message that holds these values: one that is shared, and what is inside one
/// in a mailbox. (mailbox_element_vals itself cannot be instantiated whole: its dispose() does not
/// compile in 0.17.6, and nothing calls it.)
#define SLUICE_MESSAGE_CLASSES(HOW, ...)                                                           \
  HOW template class caf::detail::tuple_vals_impl<caf::detail::message_data, __VA_ARGS__>;         \
  HOW template class caf::detail::tuple_vals_impl<caf::type_erased_tuple, __VA_ARGS__>;            \
  HOW template class caf::detail::tuple_vals<__VA_ARGS__>;

/// What CAF does to read, write and print a T, and to send one.
#define SLUICE_MESSAGE_OF(HOW, T)                                                                  \
  HOW template caf::error caf::inspect(caf::serializer&, T&);                                      \
  HOW template caf::error caf::inspect(caf::deserializer&, T&);                                    \
  HOW template void caf::inspect(caf::detail::stringification_inspector&, T&);                     \
  SLUICE_MESSAGE_CLASSES(HOW, T)

/// Below a header's type ids. Whoever sends a T would compile all that is in it, most of what an
/// actor's compilation costs; the source that has INSTANTIATE(T) does it once for everybody.
#define EXTERN_INSTANTIATE(T) SLUICE_MESSAGE_OF(extern, T)
#define INSTANTIATE(T) SLUICE_MESSAGE_OF(, T)

// Messages that everybody sends; all.cpp has them.
#define SLUICE_COMMON_MESSAGES(HOW)                                                                \
  SLUICE_MESSAGE_CLASSES(HOW, caf::atom_value)                                                     \
  SLUICE_MESSAGE_CLASSES(HOW, caf::atom_value, uint64_t)                                           \
  SLUICE_MESSAGE_CLASSES(HOW, caf::atom_value, std::string)                                        \
  SLUICE_MESSAGE_CLASSES(HOW, caf::error)                                                          \
  SLUICE_MESSAGE_CLASSES(HOW, caf::exit_msg)                                                       \
  SLUICE_MESSAGE_CLASSES(HOW, std::string)                                                         \
  SLUICE_MESSAGE_CLASSES(HOW, uint64_t)

SLUICE_COMMON_MESSAGES(extern)
