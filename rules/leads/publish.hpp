/// What is remembered of every publish of the leads mechanism.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/shares.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// One attempt (facts/mechanisms B3.5). Enough to calculate its vector again: the documents with an
/// arrival below `documents`, at `time_us`.
struct lead_publish {
  uint64_t number = 0; // of the attempt, from 1
  int64_t time_us = 0; // when the shares were calculated, microseconds since 1970
  publish_trigger trigger = publish_trigger::start;
  uint64_t documents = 0; // that were stored then
  hotkey k_miner;         // who was K then
  share_policy policy = share_policy::ratio;
  uint64_t window_days = 30;
  double w_curated = 0.6;
  double w_sourced = 0.4;
  lead_counts counts;
  std::map<hotkey, double> vector; // shares, sum 1 or empty
  std::vector<uint16_t> uids;      // of those that were published
  std::vector<uint16_t> u16;       // of these
  std::vector<hotkey> dropped;
  publish_end result = publish_end::open;
  uint64_t epoch = 0; // of the chain
  std::string tx;     // hash of the extrinsic; "": it has not come to that
  std::string reason; // why it failed or was skipped
  SLUICE_FIELDS(number, time_us, trigger, documents, k_miner, policy, window_days, w_curated,
                w_sourced, counts, vector, uids, u16, dropped, result, epoch, tx, reason)
  bool operator==(const lead_publish&) const = default;
};

/// The settings with which this record's vector is calculated again.
leads_settings settings_of(const lead_publish& x);

} // namespace sluice
