#include "actors/leads/attempts.hpp"

#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"
#include "storage/tables.hpp"

#include <tuple>
#include <utility>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// What the weights of an epoch came to, for the attempt that was part of them.
std::optional<lead_publish> settled(lead_publish row, const publish_record& weights) {
  switch (weights.status) {
  case publish_status::intended:
  case publish_status::sent:
    return std::nullopt;
  case publish_status::confirmed:
    row.result = publish_end::done;
    break;
  case publish_status::failed:
    row.result = publish_end::failed;
    break;
  case publish_status::skipped:
    row.result = publish_end::failed;
    break;
  }
  if (row.uids.empty()) {
    row.result = publish_end::skipped; // those of other mechanisms may have been published
    return row;
  }
  row.tx = weights.hash;
  if (row.reason.empty())
    row.reason = weights.reason;
  return row;
}

/// The weights of this epoch or of a later one: the first that were decided.
result<std::optional<publish_record>> weights_after(const storage::data_dir& disk, uint64_t epoch) {
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

} // namespace

lead_publish
attempt_of(const lead_step& step, const share_report& report, const mapped_shares& mapped,
           const leads_settings& settings, const hotkey& k_miner, epoch_no epoch) {
  lead_publish row;
  row.number = step.attempt;
  row.time_us = step.time_us;
  row.trigger = step.trigger;
  row.documents = step.documents;
  row.k_miner = k_miner;
  row.policy = settings.policy;
  row.window_days = settings.window_days;
  row.w_curated = settings.w_curated;
  row.w_sourced = settings.w_sourced;
  row.counts = report.counts;
  row.vector = report.shares.weights_dict;
  row.uids = mapped.u16_uids;
  row.u16 = mapped.u16;
  row.dropped = mapped.dropped;
  row.epoch = epoch.value;
  row.reason = mapped.skip;
  return row;
}

std::map<hotkey, miner_uid> metagraph_of(const chain_view& seen) {
  std::map<hotkey, miner_uid> out;
  for (const auto& x : seen.neurons)
    out[x.key] = x.uid;
  return out;
}

result<std::optional<lead_publish>> ended_attempt(const storage::data_dir& disk) {
  const auto last = tables::lead_steps.last(disk);
  if (!last)
    return last.error();
  if (!*last || (*last)->second.attempt == 0)
    return std::optional<lead_publish>{};
  const auto& step = (*last)->second;
  auto row = tables::lead_publishes.find(disk, step.attempt);
  if (!row)
    return row.error();
  if (*row && (*row)->result != publish_end::open)
    return std::optional<lead_publish>{};
  const auto weights
    = *row ? weights_after(disk, (*row)->epoch) : weights_after(disk, step.chain_epoch + 1);
  if (!weights)
    return weights.error();
  if (!*weights)
    return std::optional<lead_publish>{};
  if (!*row) { // the scores were never asked for
    lead_publish made;
    made.number = step.attempt;
    made.time_us = step.time_us;
    made.trigger = step.trigger;
    made.documents = step.documents;
    made.epoch = (*weights)->epoch.value;
    made.result = publish_end::failed;
    made.tx = (*weights)->hash;
    made.reason = (*weights)->reason;
    return std::optional{std::move(made)};
  }
  return settled(**std::move(row), **weights);
}

} // namespace sluice
