#include "actors/liquidity/views/record_now.hpp"

#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"

#include <algorithm>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

json cluster_json(const miner_cluster& x) {
  json members = json::array(), leads = json::array(), joined = json::array();
  for (const auto uid : x.members)
    members.push_back(uid.value);
  for (const auto& lead : x.leads)
    leads.push_back({{"miner", lead.uid.value}, {"led", lead.led}, {"rounds", lead.rounds}});
  for (const auto& pair : x.pairs)
    joined.push_back({{"a", pair.a.value},
                      {"b", pair.b.value},
                      {"same_coldkey", pair.same_coldkey},
                      {"questions", pair.questions},
                      {"equal", pair.equal}});
  return {{"members", std::move(members)},
          {"takes", x.takes ? json(x.takes->value) : json(nullptr)},
          {"leads", std::move(leads)},
          {"joined_by", std::move(joined)}};
}

/// The others: "2 5 7".
std::string others_of(const miner_cluster& x, miner_uid uid) {
  std::string text;
  for (const auto other : x.members)
    if (other != uid)
      text += (text.empty() ? "" : " ") + std::to_string(other.value);
  return text;
}

/// Its own joints, who asked first how often, and what follows from that.
std::string reasons_of(const miner_cluster& x, miner_uid uid) {
  std::string text;
  const auto add = [&text](const std::string& why) { text += (text.empty() ? "" : "; ") + why; };
  for (const auto& pair : x.pairs) {
    if (pair.a != uid && pair.b != uid)
      continue;
    const auto other = std::to_string((pair.a == uid ? pair.b : pair.a).value);
    if (pair.same_coldkey)
      add("one owner with " + other);
    else
      add("plans as " + other + " after " + std::to_string(pair.equal) + " of "
          + std::to_string(pair.questions) + " questions");
  }
  if (const auto lead = std::ranges::find(x.leads, uid, &cluster_lead::uid); lead != x.leads.end())
    add("asked first in " + std::to_string(lead->led) + " of " + std::to_string(lead->rounds)
        + " rounds");
  if (x.takes)
    add(*x.takes == uid ? "takes the part" : std::to_string(x.takes->value) + " takes the part");
  return text;
}

} // namespace

result<board_now> board_now::of(const storage::data_dir& disk, job_record job) {
  board_now now;
  now.board_ = scoreboard{job.config.board};
  auto scores = tables::miner_scores.for_prefix(
    disk, job.config.id,
    [&](const miner_key& key, miner_score x) { now.board_.restore(key.key, x); });
  if (!scores)
    return scores.error();
  if (auto recalled = recall_rounds(disk, job, now.board_); !recalled)
    return recalled.error();
  now.job_ = std::move(job);
  return now;
}

json board_now::record_of(const hotkey& key) const {
  const auto counts_with = board_.weight_score(key);
  const auto proof = board_.evidence_of(key);
  const bool some = proof.count > 0;
  json shown{{"active_share", number(board_.activity(key))},
             {"counts_with", counts_with ? number(*counts_with) : json(nullptr)},
             {"evidence_n", proof.count},
             {"evidence_mean", some ? number(proof.mean) : json(nullptr)},
             {"evidence_deviation", some ? number(proof.deviation) : json(nullptr)},
             {"one_with", ""},
             {"because", ""},
             {"cluster", nullptr}};
  const auto* record = board_.find(key);
  if (record == nullptr)
    return shown;
  for (const auto& x : job_.clusters)
    if (std::ranges::find(x.members, record->uid) != x.members.end()) {
      shown["one_with"] = others_of(x, record->uid);
      shown["because"] = reasons_of(x, record->uid);
      shown["cluster"] = cluster_json(x);
    }
  return shown;
}

} // namespace sluice::views
