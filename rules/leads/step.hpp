/// What one step of the leads mechanism did.
#pragma once

#include "rules/fields.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/intake.hpp"

#include <cstdint>

namespace sluice {

/// Sourced leads that were taken from one place at one time. Counts from 0.
struct intake_report {
  uint64_t batches = 0;
  uint64_t prospects = 0;
  intake_counts counts;
  SLUICE_FIELDS(batches, prospects, counts)
  bool operator==(const intake_report&) const = default;
};

/// A step that was played: stored, and answered again from the disk. Counts from 0.
struct lead_step {
  int64_t time_us = 0;    // its moment, microseconds since 1970-01-01 UTC
  uint64_t requests = 0;  // of the world's buyer
  uint64_t delivered = 0; // of these
  uint64_t leads = 0;     // that were delivered with them
  intake_report intake;   // of the world's miners
  uint64_t documents = 0; // stored at its end
  uint64_t attempt = 0;   // to publish, that is open from here on; 0: none
  publish_trigger trigger = publish_trigger::start; // of the attempt
  uint64_t chain_epoch = 0;                         // when it ended
  SLUICE_FIELDS(time_us, requests, delivered, leads, intake, documents, attempt, trigger,
                chain_epoch)
  bool operator==(const lead_step&) const = default;
};

} // namespace sluice
