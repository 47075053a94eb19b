/// A table whose rows carry a checksum: a changed byte is seen when the row is read.
#pragma once

#include "storage/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::storage {

/// FNV-1a (64 bits) of both, the key closed by its length. No error.
uint64_t row_checksum(std::string_view key, std::string_view value);

/// Appends eight bytes: the checksum of key and value, the lowest byte first. No error.
void seal_row(write& x);

/// The value without its checksum. ec::corrupt_data when it is not that of this key and value.
result<std::string_view> unseal_row(std::string_view key, std::string_view value);

/// Like `table` (table.hpp); every fault there is one here, and a row with another checksum is
/// ec::corrupt_data too.
template <class Key, class Value>
struct checked_table {
  using row = std::pair<Key, Value>;

  std::string_view store;
  std::string_view name;

  void put(batch& out, const Key& key, const Value& value) const {
    table<Key, Value>{store, name}.put(out, key, value);
    seal_row(out.writes.back());
  }

  void erase(batch& out, const Key& key) const { table<Key, Value>{store, name}.erase(out, key); }

  /// As row_check (schema.hpp), for values with their checksum.
  static result<nothing> check_row(std::string_view key, std::string_view value) {
    const auto plain = unseal_row(key, value);
    return plain ? table<Key, Value>::check_row(key, *plain) : plain.error();
  }

  /// The value, or none when there is none.
  result<std::optional<Value>> find(const disk auto& from, const Key& key) const {
    const auto* env = from.find_store(store);
    if (!env)
      return no_store();
    const auto wanted = encode_key(key);
    const auto bytes = env->get(name, wanted);
    if (!bytes && bytes.error().code == ec::no_such_key)
      return std::optional<Value>{};
    if (!bytes)
      return bytes.error();
    auto value = read(*env, wanted, *bytes);
    if (!value)
      return value.error();
    return std::optional<Value>{*std::move(value)};
  }

  /// Calls `f(key, value)` for every row in key order. `f` may answer false to stop.
  template <class F>
  result<nothing> for_each(const disk auto& from, F f) const {
    return walk(from, key_range{}, f);
  }

  /// Only rows whose key begins with `prefix`: the leading parts of Key, e.g. a tuple of them.
  template <class Prefix, class F>
  result<nothing> for_prefix(const disk auto& from, const Prefix& prefix, F f) const {
    return walk(from, key_range{encode_key(prefix), {}, false}, f);
  }

  /// The same, newest key first.
  template <class Prefix, class F>
  result<nothing> for_prefix_back(const disk auto& from, const Prefix& prefix, F f) const {
    return walk(from, key_range{encode_key(prefix), {}, true}, f);
  }

  /// The row with the highest key, if there is one.
  result<std::optional<row>> last(const disk auto& from) const {
    std::optional<row> found;
    auto take = [&found](Key key, Value value) {
      found.emplace(std::move(key), std::move(value));
      return false;
    };
    if (auto walked = walk(from, key_range{{}, {}, true}, take); !walked)
      return walked.error();
    return found;
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
      auto value = read(*env, k, v);
      if (!key || !value) {
        bad = key ? value.error() : bad_row(*env, k, key.error());
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

  result<Value> read(const environment& env, std::string_view key, std::string_view bytes) const {
    const auto plain = unseal_row(key, bytes);
    if (!plain)
      return bad_row(env, key, plain.error());
    auto value = decode<Value>(*plain);
    if (!value)
      return bad_row(env, key, value.error());
    return value;
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
