/// The buyer of a dev world: how many requests there are in a step, and of what.
#pragma once

#include "rules/leads/lead_strategy.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// One request of the buyer. `num_leads`: 1 to lead_answer_max.
struct buyer_request {
  std::string id; // "dev-STEP-NUMBER", the same in every run
  uint64_t num_leads = 1;
  std::string business_desc;
  bool operator==(const buyer_request&) const = default;
};

/// Most requests of one step.
inline constexpr uint64_t buyer_requests_max = 3;

/// The requests of this step, 0 to buyer_requests_max; of the first one at least one, so that there
/// is something to see. `seed`: any number; `step`: from 1. No error.
std::vector<buyer_request> buyer_requests(uint64_t seed, uint64_t step);

/// A miner of the dev world.
struct dev_lead_miner {
  hotkey key;
  lead_strategy what;
};

/// What one miner sources in a step.
struct sourced_batch {
  hotkey miner;
  std::vector<lead> prospects; // at least one
};

/// In the order of the miners; who sources nothing in this step is left out. `step`: from 1. No
/// error.
std::vector<sourced_batch>
sourced_batches(const std::vector<dev_lead_miner>& miners, uint64_t step);

} // namespace sluice
