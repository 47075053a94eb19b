#include "storage/leads/recall.hpp"
#include "storage/leads/tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

namespace sluice::storage {

namespace {

constexpr size_t audited_publishes_max = 1000; // the newest ones
constexpr double share_slack = 1e-12;

/// A stored lead, as short as counting allows; names and keys are numbers, 0: none.
struct counted_lead {
  uint64_t arrival = 0;
  int64_t us = 0;
  bool has_time = false;
  bool has_score = false;
  uint32_t key = 0; // request, ident and curator
  uint32_t source = 0;
  uint32_t curator = 0;
};

/// Everything that is stored, read once.
struct counted_leads {
  std::vector<counted_lead> all;          // by request, then as they came
  std::map<uint64_t, uint64_t> documents; // by arrival: how often there
  std::vector<std::string> names{""};
  std::map<std::string, uint32_t> numbers;
  uint32_t keys = 0;

  uint32_t number_of(const std::string& name) {
    if (name.empty())
      return 0;
    const auto [at, added] = numbers.emplace(name, static_cast<uint32_t>(names.size()));
    if (added)
      names.push_back(name);
    return at->second;
  }
};

result<counted_leads> read_all_leads(const data_dir& disk) {
  counted_leads made;
  std::string request;
  std::map<std::pair<std::string, std::string>, uint32_t> keys; // of this request
  auto walked
    = tables::lead_results.for_each(disk, [&](const lead_result_key& at, const stored_result& row) {
        if (at.request_id != request)
          keys.clear();
        request = at.request_id;
        ++made.documents[row.arrival];
        for (const auto& x : row.document.leads) {
          counted_lead one;
          one.arrival = row.arrival;
          const auto us = time_of(x, row.document.timestamp);
          one.has_time = us.has_value();
          one.us = us.value_or(0);
          one.has_score = x.conversion_score.has_value();
          one.source = made.number_of(x.source);
          one.curator = made.number_of(x.curated_by);
          if (const auto ident = ident_of(x); !ident.empty()) {
            const auto [key, added] = keys.emplace(std::pair{ident, x.curated_by}, 0);
            if (added)
              key->second = ++made.keys;
            one.key = key->second;
          }
          made.all.push_back(one);
        }
      });
  if (!walked)
    return walked.error();
  return made;
}

/// How many leads by each name: curated, sourced.
struct straight_count {
  std::vector<double> curated;
  std::vector<double> sourced;
  double leads = 0;
  lead_counts counts;
};

straight_count count_again(const counted_leads& stored, const lead_publish& x) {
  straight_count made;
  made.curated.resize(stored.names.size());
  made.sourced.resize(stored.names.size());
  const bool v2 = x.policy == share_policy::v2;
  std::vector<bool> met(stored.keys + 1);
  std::vector<bool> met_by_v2(stored.keys + 1);
  const int64_t length = static_cast<int64_t>(x.window_days) * 86'400'000'000;
  for (const auto& one : stored.all) {
    if (one.arrival >= x.documents)
      continue;
    ++made.counts.leads;
    const bool complete = one.source != 0 && one.curator != 0;
    if (v2 && complete && one.has_score && (one.key == 0 || !met_by_v2[one.key])) {
      met_by_v2[one.key] = true;
      ++made.curated[one.curator];
      ++made.sourced[one.source];
      ++made.leads;
    }
    if (!one.has_time) {
      ++made.counts.skipped_bad_timestamp;
    } else if (one.us > x.time_us || one.us < x.time_us - length) {
      ++made.counts.out_of_window;
    } else if (one.key != 0 && met[one.key]) {
      ++made.counts.duplicates;
    } else {
      met[one.key] = true;
      ++made.counts.used;
      made.counts.incomplete += complete ? 0 : 1;
      if (!v2) {
        ++made.curated[one.curator];
        ++made.sourced[one.source];
      }
    }
  }
  made.curated[0] = 0; // of nobody
  made.sourced[0] = 0;
  for (const auto& [arrival, times] : stored.documents)
    made.counts.documents += arrival < x.documents ? times : 0;
  return made;
}

/// The shares once more, from the counts, with everything over one denominator.
std::map<hotkey, double>
shares_again(const counted_leads& stored, const straight_count& count, const lead_publish& x) {
  double curated = 0;
  double sourced = 0;
  for (size_t i = 0; i < stored.names.size(); ++i) {
    curated += count.curated[i];
    sourced += count.sourced[i];
  }
  const auto score_of = [&](size_t i) {
    if (x.policy == share_policy::v2)
      return 0.10 * (stored.names[i] == x.k_miner.value ? 1 : 0)
             + 0.45 * (count.curated[i] + count.sourced[i]) / count.leads;
    if (x.policy == share_policy::raw)
      return x.w_curated * count.curated[i] + x.w_sourced * count.sourced[i];
    return (curated > 0 ? x.w_curated * count.curated[i] / curated : 0)
           + (sourced > 0 ? x.w_sourced * count.sourced[i] / sourced : 0);
  };
  std::map<hotkey, double> made;
  double sum = 0;
  for (size_t i = 1; i < stored.names.size(); ++i)
    if (count.curated[i] + count.sourced[i] > 0)
      sum += made[{stored.names[i]}] = score_of(i);
  if (sum <= 0)
    return {};
  for (auto& row : made)
    row.second /= sum;
  return made;
}

std::string two_numbers(double stored, double recomputed) {
  return std::to_string(stored) + ", " + std::to_string(recomputed);
}

std::string
difference_of(const lead_counts& stored, const lead_counts& recomputed, uint64_t& checked) {
  std::string found;
  const auto theirs = recomputed.fields();
  const auto mine = stored.fields();
  std::apply(
    [&](const auto&... a) {
      std::apply(
        [&](const auto&... b) {
          const auto names = split_names<sizeof...(a)>(lead_counts::field_list());
          size_t i = 0;
          const auto compare = [&](uint64_t x, uint64_t y) {
            ++checked;
            if (x != y && found.empty())
              found = "counts." + std::string{names[i]} + ": " + std::to_string(x) + ", "
                      + std::to_string(y);
            ++i;
          };
          (compare(a, b), ...);
        },
        theirs);
    },
    mine);
  return found;
}

std::string difference_of(const std::map<hotkey, double>& stored,
                          const std::map<hotkey, double>& recomputed, uint64_t& checked) {
  for (const auto& [miner, share] : recomputed) {
    ++checked;
    const auto at = stored.find(miner);
    if (at == stored.end())
      return "share of " + miner.value + ": absent, " + std::to_string(share);
    if (!(std::abs(at->second - share) <= share_slack))
      return "share of " + miner.value + ": " + two_numbers(at->second, share);
  }
  for (const auto& row : stored)
    if (!recomputed.contains(row.first))
      return "share of " + row.first.value + ": " + std::to_string(row.second) + ", absent";
  return {};
}

audit_finding audit_publish(const counted_leads& stored, const lead_publish& x) {
  audit_finding made{"leads publish " + std::to_string(x.number), "", 0};
  const auto count = count_again(stored, x);
  made.difference = difference_of(x.counts, count.counts, made.checked);
  if (made.difference.empty())
    made.difference = difference_of(x.vector, shares_again(stored, count, x), made.checked);
  if (made.difference.empty() && x.uids.size() != x.u16.size())
    made.difference
      = "uids and u16: " + std::to_string(x.uids.size()) + ", " + std::to_string(x.u16.size());
  return made;
}

/// Arrivals from 0 without a gap, as many as the counter states.
result<audit_finding>
audit_arrivals(const data_dir& disk, const std::string& what, const std::string& counter,
               const std::map<uint64_t, uint64_t>& arrivals) {
  audit_finding made{what, "", arrivals.size() + 1};
  const auto stored = tables::lead_counters.find(disk, counter);
  if (!stored)
    return stored.error();
  uint64_t expected = 0;
  for (const auto& [arrival, times] : arrivals) {
    if (made.difference.empty() && (arrival != expected || times != 1))
      made.difference = "arrival: " + std::to_string(arrival) + ", " + std::to_string(expected);
    ++expected;
  }
  if (made.difference.empty() && stored->value_or(0) != arrivals.size())
    made.difference = "counter " + counter + ": " + std::to_string(stored->value_or(0)) + ", "
                      + std::to_string(arrivals.size());
  return made;
}

result<audit_finding> audit_pool(const data_dir& disk) {
  std::map<uint64_t, uint64_t> arrivals;
  std::string wrong_key;
  auto walked
    = tables::lead_pool.for_each(disk, [&](const std::string& ident, const pool_lead& row) {
        ++arrivals[row.arrival];
        if (wrong_key.empty() && pool_ident_of(row.value) != ident)
          wrong_key
            = "owner_email of the row " + ident + ": " + row.value.owner_email + ", " + ident;
      });
  if (!walked)
    return walked.error();
  auto made = audit_arrivals(disk, "leads pool", tables::lead_pool_key, arrivals);
  if (made && made->difference.empty())
    made->difference = wrong_key;
  return made;
}

} // namespace

result<std::vector<audit_finding>> audit_leads(const data_dir& disk) {
  const auto stored = read_all_leads(disk);
  if (!stored)
    return stored.error();
  auto results = audit_arrivals(disk, "leads results", tables::lead_results_key, stored->documents);
  if (!results)
    return results.error();
  auto pool = audit_pool(disk);
  if (!pool)
    return pool.error();
  std::vector<audit_finding> all{*std::move(results), *std::move(pool)};
  std::vector<lead_publish> publishes; // newest first
  auto walked = tables::lead_publishes.for_prefix_back(
    disk, std::tuple<>{}, [&](uint64_t, const lead_publish& x) {
      publishes.push_back(x);
      return publishes.size() < audited_publishes_max;
    });
  if (!walked)
    return walked.error();
  std::reverse(publishes.begin(), publishes.end());
  if (publishes.size() == audited_publishes_max && publishes.front().number > 1)
    all.push_back({"leads publishes before " + std::to_string(publishes.front().number)
                     + " (not recomputed: only the newest " + std::to_string(audited_publishes_max)
                     + " are)",
                   "", 0});
  for (const auto& x : publishes)
    all.push_back(audit_publish(*stored, x));
  return all;
}

} // namespace sluice::storage
