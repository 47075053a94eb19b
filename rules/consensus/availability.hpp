/// How much a miner can take on: what tasks are handed out by.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// performance * (1 - load / capacity) + boost * confidence, from availability_min to 1. `capacity`
/// above 0, else it is availability_min. Source: facts/mechanisms C3.7.
double boosted_availability(double performance, double load, double capacity, double confidence,
                            const consensus_settings& settings = {});

/// 0.4 performance + 0.3 free capacity + 0.2 stake (TAO) / stake_full + 0.1 of what is left of
/// fallback_s after `age_s` seconds, 0 to 1.
double full_availability(double performance, double load, double capacity, double stake,
                         double age_s, const consensus_settings& settings = {});

/// A miner that may be selected, and what its availability is calculated from. No unit but stated.
struct available_miner {
  miner_uid uid;
  std::string hotkey;
  bool is_fallback = false; // by a single report
  double performance = 0.5;
  double load = 0;                     // tasks; who assigns raises it
  double capacity = 5;                 // tasks, above 0
  double confidence = 0;               // of the consensus; 0 for a fallback
  double stake = 0;                    // TAO
  double age_s = 0;                    // since the newest report in it
  std::vector<std::string> task_types; // ascending; none: every type
  SLUICE_FIELDS(uid, hotkey, is_fallback, performance, load, capacity, confidence, stake, age_s,
                task_types)
  bool operator==(const available_miner&) const = default;
};

/// By the formula of the settings, with its present load; rounded to 12 decimals.
double availability_of(const available_miner& x, const consensus_settings& settings);

/// As selection sees a record at `now_ms` (milliseconds since 1970): agreed with enough confidence,
/// or a single report that is not older than fallback_s; serving, with stake and capacity; its load
/// may be its capacity. None: never selected. Source: README of the cases, consensus, rule 6.
std::optional<available_miner>
selectable(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings);

/// Has it capacity left?
inline bool is_free(const available_miner& x) {
  return x.load < x.capacity;
}

} // namespace sluice
