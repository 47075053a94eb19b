#include "rules/consensus/dev_reports.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/json_text.hpp"

#include <chrono>
#include <cstdio>

namespace sluice {

namespace {

constexpr uint64_t dev_capacity = 5;
constexpr uint64_t seen_before_ms = 10'000;

sha256_digest chance_of_report(uint64_t seed, uint64_t step, uint64_t who, uint64_t about) {
  return sha256("report " + std::to_string(seed) + ' ' + std::to_string(step) + ' '
                + std::to_string(who) + ' ' + std::to_string(about));
}

/// "2026-01-01T00:14:50Z"
std::string utc_text(uint64_t unix_ms) {
  using namespace std::chrono;
  const sys_seconds at{seconds{unix_ms / 1000}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<seconds> time{at - day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

std::string hundredths(uint64_t x) {
  return std::to_string(x / 100) + '.' + (x % 100 < 10 ? "0" : "") + std::to_string(x % 100);
}

/// What this validator says of one miner. The truth of a miner is its own, the rest is how exactly
/// each validator measures it.
std::string dev_item(dev_validator_kind kind, uint64_t seed, uint64_t step, uint64_t now_ms,
                     const dev_reported_miner& miner, bool is_first) {
  const auto own = chance_of_report(seed, 0, 0, miner.uid.value);
  const auto measured
    = chance_of_report(seed, step, static_cast<uint64_t>(kind) + 1, miner.uid.value);
  const bool lies = kind == dev_validator_kind::lying;
  json_object item;
  item.add("uid", miner.uid.value)
    .add("hotkey", miner.key.value)
    .add("stake", 100 + own[0])
    .add("is_serving", !(lies && is_first))
    .raw("performance_score", hundredths(60 + own[1] % 35 + measured[0] % 5))
    .add("current_load", lies ? dev_capacity - 1 : uint64_t{own[2] % 2U})
    .add("max_capacity", dev_capacity)
    .add("last_seen", utc_text(now_ms - seen_before_ms));
  if (miner.uid.value % 4 == 1)
    item.raw("task_type_specialization", R"(["summarization","translation"])");
  return item.text();
}

} // namespace

std::array<uint8_t, 32> dev_validator_secret(uint64_t seed, dev_validator_kind x) {
  return sha256("sluice dev validator " + std::to_string(seed) + ' ' + std::string{name_of(x)});
}

std::optional<std::string>
dev_status_list(dev_validator_kind kind, uint64_t seed, uint64_t step, uint64_t now_ms,
                const std::vector<dev_reported_miner>& miners) {
  if (kind == dev_validator_kind::silent && step % 4 >= 2)
    return {};
  json_list list;
  for (size_t i = 0; i < miners.size(); ++i)
    list.raw(dev_item(kind, seed, step, now_ms, miners[i], i == 0));
  return list.text();
}

} // namespace sluice
