#include "rules/miner_gateway/rates.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

const std::string shared_account;
constexpr uint64_t sweep_pause_ms = 1'000; // a full table is looked through no more often

constexpr uint64_t thousandths(uint64_t n) {
  return n > token_bucket::never / 1'000 ? token_bucket::never : n * 1'000;
}

} // namespace

uint64_t token_bucket::missing_at(const rate& terms, uint64_t now_ms) const {
  const uint64_t passed = now_ms > at_ms_ ? now_ms - at_ms_ : 0;
  if (missing_ == 0 || terms.per_second == 0)
    return missing_;
  if (passed > missing_ / terms.per_second) // passed * per_second > missing_, without overflow
    return 0;
  return missing_ - passed * terms.per_second; // n per second are n thousandths per millisecond
}

uint64_t token_bucket::take(const rate& terms, uint64_t n, uint64_t now_ms) {
  if (n > terms.burst)
    return never;
  const auto missing = missing_at(terms, now_ms);
  const auto capacity = thousandths(terms.burst);
  const auto wanted = thousandths(n);
  if (missing <= capacity - wanted) {
    missing_ = missing + wanted;
    at_ms_ = now_ms > at_ms_ ? now_ms : at_ms_;
    return 0;
  }
  if (terms.per_second == 0)
    return never;
  const auto short_of = missing - (capacity - wanted);
  return short_of / terms.per_second + (short_of % terms.per_second != 0 ? 1 : 0);
}

void token_bucket::give_back(const rate& terms, uint64_t n, uint64_t now_ms) {
  const auto missing = missing_at(terms, now_ms);
  missing_ = missing - std::min(missing, thousandths(n));
  at_ms_ = std::max(at_ms_, now_ms);
}

bool rate_table::idle(const account& x, uint64_t now_ms) const {
  for (size_t i = 0; i < metered_kinds; ++i)
    if (!x.buckets[i].full(terms_.rates[i], now_ms))
      return false;
  return x.open == 0;
}

void rate_table::sweep(uint64_t now_ms) {
  if (swept_ms_ != 0 && now_ms - swept_ms_ < sweep_pause_ms)
    return;
  swept_ms_ = now_ms;
  for (auto at = accounts_.begin(); at != accounts_.end();)
    at = idle(at->second, now_ms) ? accounts_.erase(at) : std::next(at);
}

const std::string& rate_table::place_of(const std::string& key, uint64_t now_ms) {
  if (accounts_.contains(key))
    return key;
  // One place is kept for the account that is shared.
  if (accounts_.size() + 1 >= terms_.keys_max)
    sweep(now_ms);
  return accounts_.size() + 1 < terms_.keys_max ? key : shared_account;
}

rate_table::opening rate_table::open(const std::string& key, uint64_t now_ms) {
  const auto& place = place_of(key, now_ms);
  auto& x = accounts_[place];
  if (x.open >= terms_.open_max)
    return {false, true, 0, {}};
  const auto wait = take(place, metered::connections, 1, now_ms);
  if (wait != 0)
    return {false, false, wait, {}};
  ++x.open;
  return {true, false, 0, place};
}

void rate_table::close(const std::string& account, uint64_t now_ms) {
  const auto at = accounts_.find(account);
  if (at == accounts_.end())
    return;
  if (at->second.open > 0)
    --at->second.open;
  if (idle(at->second, now_ms))
    accounts_.erase(at);
}

uint64_t rate_table::take(const std::string& account, metered what, uint64_t n, uint64_t now_ms) {
  const auto at = accounts_.find(account);
  if (at == accounts_.end())
    return token_bucket::never; // nothing is open under this name
  const auto i = static_cast<size_t>(what);
  return at->second.buckets[i].take(terms_.rates[i], n, now_ms);
}

void rate_table::give_back(const std::string& account, metered what, uint64_t n, uint64_t now_ms) {
  const auto at = accounts_.find(account);
  if (at == accounts_.end())
    return;
  const auto i = static_cast<size_t>(what);
  at->second.buckets[i].give_back(terms_.rates[i], n, now_ms);
}

} // namespace sluice
