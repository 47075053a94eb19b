/// A small subnet, what is ordered of its chain, and looks at what is stored of both.
#pragma once

#include "messages/chain.hpp"
#include "storage/data_dir.hpp"
#include "storage/tables.hpp"

#include <optional>
#include <vector>

namespace sluice::test {

inline const hotkey our_validator{"validator"};

/// Uids 0 to 4 and, at 9, our validator; no rate limit, nobody has set weights yet.
inline dev_chain small_chain() {
  dev_chain chain;
  chain.params.weights_rate_limit = 0;
  chain.block = 100;
  for (uint16_t uid = 0; uid < 5; ++uid)
    chain.neurons.push_back({{uid}, {"miner-" + std::to_string(uid)}, 0, false});
  chain.neurons.push_back({{9}, our_validator, 1'000'000'000'000, true});
  return chain;
}

/// 1/3 and 2/3: the row is 32768 and 65535. `epoch`: any number of 64 bits.
inline weight_order order_of(uint64_t epoch) {
  const weight_vector weights{{{1}, 1.0 / 3}, {{2}, 2.0 / 3}};
  return {{epoch}, weights, {{1, 32768}, {2, 65535}}, 0};
}

/// What our validator signs for this order. `nonce`: any number of 64 bits; the chain takes its
/// next one only.
inline weights_extrinsic extrinsic_of(const weight_order& order, uint64_t nonce) {
  weights_extrinsic x{our_validator, nonce, 98, {}, {}, order.version_key};
  for (const auto& [uid, value] : order.row) {
    x.dests.push_back(uid);
    x.values.push_back(value);
  }
  return x;
}

/// None when the epoch has none; a fault of the disk ends the test by std::bad_variant_access.
inline std::optional<publish_record> stored_record(const storage::data_dir& disk, uint64_t epoch) {
  return *storage::tables::published.find(disk, {epoch});
}

/// Everything the chain has ever included, oldest first.
inline std::vector<inclusion> stored_extrinsics(const storage::data_dir& disk) {
  std::vector<inclusion> all;
  (void)storage::tables::extrinsics.for_each(
    disk, [&](uint64_t, inclusion x) { all.push_back(std::move(x)); });
  return all;
}

} // namespace sluice::test
