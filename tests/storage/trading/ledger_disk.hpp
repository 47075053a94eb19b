/// A data folder with a ledger of a few miners, for tests of what is stored.
#pragma once

#include "storage/data_dir.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"
#include "tests/rules/trading/some_events.hpp"
#include "tests/storage/temp_folder.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace sluice::storage::test {

using sluice::test::april_2025_us;
using sluice::test::some_key;

/// Coldkeys 100.. have hotkeys 0.., with uids 0..; coldkey 199 belongs to nobody.
inline ledger_setup some_setup(uint16_t miners = 4) {
  ledger_setup setup;
  metagraph_snapshot snapshot{1, april_2025_us, {}};
  for (uint16_t i = 0; i < miners; ++i)
    snapshot.neurons.push_back({i, some_key(i), some_key(100U + i), 0, 1});
  if (!observe(setup.world, snapshot))
    std::abort();
  setup.world.registered[2] = {some_key(100)};
  setup.terms.now_us = april_2025_us + 300 * us_per_day;
  return setup;
}

inline trading_event
some_event(uint64_t coldkey, uint16_t netuid, int64_t seconds, stake_action action, int64_t alpha) {
  trading_event x;
  x.coldkey = some_key(coldkey);
  x.hotkey = some_key(200 + static_cast<uint64_t>(alpha) % 3);
  x.time_us = april_2025_us + seconds * us_per_second;
  x.block = 5'200'000 + static_cast<uint64_t>(seconds / 12);
  x.extrinsic = std::to_string(x.block) + '-' + std::to_string(alpha % 10'000);
  x.netuid = netuid;
  x.action = action;
  x.alpha = alpha;
  x.tao = alpha / 7 + 1;
  return x;
}

/// Of five coldkeys on three subnets over `days` days, by time.
inline std::vector<trading_event> some_events(uint64_t seed, size_t count, int64_t days = 100) {
  std::mt19937_64 random{seed};
  std::vector<trading_event> out;
  for (size_t i = 0; i < count; ++i) {
    const auto who = random() % 5;
    out.push_back(some_event(who == 4 ? 199 : 100 + who, static_cast<uint16_t>(1 + random() % 3),
                             static_cast<int64_t>(i) * days * 86'400 / static_cast<int64_t>(count),
                             random() % 5 < 3 ? stake_action::stake : stake_action::unstake,
                             1'000'000 + static_cast<int64_t>(random() % 9'000'000'000)));
    if (random() % 4 == 0)
      out.back().block = 0;
  }
  return out;
}

class ledger_disk {
public:
  ledger_disk() : ledger_disk(std::filesystem::path{}) {}

  /// In a folder of the caller's; none: one of its own.
  explicit ledger_disk(const std::filesystem::path& at) {
    const std::vector parts{trading_schema()};
    const auto layout = schema_with(parts);
    auto opened = data_dir::open(at.empty() ? folder_ / "data" : at, {"test", 1, ""},
                                 open_mode::create_or_continue, {.layout = &layout});
    if (!opened)
      std::abort();
    disk_.emplace(*std::move(opened));
  }

  data_dir& operator*() { return *disk_; }
  data_dir* operator->() { return &*disk_; }

  batch_sink sink() {
    return [this](batch&& x) { return disk_->commit(x); };
  }

  plan_counts
  store(const ledger_setup& setup, std::vector<trading_event> events, size_t writes_max = 50'000) {
    auto stored = store_events(*disk_, setup, std::move(events), sink(), {}, writes_max);
    if (!stored)
      std::abort();
    return *stored;
  }

  /// "table key" and value of every row of the ledger.
  std::map<std::string, std::string> rows() const {
    std::map<std::string, std::string> all;
    for (const auto& table : trading_schema().tables) {
      const auto walked
        = disk_->node().scan(table.name, {}, [&](std::string_view key, std::string_view value) {
            all[std::string{table.name} + ' ' + to_hex(key)] = value;
            return true;
          });
      if (!walked)
        std::abort();
    }
    return all;
  }

private:
  temp_folder folder_;
  std::optional<data_dir> disk_;
};

} // namespace sluice::storage::test
