#include "actors/sports/attempts.hpp"

#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// Names of facts/mechanisms E.
constexpr std::array<std::string_view, 13> chain_error_names{"CanNotSetRootNetworkWeights",
                                                             "WeightVecNotEqualSize",
                                                             "MechanismDoesNotExist",
                                                             "UidsLengthExceedUidsInSubNet",
                                                             "HotKeyNotRegisteredInSubNet",
                                                             "NotEnoughStakeToSetWeights",
                                                             "IncorrectWeightVersionKey",
                                                             "SettingWeightsTooFast",
                                                             "NeuronNoValidatorPermit",
                                                             "DuplicateUids",
                                                             "UidVecContainInvalidOne",
                                                             "WeightVecLengthIsLow",
                                                             "MaxWeightExceeded"};

/// The weights of this epoch or of a later one: the first that were decided.
result<std::optional<publish_record>>
decided_weights(const storage::data_dir& disk, uint64_t epoch) {
  std::optional<publish_record> found;
  auto read = tables::published.for_prefix_from(disk, std::tuple<>{}, epoch_no{epoch},
                                                [&](epoch_no, publish_record x) {
                                                  found = std::move(x);
                                                  return false;
                                                });
  if (!read)
    return read.error();
  return found;
}

weights_attempt
skipped_attempt(weights_attempt x, int64_t now_us, std::string why, std::string type) {
  x.end = weights_end::skipped;
  x.ended_us = now_us;
  x.error = std::move(why);
  x.error_type = std::move(type);
  return x;
}

std::optional<weights_attempt>
settled_attempt(weights_attempt x, const publish_record& weights, int64_t now_us) {
  if (weights.status == publish_status::intended || weights.status == publish_status::sent)
    return std::nullopt;
  x.tx = weights.hash;
  x.ended_us = now_us;
  if (weights.status == publish_status::confirmed) {
    x.end = weights_end::succeeded;
    return x;
  }
  x.end = weights_end::failed;
  x.error = weights.reason.empty() ? "the chain gave no reason" : weights.reason;
  x.error_type = weights_error_type(x.error, weights.status == publish_status::skipped);
  return x;
}

} // namespace

std::string weights_error_type(std::string_view reason, bool is_skipped) {
  const auto named = std::ranges::find_if(chain_error_names, [reason](std::string_view name) {
    return reason.find(name) != std::string_view::npos;
  });
  if (named != chain_error_names.end())
    return std::string{*named};
  return is_skipped ? "WeightsRefused" : "ChainError";
}

result<std::optional<weights_attempt>>
ended_sports_attempt(const storage::data_dir& disk, int64_t now_us) {
  const auto last = tables::sports_steps.last(disk);
  if (!last)
    return last.error();
  if (!*last || (*last)->second.attempt == 0)
    return std::optional<weights_attempt>{};
  auto row = tables::sports_attempts.find(disk, (*last)->second.attempt);
  if (!row)
    return row.error();
  if (!*row || (*row)->end != weights_end::open)
    return std::optional<weights_attempt>{};
  if ((*row)->epoch == 0)
    return std::optional{skipped_attempt(**std::move(row), now_us,
                                         "nobody asked for these weights: those of the epoch were "
                                         "decided before",
                                         "NotAsked")};
  const auto weights = decided_weights(disk, (*row)->epoch);
  if (!weights)
    return weights.error();
  if (!*weights)
    return std::optional<weights_attempt>{};
  if ((*row)->vector.empty()) // those of other mechanisms may have been published
    return std::optional{skipped_attempt(
      **std::move(row), now_us, "nobody has a score: the last good weights stay", "NoData")};
  return settled_attempt(**std::move(row), **weights, now_us);
}

weights_set_event weights_event_of(const weights_attempt& x) {
  weights_set_event made;
  made.success = x.success();
  made.timestamp = event_time(x.ended_us);
  if (!made.success) {
    made.error = x.error;
    made.error_type = x.error_type;
    return made;
  }
  weight_stats stats;
  double sum = 0;
  for (const auto& [uid, weight] : x.vector) {
    if (!(weight > 0))
      continue;
    stats.lowest = stats.count == 0 ? weight : std::min(stats.lowest, weight);
    stats.highest = std::max(stats.highest, weight);
    sum += weight;
    ++stats.count;
  }
  stats.mean = stats.count == 0 ? 0 : sum / static_cast<double>(stats.count);
  made.score_stats = stats;
  return made;
}

} // namespace sluice
