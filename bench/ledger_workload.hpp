/// Seeded events of many miners, in the order of time, for the ledger's benchmark.
#pragma once

#include "storage/trading/plan.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace sluice::bench {

struct ledger_workload {
  storage::ledger_setup setup;
  std::vector<trading_event> events;
};

/// 48 letters that look like a key.
inline std::string bench_key(uint64_t kind, uint64_t number) {
  constexpr std::string_view letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::mt19937_64 random{kind * 1'000'003 + number};
  std::string key = "5";
  while (key.size() < key_bytes)
    key.push_back(letters[random() % letters.size()]);
  return key;
}

/// 256 miners on 8 subnets; 55 % stakes, unstakes of up to three lots' worth; one event every few
/// seconds over up to 40 days.
inline ledger_workload make_ledger_workload(uint64_t events) {
  constexpr uint64_t miners = 256;
  constexpr uint64_t subnets = 8;
  constexpr uint64_t validators = 16;
  constexpr int64_t start_us = int64_t{1'743'465'600} * us_per_second;
  constexpr int64_t span_us = 40 * us_per_day;
  ledger_workload out;
  std::mt19937_64 random{42};
  metagraph_snapshot snapshot{1, start_us, {}};
  for (uint64_t i = 0; i < miners; ++i)
    snapshot.neurons.push_back({static_cast<uint16_t>(i), bench_key(1, i), bench_key(2, i), 0, 1});
  if (!observe(out.setup.world, snapshot))
    std::abort();
  out.setup.terms.now_us = start_us + span_us;
  std::vector<std::string> staked_to;
  for (uint64_t i = 0; i < validators; ++i)
    staked_to.push_back(bench_key(3, i));
  out.events.reserve(events);
  for (uint64_t i = 0; i < events; ++i) {
    trading_event x;
    x.coldkey = snapshot.neurons[random() % miners].coldkey;
    x.hotkey = staked_to[random() % validators];
    x.time_us = start_us
                + static_cast<int64_t>(static_cast<u128>(span_us) * i / events) / us_per_second
                    * us_per_second;
    x.block = 5'200'000 + static_cast<uint64_t>((x.time_us - start_us) / us_per_second / 12);
    x.extrinsic = std::to_string(x.block) + '-' + std::to_string(10'000 + i % 10'000).substr(1);
    x.netuid = static_cast<uint16_t>(1 + random() % subnets);
    x.action = random() % 100 < 55 ? stake_action::stake : stake_action::unstake;
    const auto amount = static_cast<int64_t>(1 + random() % 100'000'000'000);
    x.alpha = x.action == stake_action::stake ? amount
                                              : amount * static_cast<int64_t>(1 + random() % 3) / 2;
    x.tao = x.alpha / 20 + static_cast<int64_t>(random() % 1'000'000'000) + 1;
    out.events.push_back(std::move(x));
  }
  return out;
}

} // namespace sluice::bench
