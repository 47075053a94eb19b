#include "actors/leads/explain.hpp"

#include "rules/leads/explain.hpp"
#include "rules/nearest.hpp"
#include "storage/leads/recall.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace sluice {

namespace {

using views::json;
using views::number;

json time_of_us(int64_t us) {
  return us <= 0 ? json(nullptr) : views::time_of(static_cast<uint64_t>(us / 1'000'000));
}

json terms_json(const explained_share& x) {
  json terms = json::array();
  for (const auto& term : x.terms)
    terms.push_back({{"term", term.name},
                     {"weight", number(term.weight)},
                     {"own", term.own},
                     {"all", term.all},
                     {"part", number(term.part)}});
  return terms;
}

json lead_row(const stored_result& row, uint32_t place, bool curated, bool sourced) {
  const auto& x = row.document.leads.at(place);
  const auto us = time_of(x, row.document.timestamp);
  return {{"place", place},
          {"lead", ident_of(x)},
          {"business", x.business},
          {"as", curated && sourced ? "both"
                 : curated          ? "curated"
                                    : "sourced"},
          {"time", us ? time_of_us(*us) : json(nullptr)},
          {"conversion_score", x.conversion_score ? number(*x.conversion_score) : json(nullptr)}};
}

json document_row(const storage::lead_evidence& x) {
  std::set<uint32_t> places{x.curated.begin(), x.curated.end()};
  places.insert(x.sourced.begin(), x.sourced.end());
  const auto has = [](const std::vector<uint32_t>& all, uint32_t place) {
    return std::ranges::find(all, place) != all.end();
  };
  json leads = json::array();
  for (const auto place : places)
    leads.push_back(lead_row(x.row, place, has(x.curated, place), has(x.sourced, place)));
  return {{"request", x.key.request_id}, {"number", x.key.number},
          {"origin", x.row.origin},      {"stored", views::time_of(x.row.stored_ms / 1000)},
          {"curated", x.curated.size()}, {"sourced", x.sourced.size()},
          {"leads", std::move(leads)}};
}

/// Every hotkey that a stored lead names.
result<std::set<std::string>> named_hotkeys(const storage::data_dir& disk) {
  std::set<std::string> all;
  const auto unlimited
    = lead_window{std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  leads_settings everything;
  everything.policy = share_policy::raw;
  auto report = storage::calculate_shares(disk, everything, unlimited.end_us);
  if (!report)
    return report.error();
  for (const auto& [key, x] : report->tallies)
    all.insert(key.value);
  return all;
}

fault no_such_hotkey(const std::string& key, const std::set<std::string>& known) {
  const auto near = nearest(key, std::vector<std::string_view>(known.begin(), known.end()));
  return {ec::no_such_key, "no lead names " + key
                             + (near            ? "; did you mean " + std::string{*near} + "?"
                                : known.empty() ? "; no lead is stored yet"
                                                : "; see `leads shares` for those there are")};
}

} // namespace

result<json>
explain_leads(const storage::data_dir& disk, const share_basis& basis, std::string_view who) {
  const hotkey key{std::string{who}};
  const auto report = shares_on(disk, basis);
  if (!report)
    return report.error();
  const auto found = explained(*report, basis.settings, basis.k_miner, key);
  auto window = report->window;
  if (basis.settings.policy == share_policy::v2) // all of history counts
    window = {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  json documents = json::array();
  uint64_t count = 0;
  lead_counts own;
  miner_tally tally;
  auto read = storage::for_each_evidence(disk, key, window, [&](const storage::lead_evidence& x) {
    own.leads += x.counts.leads;
    own.used += x.counts.used;
    own.skipped_bad_timestamp += x.counts.skipped_bad_timestamp;
    own.out_of_window += x.counts.out_of_window;
    own.duplicates += x.counts.duplicates;
    tally.curated += x.curated.size();
    tally.sourced += x.sourced.size();
    if (!x.curated.empty() || !x.sourced.empty())
      if (++count <= explained_documents_max)
        documents.push_back(document_row(x));
    return true;
  });
  if (!read)
    return read.error();
  if (own.leads == 0) {
    const auto known = named_hotkeys(disk);
    return known ? no_such_hotkey(key.value, *known) : known.error();
  }
  return json{{"hotkey", key.value},
              {"share", number(found.share)},
              {"rank", found.rank},
              {"of", found.of},
              {"status", name_of(report->status)},
              {"policy", name_of(basis.settings.policy)},
              {"window_start", time_of_us(report->window.start_us)},
              {"window_end", time_of_us(report->window.end_us)},
              {"score", number(found.score)},
              {"scores", number(found.scores)},
              {"terms", terms_json(found)},
              {"curated", tally.curated},
              {"sourced", tally.sourced},
              {"leads", own.leads},
              {"used", own.used},
              {"skipped_bad_timestamp", own.skipped_bad_timestamp},
              {"out_of_window", own.out_of_window},
              {"duplicates", own.duplicates},
              {"documents", count},
              {"shown", documents.size()},
              {"evidence", std::move(documents)}};
}

} // namespace sluice
