/// Which nonces a hotkey has used: none is taken twice while the message that had it is fresh.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// A nonce that was used. `at_us`: the moment that the message states, microseconds since
/// 1970-01-01 UTC. It can be forgotten once `at_us` is more than the freshness in the past: the
/// message would be refused for its age then.
struct sports_nonce {
  hotkey key;
  std::string nonce;
  int64_t at_us = 0;
  SLUICE_FIELDS(key, nonce, at_us)
  bool operator==(const sports_nonce&) const = default;
};

/// Counts; not checked. Memory is bounded by both.
struct sports_nonce_terms {
  uint64_t freshness_s = 300;
  size_t per_key_max = 65'536;
  size_t all_max = size_t{1} << 20;
};

/// Not for several threads.
class sports_nonce_book {
public:
  explicit sports_nonce_book(sports_nonce_terms terms) : terms_(terms) {}

  /// Was it used? Also true when the hotkey, or all together, have used as many as can be
  /// remembered: what cannot be remembered is not taken. `now_us`: microseconds since 1970-01-01
  /// UTC.
  bool refuses(const hotkey& key, std::string_view nonce, int64_t now_us);

  /// Remembers it, whatever the bounds are. One that is there already keeps the later moment.
  void keep(const sports_nonce& x);

  /// Those that are remembered. From 0.
  size_t size() const { return all_; }

private:
  using nonces_of_key = std::map<std::string, int64_t, std::less<>>; // to its second
  using place = std::pair<const std::string*, const std::string*>;   // hotkey, nonce

  void forget(int64_t now_us);

  sports_nonce_terms terms_;
  std::map<std::string, nonces_of_key, std::less<>> by_key_;
  std::map<int64_t, std::vector<place>> by_second_; // once per nonce and second
  size_t all_ = 0;
};

} // namespace sluice
