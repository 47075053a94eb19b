#include "rules/consensus/explain.hpp"

#include "rules/consensus/status_field.hpp"

#include <algorithm>

namespace sluice {

std::optional<confidence_parts>
confidence_parts_of(const consensus_record& record, std::span<const field_explanation> fields,
                    const consensus_settings& settings) {
  const auto& options = settings.weights;
  if (!record.has_quorum() || settings.policy != consensus_policy::confidence || options.stake
      || options.reputation || options.halving_s > 0)
    return {};
  // Every report has a uid, so that the weights of this field are those of all reports.
  const auto uid = std::ranges::find(fields, name_of(status_field::uid), &field_explanation::field);
  if (uid == fields.end() || uid->reports.empty())
    return {};
  confidence_parts parts;
  for (const auto& x : uid->reports)
    parts.mean += x.weight;
  parts.mean /= static_cast<double>(uid->reports.size());
  parts.bonus = std::min(settings.validator_bonus_max,
                         settings.validator_bonus * static_cast<double>(record.validators.size()));
  parts.penalty = record.conflict_ratio;
  parts.sum = parts.mean + parts.bonus - parts.penalty;
  return parts;
}

} // namespace sluice
