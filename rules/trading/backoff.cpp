#include "rules/trading/backoff.hpp"

#include "rules/retry_after.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

constexpr uint64_t epoch_seconds_min = 1'000'000'000;
constexpr uint64_t epoch_millis_min = 1'000'000'000'000;

std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t x = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, x);
  if (text.empty() || error != std::errc{} || end != last)
    return {};
  return x;
}

/// Never below the wish: everybody who was sent away comes back at other moments.
uint64_t with_jitter(uint64_t wish_ms, uint64_t chance, const source_pause_terms& terms) {
  const auto kept = std::min(wish_ms, terms.obeyed_ms);
  return kept + chance % (kept / 10 + 1);
}

bool may_pass(unsigned status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

std::string reason_of(const source_answer& x) {
  if (x.status == 0)
    return x.what;
  std::string text = "it answers " + std::to_string(x.status);
  if (x.status == 401)
    text += ": the key is missing, wrong or expired; put a valid one into the feed's key_file and"
            " resume the feed";
  else if (x.status == 403)
    text += ": this key may not read that";
  else if (x.status == 404)
    text += ": there is nothing at this URL; check the feed's url";
  else if (x.status == 429)
    text += ": too many requests";
  return text;
}

} // namespace

uint64_t rate_pause_ms(std::string_view remaining, std::string_view reset, uint64_t unix_ms,
                       const source_pause_terms& terms) {
  if (whole_number(remaining) != uint64_t{0})
    return 0;
  const auto x = whole_number(reset);
  if (!x)
    return terms.unstated_ms;
  if (*x < epoch_seconds_min)
    return std::min(*x * 1000, terms.obeyed_ms);
  const auto at = *x < epoch_millis_min ? *x * 1000 : *x;
  return at > unix_ms ? std::min(at - unix_ms, terms.obeyed_ms) : 0;
}

uint64_t failure_pause_ms(uint64_t failures, uint64_t chance, const source_pause_terms& terms) {
  constexpr uint64_t doublings_max = 20;
  const auto doublings = std::min(std::max<uint64_t>(failures, 1) - 1, doublings_max);
  const auto top = std::clamp(terms.least_ms << doublings, terms.least_ms, terms.most_ms);
  const auto half = top / 2;
  return std::max(terms.least_ms, half + chance % (top - half + 1));
}

source_decision decide(const source_answer& x, uint32_t attempts, uint64_t chance, uint64_t unix_ms,
                       const source_pause_terms& terms) {
  source_decision out;
  const auto rate = rate_pause_ms(x.remaining, x.reset, unix_ms, terms);
  if (x.status == 200) {
    out.pause_ms = rate == 0 ? 0 : with_jitter(rate, chance, terms);
    return out;
  }
  out.why = reason_of(x);
  if (x.status == 401) {
    out.verdict = source_verdict::stop;
    return out;
  }
  auto wish = retry_after_ms(x.retry_after, unix_ms);
  if (!wish && x.status == 429)
    wish = rate != 0 ? rate : terms.unstated_ms;
  const auto pause = std::max(rate, wish.value_or(0));
  out.pause_ms = wish || rate != 0 ? with_jitter(pause, chance, terms)
                                   : failure_pause_ms(attempts, chance, terms);
  out.exhausted = may_pass(x.status) && attempts >= terms.attempts_max;
  out.verdict
    = may_pass(x.status) && !out.exhausted ? source_verdict::again : source_verdict::next_time;
  if (out.exhausted)
    out.why += " (" + std::to_string(attempts) + " attempts)";
  return out;
}

} // namespace sluice
