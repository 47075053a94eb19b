/// What the trading actor knows of one feed: what to ask it for, and what of it is durable.
#pragma once

#include "actors/trading/step_plan.hpp"
#include "messages/trading.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/world.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <string>

namespace sluice {

class feed_intake {
public:
  explicit feed_intake(trading_feed feed) : feed_(std::move(feed)) {}

  const std::string& name() const { return feed_.name; }

  /// The next question: what is durable, and who is wanted: of an indexer the coldkeys of
  /// registered miners, of a file the file. Faults: what the disk reports.
  result<source_request>
  request(const storage::data_dir& disk, const trading_world& world, bool look_now) const;

  /// A delivery as the ledger takes it.
  taken_rows rows_of(const source_delivery& x) const;

  /// That delivery is on the disk.
  void stored(const delivery_mark& mark);
  /// It could not be asked.
  void failed() { ++failures_; }

  /// As JSON, for whoever looks.
  std::string describe() const;

private:
  trading_feed feed_;
  delivery_mark durable_;
  uint64_t deliveries_ = 0; // since the actor began, as the next
  uint64_t failures_ = 0;
};

} // namespace sluice
