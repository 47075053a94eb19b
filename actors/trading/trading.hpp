/// The trading mechanism's actor: takes what the feeds bring, keeps the ledger, answers with
/// scores.
#pragma once

#include "messages/chain.hpp"
#include "messages/storage_writer.hpp"
#include "messages/trading.hpp"
#include "rules/trading/config.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/records.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice {

/// `blocks_per_step` and `block_seconds`: how far the dev chain moves in a step, from 1; not
/// checked.
struct trading_config {
  trading_settings settings;
  uint64_t blocks_per_step = 75;
  uint64_t block_seconds = 12;
};

struct trading_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  trading_sources_actor sources;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC
};

/// One miner in the report of a step. `weight` is 0 to 1.
struct trading_row {
  uint16_t uid = 0;
  std::string hotkey;
  double score = 0;
  double weight = 0;
  double pnl_tao = 0; // scored
  uint64_t trades = 0;
  uint64_t open = 0; // positions
};

/// What a step adds to the report: its row, and the best miners after it.
struct trading_detail final : step_detail {
  uint64_t number = 0; // of the step, from 1
  trading_step step;
  std::vector<trading_row> best; // by weight, at most 5
};

/// In steps with moments of their own (is_stepped) every step asks all feeds and is played; it is
/// over when nothing is left of recordings. Else feeds are asked every minute, and a step is played
/// when a score is due. Faults of the folder or of the world file end it with the reason.
trading_actor spawn_trading(caf::actor_system& system, trading_config config, trading_links links);

} // namespace sluice
