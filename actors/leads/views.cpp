#include "actors/leads/views.hpp"

#include "actors/leads/attempts.hpp"
#include "actors/leads/explain.hpp"
#include "actors/leads/share_basis.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/recall.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;
using views::json;
using views::number;

constexpr size_t lead_rows_shown = 20;

json moment_json(int64_t us) {
  return us <= 0 ? json(nullptr) : views::time_of(static_cast<uint64_t>(us / 1'000'000));
}

std::string_view name_of_lead_queue(lead_queue x) {
  constexpr std::array<std::string_view, 4> names{"prospects", "requests", "miner_requests",
                                                  "miner_results"};
  return names.at(static_cast<size_t>(x));
}

std::set<std::string> curators_of(const curation_result& x) {
  std::set<std::string> all;
  for (const auto& each : x.leads)
    if (!each.curated_by.empty())
      all.insert(each.curated_by);
  return all;
}

json request_row(const lead_result_key& key, const stored_result& x) {
  return {{"request", key.request_id},
          {"number", key.number},
          {"stored", views::time_of(x.stored_ms / 1000)},
          {"origin", x.origin},
          {"leads", x.document.leads.size()},
          {"curators", curators_of(x.document)}};
}

/// The newest by arrival.
result<json> requests(const storage::data_dir& disk) {
  std::map<uint64_t, json, std::greater<>> newest;
  auto read
    = tables::lead_results.for_each(disk, [&](const lead_result_key& key, const stored_result& x) {
        if (newest.size() == lead_rows_shown && x.arrival < newest.rbegin()->first)
          return;
        newest.emplace(x.arrival, request_row(key, x));
        if (newest.size() > lead_rows_shown)
          newest.erase(std::prev(newest.end()));
      });
  if (!read)
    return read.error();
  json rows = json::array();
  for (auto& [arrival, row] : newest)
    rows.push_back(std::move(row));
  return rows;
}

result<json> queue(const storage::data_dir& disk) {
  json rows = json::array();
  std::array<uint64_t, 4> waiting{};
  auto read
    = tables::lead_queue_items.for_each(disk, [&](const queue_key& key, const queued_item& x) {
        if (++waiting.at(static_cast<size_t>(key.queue)) > lead_rows_shown)
          return;
        rows.push_back({{"queue", name_of_lead_queue(key.queue)},
                        {"id", x.id},
                        {"from", x.from.value},
                        {"created", views::time_of(x.created_ms / 1000)},
                        {"leads", x.leads.size()},
                        {"wanted", x.num_leads},
                        {"deliveries", x.lease.deliveries},
                        {"leased_by", x.lease.holder.value},
                        {"leased_until", views::time_of(x.lease.until_ms / 1000)}});
      });
  if (!read)
    return read.error();
  return rows;
}

result<json> intake(const storage::data_dir& disk) {
  json counts = json::object();
  for (size_t i = 0; i < intake_verdicts; ++i) {
    const auto verdict = static_cast<intake_verdict>(i);
    const auto count = tables::lead_counters.find(disk, tables::intake_key(verdict));
    if (!count)
      return count.error();
    counts[std::string{name_of(verdict)}] = count->value_or(0);
  }
  const auto pool = tables::lead_counters.find(disk, tables::lead_pool_key);
  if (!pool)
    return pool.error();
  const auto held = tables::lead_names.find(disk, storage::intake_held_key);
  if (!held)
    return held.error();
  const auto k_miner = storage::k_miner_of(disk, {});
  if (!k_miner)
    return k_miner.error();
  return json{{"pool", pool->value_or(0)},
              {"held_by", *held ? json(**held) : json(nullptr)},
              {"last_source", k_miner->value},
              {"verdicts", std::move(counts)}};
}

json publish_row(const lead_publish& x) {
  return {{"attempt", x.number},
          {"time", moment_json(x.time_us)},
          {"trigger", name_of(x.trigger)},
          {"result", name_of(x.result)},
          {"epoch", x.epoch},
          {"miners", x.vector.size()},
          {"uids", x.uids},
          {"u16", x.u16},
          {"dropped", x.dropped.size()},
          {"documents", x.documents},
          {"leads", x.counts.leads},
          {"skipped", x.counts.skipped_bad_timestamp},
          {"tx", x.tx},
          {"reason", x.reason}};
}

result<json> explain_call(const storage::data_dir& disk, std::string_view who) {
  const auto basis = basis_of_shares(disk);
  if (!basis)
    return basis.error();
  return explain_leads(disk, *basis, who);
}

result<json> chosen_view(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  if (name == "leads")
    return leads_overview(disk);
  if (name == "leads shares")
    return leads_shares(disk);
  if (name == "leads requests")
    return requests(disk);
  if (name == "leads queue")
    return queue(disk);
  if (name == "leads publishes")
    return leads_publishes(disk);
  if (name == "leads intake")
    return intake(disk);
  if (name == "leads explain")
    return explain_call(disk, what.argument_at(0));
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> leads_view(const storage::data_dir& disk, const admin::call& what) {
  const auto shown = chosen_view(disk, what);
  return shown ? result<std::string>{views::text_of(*shown)} : shown.error();
}

result<json> leads_overview(const storage::data_dir& disk) {
  const auto documents = storage::stored_results(disk);
  if (!documents)
    return documents.error();
  const auto taken = intake(disk);
  if (!taken)
    return taken.error();
  const auto flow = tables::lead_flow.find(disk, tables::lead_flow_key);
  if (!flow)
    return flow.error();
  const auto step = tables::lead_steps.last(disk);
  if (!step)
    return step.error();
  const auto all = leads_publishes(disk);
  if (!all)
    return all.error();
  const auto record = flow->value_or(flow_record{});
  return json{{"step", *step ? (*step)->first : 0},
              {"time", *step ? moment_json((*step)->second.time_us) : json(nullptr)},
              {"results", *documents},
              {"pool", (*taken)["pool"]},
              {"accepted", (*taken)["verdicts"]["accepted"]},
              {"held_by", (*taken)["held_by"]},
              {"attempts", record.attempts},
              {"failures_in_a_row", record.failures},
              {"publish_pending", record.pending},
              {"last_publish", all->empty() ? json(nullptr) : all->front()}};
}

result<json> leads_shares(const storage::data_dir& disk) {
  const auto basis = basis_of_shares(disk);
  if (!basis)
    return basis.error();
  const auto report = shares_on(disk, *basis);
  if (!report)
    return report.error();
  json rows = json::array();
  for (const auto& [key, share] : ranked(report->shares.weights_dict)) {
    const auto tally = report->tallies.find(key);
    const auto counted = tally == report->tallies.end() ? miner_tally{} : tally->second;
    rows.push_back({{"rank", rows.size() + 1},
                    {"hotkey", key.value},
                    {"share", number(share)},
                    {"curated", counted.curated},
                    {"sourced", counted.sourced}});
  }
  return rows;
}

result<json> leads_publishes(const storage::data_dir& disk) {
  const auto ended = ended_attempt(disk);
  if (!ended)
    return ended.error();
  json rows = json::array();
  auto read = tables::lead_publishes.for_prefix_back(
    disk, std::tuple<>{}, [&](uint64_t number, const lead_publish& x) {
      rows.push_back(publish_row(*ended && (*ended)->number == number ? **ended : x));
      return rows.size() < lead_rows_shown;
    });
  if (!read)
    return read.error();
  return rows;
}

} // namespace sluice
