/// Reads one TOML table key by key and keeps the first mistake as one sentence.
#pragma once

#include "rules/math/u256.hpp"
#include "rules/result.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace sluice::io {

/// What all tables of one file share: its name, the first mistake, and what was set beside the
/// file: pairs of a key and where its value comes from.
struct config_trouble {
  std::string file;
  std::optional<fault> first;
  std::vector<std::pair<std::string, std::string>> origins{};
};

/// A value that is absent leaves its target as it was. A value that is wrong is reported as
/// `FILE:LINE:COL: key: expected ..., got ...`, once; the first one wins. The fault is
/// ec::bad_input. Numbers have the unit of their key; all bounds are inclusive.
class config_table {
public:
  /// `path` comes before every key of this table: "" or "jobs[0].pool".
  config_table(const toml::table& table, std::string path, config_trouble& trouble);

  /// Every key that may be here; others are a mistake, with the nearest one named.
  void allow(std::span<const std::string_view> keys);
  void allow(std::initializer_list<std::string_view> keys) {
    allow(std::span{keys.begin(), keys.size()});
  }
  void require(std::string_view key);
  bool has(std::string_view key) const { return table_.contains(key); }

  /// true or false.
  void read(std::string_view key, bool& out);
  /// A number from `least` to `most`; NaN is a mistake.
  void read(std::string_view key, double& out, double least, double most);
  /// An amount in smallest units, 0 to `most`, an integer or a decimal string.
  void read(std::string_view key, u256& out, const u256& most);
  /// The same of a liquidity L or an amount of 0 to 2^128 - 1.
  void read(std::string_view key, u128& out);
  /// An integer from `least` to `most`, which `T` must hold (not checked); from 2^63 on as a
  /// decimal string.
  template <std::integral T>
  void read(std::string_view key, T& out, int64_t least, uint64_t most) {
    bool negative = false;
    uint64_t magnitude = 0;
    if (integer(key, least, most, negative, magnitude))
      out = static_cast<T>(negative ? -static_cast<int64_t>(magnitude)
                                    : static_cast<int64_t>(magnitude));
  }

  /// Which characters a text may have; a hotkey is a token that is no mistyped SS58 address.
  enum class letters : uint8_t { any, name, token, address, path, hotkey };
  /// A text of at most `bytes_max` bytes.
  void read(std::string_view key, std::string& out, letters allowed, size_t bytes_max);
  /// At most `count_max` texts of at most `bytes_max` bytes each.
  void read(std::string_view key, std::vector<std::string>& out, letters allowed, size_t bytes_max,
            size_t count_max);

  /// One to `count_max` integers, each from `least` to `most`, which is below 2^63 (not checked).
  void read(std::string_view key, std::vector<uint64_t>& out, uint64_t least, uint64_t most,
            size_t count_max);

  template <class E>
  void choose(std::string_view key, E& out,
              std::initializer_list<std::pair<std::string_view, E>> choices) {
    std::vector<std::string_view> names;
    for (const auto& choice : choices)
      names.push_back(choice.first);
    if (const auto at = chosen(key, names))
      out = choices.begin()[*at].second;
  }

  /// The table under `key`, if there is one.
  std::optional<config_table> table(std::string_view key);
  /// The tables of the array under `key`, at most `count_max` of them; none when it is absent or a
  /// mistake.
  std::vector<config_table> tables(std::string_view key, size_t count_max);
  /// Every key here, for tables whose keys are names.
  std::vector<std::string> keys() const;

  /// A mistake at `key` (at the table when the key is absent). `got` is shown as it is; when it is
  /// empty the value itself is.
  void refuse(std::string_view key, std::string_view expected, std::string_view got = {},
              std::string_view hint = {});
  bool fine() const { return !trouble_->first; }
  std::string path_of(std::string_view key) const;

private:
  bool
  integer(std::string_view key, int64_t least, uint64_t most, bool& negative, uint64_t& magnitude);
  std::optional<size_t> chosen(std::string_view key, std::span<const std::string_view> names);
  void refuse_at(const toml::source_region& where, std::string_view path, std::string_view expected,
                 std::string_view got, std::string_view hint);

  const toml::table& table_;
  std::string path_;
  config_trouble* trouble_;
};

} // namespace sluice::io
