#include "rules/sports/nonce_book.hpp"

namespace sluice {

namespace {

/// Rounded up: a nonce is never forgotten too early.
int64_t second_of_nonce(int64_t us) {
  return us / 1'000'000 + 1;
}

} // namespace

bool sports_nonce_book::refuses(const hotkey& key, std::string_view nonce, int64_t now_us) {
  forget(now_us);
  const auto of_key = by_key_.find(key.value);
  if (of_key == by_key_.end())
    return all_ >= terms_.all_max;
  if (of_key->second.size() >= terms_.per_key_max || all_ >= terms_.all_max)
    return true;
  return of_key->second.find(nonce) != of_key->second.end();
}

void sports_nonce_book::keep(const sports_nonce& x) {
  const auto second = second_of_nonce(x.at_us);
  const auto of_key = by_key_.try_emplace(x.key.value).first;
  const auto [at, is_new] = of_key->second.try_emplace(x.nonce, second);
  if (is_new)
    ++all_;
  else if (at->second >= second)
    return;
  at->second = second;
  by_second_[second].emplace_back(&of_key->first, &at->first);
}

void sports_nonce_book::forget(int64_t now_us) {
  const auto before = now_us / 1'000'000 - static_cast<int64_t>(terms_.freshness_s);
  while (!by_second_.empty() && by_second_.begin()->first < before) {
    const auto second = by_second_.begin()->first;
    for (const auto& [key, nonce] : by_second_.begin()->second) {
      const auto of_key = by_key_.find(*key);
      const auto at = of_key->second.find(*nonce);
      if (at->second != second)
        continue; // it was used again later
      of_key->second.erase(at);
      --all_;
      if (of_key->second.empty())
        by_key_.erase(of_key);
    }
    by_second_.erase(by_second_.begin());
  }
}

} // namespace sluice
