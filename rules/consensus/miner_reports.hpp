/// The latest report of each validator about one miner.
#pragma once

#include "rules/consensus/record.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// Times: milliseconds since 1970-01-01 UTC.
class miner_reports {
public:
  /// Takes the place of the validator's last report, unless that is newer (a tie: the later call
  /// counts). The number of the report that is not used here any more: the last one's, or this
  /// one's; none when nothing was there. `head`: what is known of the validator and the report.
  std::optional<uint64_t> put(miner_status&& x, const weighed_report& head);

  /// Drops what was received before `oldest_ms`; the numbers of those reports.
  std::vector<uint64_t> drop_before(uint64_t oldest_ms);

  /// By validator uid; valid until the next change.
  std::span<const weighed_report> latest() const { return heads_; }
  /// Of this validator; null when there is none.
  const miner_status* of(uint16_t validator_uid) const;
  /// To change what is known of the validators.
  std::span<weighed_report> heads() { return heads_; }
  bool empty() const { return heads_.empty(); }

private:
  size_t place_of(uint16_t validator_uid) const;
  uint32_t id_of(const std::string& hotkey);
  void forget_unused_hotkeys();

  std::vector<weighed_report> heads_;
  std::vector<std::unique_ptr<miner_status>> statuses_; // of the heads, in the same order
  std::vector<std::string> hotkeys_;                    // by id - 1
};

} // namespace sluice
