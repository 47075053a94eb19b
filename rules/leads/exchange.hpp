/// What the leads mechanism asks miners over the gateway, what they answer, what they are sent.
#pragma once

#include "rules/fields.hpp"
#include "rules/leads/lead.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Most leads in one answer. Inclusive; more are ec::bad_input.
inline constexpr size_t lead_answer_max = 250;

/// Questions to one miner that may be open at the same time: as many as requests under way.
inline constexpr size_t lead_questions_max = 64;

/// Node -> miner: leads of your own, best first.
struct lead_question {
  std::string request_id;    // [A-Za-z0-9._-], 1 to 64
  uint64_t num_leads = 1;    // 1 to lead_answer_max
  std::string business_desc; // what the buyer looks for, up to 4096 bytes
  uint64_t deadline_ms = 0;  // milliseconds to answer: the message's, not a field of the body
  SLUICE_FIELDS(request_id, num_leads, business_desc, deadline_ms)
  bool operator==(const lead_question&) const = default;
};

/// Miner -> node.
struct lead_answer {
  std::vector<lead> leads; // 0 to lead_answer_max
  SLUICE_FIELDS(leads)
  bool operator==(const lead_answer&) const = default;
};

/// Node -> miner, after each publish: where you stand. `share` is 0 to 1, counts are from 0.
struct lead_notice {
  double share = 0;
  uint64_t curated = 0; // leads in the window with curated_by = you
  uint64_t sourced = 0; // with source = you
  std::string status;   // "ok", "no_data", or why there is no share; up to 256 bytes
  SLUICE_FIELDS(share, curated, sourced, status)
  bool operator==(const lead_notice&) const = default;
};

} // namespace sluice
