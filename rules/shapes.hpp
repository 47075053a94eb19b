/// What sort of value a type is, for code that walks the fields of any struct.
#pragma once

#include "rules/ids.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sluice::shapes {

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class K, class T>
inline constexpr bool is_map<std::map<K, T>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

template <class T>
inline constexpr bool is_id = false;
template <class Tag, class T>
inline constexpr bool is_id<id<Tag, T>> = true;

} // namespace sluice::shapes
