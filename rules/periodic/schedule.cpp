#include "rules/periodic/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr double least_pause_s = 0.1; // before a run
constexpr uint64_t least_interval_ms = 100;
constexpr uint64_t pauses_max = 1000;
constexpr uint64_t retry_ms_max = 3'600'000;

template <class T>
std::string range_fault(const char* name, T x, T low, T high) {
  if (x >= low && x <= high)
    return {};
  return std::string{name} + ": expected " + std::to_string(low) + " to " + std::to_string(high)
         + ", got " + std::to_string(x);
}

} // namespace

std::string terms_fault(const periodic_terms& x) {
  using namespace periodic_limits;
  for (auto why :
       {range_fault("interval_ms", x.interval_ms, least_interval_ms, interval_ms_max),
        range_fault("jitter", x.jitter, 0.0, 1.0),
        range_fault("initial_delay_ms", x.initial_delay_ms, uint64_t{0}, interval_ms_max),
        range_fault("retry_delay_ms", x.retry_delay_ms, uint64_t{1}, retry_ms_max),
        range_fault("backoff_factor", x.backoff_factor, 1.0, 10.0),
        range_fault("retry_cap_ms", x.retry_cap_ms, uint64_t{1}, retry_ms_max),
        range_fault("max_retries", x.max_retries, uint64_t{0}, retries_max),
        range_fault("timeout_ms", x.timeout_ms, uint64_t{0}, timeout_ms_max)})
    if (!why.empty())
      return why;
  return {};
}

bool is_task_name(const std::string& x) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !x.empty() && x.size() <= periodic_limits::name_bytes_max
         && std::ranges::all_of(x, allowed) && !std::ranges::all_of(x, digit);
}

double next_run(double last_start, double interval, double jitter, double u, double now) {
  const auto pause = std::max(interval * (1 + jitter * (2 * u - 1)), least_pause_s);
  const auto at = last_start + pause;
  return at > now ? at : now + least_pause_s;
}

std::vector<double>
retry_delays(double retry_delay, double backoff_factor, uint64_t max_retries, double cap) {
  std::vector<double> pauses;
  auto pause = retry_delay;
  for (uint64_t i = 0; i < std::min(max_retries, pauses_max); ++i) {
    pauses.push_back(std::min(pause, cap));
    pause *= backoff_factor;
  }
  return pauses;
}

uint64_t retry_delay_ms(const periodic_terms& terms, uint64_t retry) {
  auto pause = static_cast<double>(terms.retry_delay_ms);
  const auto cap = static_cast<double>(terms.retry_cap_ms);
  const auto retries = std::min(retry, periodic_limits::retries_max);
  for (uint64_t i = 1; i < retries && pause < cap; ++i)
    pause *= terms.backoff_factor;
  return static_cast<uint64_t>(std::llround(std::min(pause, cap)));
}

double reconnect_delay(double base, double cap, uint64_t failures) {
  constexpr uint64_t doublings_max = 1000; // 2^1000 is a finite double
  return std::min(std::ldexp(base, static_cast<int>(std::min(failures, doublings_max))), cap);
}

double unit_of(uint64_t chance) {
  return std::ldexp(static_cast<double>(chance >> 11), -53);
}

} // namespace sluice
