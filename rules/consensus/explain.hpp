/// What the confidence of a record is made of.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"

#include <optional>
#include <span>

namespace sluice {

/// confidence = mean + bonus - penalty, from 0 to 1 (rules/consensus/merge.hpp, measure_consensus).
/// No unit.
struct confidence_parts {
  double mean = 0;    // of the reports' confidence
  double bonus = 0;   // for the number of validators
  double penalty = 0; // the conflict ratio
  double sum = 0;     // before the bounds
};

/// Of a record with a quorum and its explained fields. None: it has no quorum, or its weights are
/// not the reports' confidence alone (policy byzantine, or one of the options of the weights).
std::optional<confidence_parts>
confidence_parts_of(const consensus_record& record, std::span<const field_explanation> fields,
                    const consensus_settings& settings);

} // namespace sluice
