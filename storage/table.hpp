/// A typed view on one LMDB table.
#pragma once

#include "storage/codec.hpp"
#include "storage/environment.hpp"
#include "storage/key.hpp"

#include <optional>

namespace sluice::storage {

/// Where tables are read from: an environment, or a data_dir that has several.
template <class T>
concept disk = requires(const T& x, std::string_view store) {
  { x.find_store(store) } -> std::same_as<const environment*>;
};

/// Names a table and fixes what its keys and values are.
template <class Key, class Value>
struct table {
  using row = std::pair<Key, Value>;

  std::string_view store;
  std::string_view name;

  /// Adds one write to `out`; nothing is checked or stored before the commit.
  void put(batch& out, const Key& key, const Value& value) const {
    out.writes.push_back(
      {std::string{store}, std::string{name}, encode_key(key), encode(value), false});
  }

  void erase(batch& out, const Key& key) const {
    out.writes.push_back({std::string{store}, std::string{name}, encode_key(key), {}, true});
  }

  /// As row_check (schema.hpp): both are decoded, and what they are is forgotten.
  static result<nothing> check_row(std::string_view key, std::string_view value) {
    if (auto as_key = decode_key<Key>(key); !as_key)
      return as_key.error();
    if (auto as_value = decode<Value>(value); !as_value)
      return as_value.error();
    return nothing{};
  }

  /// The value; no_such_key when there is none.
  result<Value> get(const disk auto& from, const Key& key) const {
    const auto* env = from.find_store(store);
    if (!env)
      return no_store();
    const auto bytes = env->get(name, encode_key(key));
    if (!bytes)
      return bytes.error();
    auto value = decode<Value>(*bytes);
    if (!value)
      return bad_row(*env, encode_key(key), value.error());
    return value;
  }

  /// The value, or none when there is none.
  result<std::optional<Value>> find(const disk auto& from, const Key& key) const {
    auto value = get(from, key);
    if (value)
      return std::optional<Value>{*std::move(value)};
    if (value.error().code == ec::no_such_key)
      return std::optional<Value>{};
    return value.error();
  }

  /// How many bytes the stored value has, without reading it; none when there is none. Faults as
  /// for_each.
  result<std::optional<size_t>> bytes_of(const disk auto& from, const Key& key) const {
    const auto* env = from.find_store(store);
    if (!env)
      return no_store();
    std::optional<size_t> found;
    const auto wanted = encode_key(key);
    auto walked = env->scan(name, {wanted, {}, false}, [&](std::string_view k, std::string_view v) {
      if (k == wanted)
        found = v.size();
      return false;
    });
    if (!walked)
      return walked.error();
    return found;
  }

  /// Calls `f(key, value)` for every row in key order. `f` may answer false to stop. A row that
  /// cannot be read ends the walk with corrupt_data. Other faults: as environment::scan.
  template <class F>
  result<nothing> for_each(const disk auto& from, F f) const {
    return walk(from, key_range{}, f);
  }

  /// Only rows whose key begins with `prefix`: the leading parts of Key, e.g. a tuple of them.
  template <class Prefix, class F>
  result<nothing> for_prefix(const disk auto& from, const Prefix& prefix, F f) const {
    return walk(from, key_range{encode_key(prefix), {}, false}, f);
  }

  /// The same, from the first key that is not below `start`.
  template <class Prefix, class F>
  result<nothing>
  for_prefix_from(const disk auto& from, const Prefix& prefix, const Key& start, F f) const {
    return walk(from, key_range{encode_key(prefix), encode_key(start), false}, f);
  }

  /// The same, newest key first.
  template <class Prefix, class F>
  result<nothing> for_prefix_back(const disk auto& from, const Prefix& prefix, F f) const {
    return walk(from, key_range{encode_key(prefix), {}, true}, f);
  }

  /// The row with the highest key, if there is one. None when the table is empty; faults as
  /// for_each.
  result<std::optional<row>> last(const disk auto& from) const {
    return one(from, key_range{{}, {}, true});
  }

  template <class Prefix>
  result<std::optional<row>> last(const disk auto& from, const Prefix& prefix) const {
    return one(from, key_range{encode_key(prefix), {}, true});
  }

  /// The row with the highest key that is not above `bound`, among those with the prefix.
  template <class Prefix>
  result<std::optional<row>>
  last_until(const disk auto& from, const Prefix& prefix, const Key& bound) const {
    return one(from, key_range{encode_key(prefix), encode_key(bound), true});
  }

private:
  template <class F>
  result<nothing> walk(const disk auto& from, const key_range& range, F& f) const {
    const auto* env = from.find_store(store);
    if (!env)
      return no_store();
    std::optional<fault> bad;
    auto walked = env->scan(name, range, [&](std::string_view k, std::string_view v) {
      auto key = decode_key<Key>(k);
      auto value = decode<Value>(v);
      if (!key || !value) {
        bad = bad_row(*env, k, key ? value.error() : key.error());
        return false;
      }
      if constexpr (std::is_void_v<decltype(f(*std::move(key), *std::move(value)))>) {
        f(*std::move(key), *std::move(value));
        return true;
      } else {
        return static_cast<bool>(f(*std::move(key), *std::move(value)));
      }
    });
    if (bad)
      return *bad;
    return walked;
  }

  result<std::optional<row>> one(const disk auto& from, const key_range& range) const {
    std::optional<row> found;
    auto take = [&found](Key key, Value value) {
      found.emplace(std::move(key), std::move(value));
      return false;
    };
    if (auto walked = walk(from, range, take); !walked)
      return walked.error();
    return found;
  }

  fault no_store() const {
    return {ec::invalid_argument, "table " + std::string{name} + " is in store "
                                    + std::string{store} + ", which is not open here"};
  }
  fault bad_row(const environment& env, std::string_view key, const fault& why) const {
    return {why.code, env.path().string() + ": table " + std::string{name} + ", row " + to_hex(key)
                        + ": " + why.what};
  }
};

} // namespace sluice::storage
