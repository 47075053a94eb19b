// Weights on their way to the chain, the scores they come from, and the chain itself.
#include "actors/admin/views/parts.hpp"
#include "actors/report/weights_text.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

constexpr size_t epochs_shown = 10;

/// The first block of an epoch.
uint64_t first_block(epoch_no epoch, const chain_params& params) {
  const auto end = epoch.value * (params.tempo + 1);
  const auto before = uint64_t{params.netuid} + 1;
  return end > before ? end - before : 0;
}

json shares(const weight_row& row) {
  json all = json::array();
  for (const auto& [uid, percent] : report::shares_of(row))
    all.push_back({{"miner", uid}, {"percent", number(percent)}});
  return all;
}

json epoch_row(const publish_record& x) {
  json row{{"epoch", x.epoch.value}, {"state", report::name_of(x.status)}};
  row["block"] = x.included_block == 0 ? json(nullptr) : json(x.included_block);
  row["uids"] = x.row.size();
  row["read_back"] = report::read_back_text(x);
  row["what"] = report::share_text(x.row, std::nullopt);
  row["why"] = x.reason;
  return row;
}

/// Newest first; the last of them that the chain is known to hold.
struct history {
  std::vector<publish_record> last;
  std::optional<publish_record> confirmed;
};

result<history> history_of(const storage::data_dir& disk) {
  history all;
  auto read = tables::published.for_prefix_back(
    disk, std::tuple<>{}, [&](epoch_no, const publish_record& x) {
      if (all.last.size() < epochs_shown)
        all.last.push_back(x);
      if (!all.confirmed && x.status == publish_status::confirmed)
        all.confirmed = x;
      return all.last.size() < epochs_shown || !all.confirmed;
    });
  if (!read)
    return read.error();
  return all;
}

/// Why the chain does not hold the newest decision; "" when it does.
std::string why_not(const history& past) {
  if (past.last.empty())
    return "no epoch has been decided yet";
  const auto& newest = past.last.front();
  return newest.status == publish_status::confirmed ? "" : report::fate_text(newest);
}

/// What the newest decision is made of.
result<json> parts_of_last(const storage::data_dir& disk, const history& past) {
  json rows = json::array();
  if (past.last.empty())
    return rows;
  const auto parts = tables::weight_parts_of_epochs.find(disk, past.last.front().epoch);
  if (!parts)
    return parts.error();
  for (const auto& x : parts->value_or(weight_parts{}))
    rows.push_back({{"mechanism", x.mechanism},
                    {"share", x.share},
                    {"state", report::name_of(x.state)},
                    {"age", x.age},
                    {"uids", x.uids},
                    {"why", x.why}});
  return rows;
}

} // namespace

result<json> weights(const storage::data_dir& disk, const chain_seen& seen) {
  auto past = history_of(disk);
  if (!past)
    return past.error();
  json shown;
  const auto& good = past->confirmed;
  shown["published_epoch"] = good ? json(good->epoch.value) : json(nullptr);
  shown["published_block"] = good ? json(good->included_block) : json(nullptr);
  shown["read_back_block"] = good ? json(good->read_back_block) : json(nullptr);
  shown["read_back"] = good ? json(report::read_back_text(*good)) : json(nullptr);
  shown["hash"] = good ? json(good->hash) : json(nullptr);
  if (seen.view) {
    const auto& [head, params] = std::tie(seen.view->head, seen.view->params);
    const auto now = head.epoch;
    const auto next = epoch_no{now.value + 1};
    shown["block"] = head.block;
    shown["epoch"] = now.value;
    shown["tempos_ago"] = good ? json(now.value - good->epoch.value) : json(nullptr);
    shown["next_epoch"] = next.value;
    shown["next_due_block"] = first_block(next, params);
    shown["blocks_to_go"] = first_block(next, params) - head.block;
    shown["tempo"] = params.tempo;
  }
  auto parts = parts_of_last(disk, *past);
  if (!parts)
    return parts.error();
  shown["mechanisms"] = *std::move(parts);
  shown["why_not"] = why_not(*past);
  shown["shares"] = good ? shares(good->row) : json::array();
  json epochs = json::array();
  for (const auto& x : past->last)
    epochs.push_back(epoch_row(x));
  shown["epochs"] = std::move(epochs);
  return shown;
}

result<json> scores_of_mechanisms(const storage::data_dir& disk, const chain_seen& seen) {
  json all = json::array();
  auto read = tables::scores_of_mechanisms.for_each(
    disk, [&](const std::string& name, const mechanism_scores& x) {
      json scores = json::array();
      double sum = 0;
      for (const auto& [uid, score] : x.scores)
        sum += score;
      for (const auto& [uid, score] : x.scores)
        scores.push_back({{"miner", uid.value},
                          {"score", number(score)},
                          {"percent", sum > 0 ? number(100 * score / sum) : json(nullptr)}});
      json barred = json::array();
      for (const auto& uid : x.barred)
        barred.push_back(uid.value);
      json row{{"mechanism", name}, {"epoch", x.epoch.value}};
      if (seen.view) {
        const auto now = seen.view->head.epoch.value;
        row["epochs_old"] = now >= x.epoch.value ? json(now - x.epoch.value) : json(nullptr);
      }
      row["scores"] = std::move(scores);
      row["barred"] = std::move(barred);
      all.push_back(std::move(row));
    });
  if (!read)
    return read.error();
  return all;
}

result<json> chain(const chain_seen& seen) {
  if (!seen.view)
    return fault{ec::no_such_key, seen.why_not};
  const auto& x = *seen.view;
  json shown{{"kind", x.kind},
             {"block", x.head.block},
             {"epoch", x.head.epoch.value},
             {"next_epoch_block", first_block({x.head.epoch.value + 1}, x.params)},
             {"netuid", x.params.netuid},
             {"tempo", x.params.tempo},
             {"block_time_s", x.params.block_seconds},
             {"weights_rate_limit", x.params.weights_rate_limit}};
  json neurons = json::array();
  for (const auto& n : x.neurons) {
    const auto set = x.weights_set.find(n.uid);
    neurons.push_back(
      {{"uid", n.uid.value},
       {"hotkey", n.key.value},
       {"stake_tao", static_cast<double>(n.stake) / 1e9},
       {"permit", n.permit},
       {"weights_set_block", set == x.weights_set.end() ? json(nullptr) : json(set->second)}});
  }
  shown["neurons"] = std::move(neurons);
  return shown;
}

} // namespace sluice::views
