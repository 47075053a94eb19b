#include "rules/leads/shares.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <rapidcheck.h>

namespace sluice {
namespace {

constexpr int64_t share_now = 1'756'101'719'000'000;

lead made_lead(const std::string& id, const std::string& source, const std::string& curator,
               int64_t age_s = 0) {
  lead x;
  x.id = id;
  x.source = source;
  x.curated_by = curator;
  x.conversion_score = 0.5;
  x.created_at = lead_time::of_whole(share_now / 1'000'000 - age_s);
  return x;
}

lead_tallies tallies(std::initializer_list<std::pair<const char*, miner_tally>> all) {
  lead_tallies made;
  for (const auto& [name, tally] : all)
    made[{name}] = tally;
  return made;
}

lead_counter counted(const std::vector<curation_result>& documents) {
  lead_counter counter{window_of(share_now, 30)};
  for (const auto& x : documents)
    counter.add(x);
  return counter;
}

TEST(lead_shares, are_those_that_were_worked_out_by_hand) {
  // curated A3 B1, sourced B2 C2: A 0.6*3/4, B 0.6*1/4 + 0.4*2/4, C 0.4*2/4
  const auto some = tallies({{"A", {3, 0}}, {"B", {1, 2}}, {"C", {0, 2}}});
  const auto ratio = shares_of(some, 0.6, 0.4, share_policy::ratio);
  EXPECT_NEAR(ratio.weights_dict.at({"A"}), 0.45, 1e-15);
  EXPECT_NEAR(ratio.weights_dict.at({"B"}), 0.35, 1e-15);
  EXPECT_NEAR(ratio.weights_dict.at({"C"}), 0.20, 1e-15);
  EXPECT_EQ(ratio.stats.total_miners, 3U);
  EXPECT_NEAR(ratio.stats.min_share, 0.20, 1e-15);
  EXPECT_NEAR(ratio.stats.max_share, 0.45, 1e-15);
  EXPECT_NEAR(ratio.stats.mean_share, 1.0 / 3, 1e-15);
  // curated A2, sourced A1 B9: the two readings differ
  const auto other = tallies({{"A", {2, 1}}, {"B", {0, 9}}});
  EXPECT_NEAR(shares_of(other, 0.6, 0.4, share_policy::ratio).weights_dict.at({"A"}), 0.64, 1e-15);
  EXPECT_NEAR(shares_of(other, 0.6, 0.4, share_policy::raw).weights_dict.at({"A"}), 1.6 / 5.2,
              1e-15);
}

TEST(lead_shares, list_who_has_none_and_are_empty_when_nobody_has_any) {
  const auto listed
    = shares_of(tallies({{"A", {1, 0}}, {"B", {0, 0}}}), 0.6, 0.4, share_policy::ratio);
  EXPECT_EQ(listed.weights_dict.at({"B"}), 0);
  EXPECT_EQ(listed.stats.zero_share_miners, 1U);
  EXPECT_EQ(listed.stats.min_share, 0);
  // sourced only counts for nothing where its weight is 0
  const auto curated_only
    = shares_of(tallies({{"A", {1, 0}}, {"B", {0, 5}}}), 1, 0, share_policy::ratio);
  EXPECT_EQ(curated_only.weights_dict.at({"A"}), 1);
  EXPECT_EQ(curated_only.stats.zero_share_miners, 1U);
  for (const auto policy : {share_policy::ratio, share_policy::raw}) {
    EXPECT_EQ(shares_of({}, 0.6, 0.4, policy), lead_shares{});
    EXPECT_EQ(shares_of(tallies({{"A", {0, 0}}}), 0.6, 0.4, policy), lead_shares{});
  }
}

TEST(lead_shares, of_version_2_lose_the_part_of_a_k_without_events) {
  const auto some = tallies({{"A", {3, 2}}, {"B", {0, 2}}, {"C", {1, 0}}});
  const auto with_k = v2_of(some, 4, {"C"}, 100);
  EXPECT_NEAR(with_k.weights.at({"A"}), 0.5625, 1e-15);
  EXPECT_NEAR(with_k.paid.at({"C"}), 21.25, 1e-12);
  EXPECT_NEAR(with_k.sum, 1, 1e-15);
  const auto without = v2_of(some, 4, {"GONE"}, 100);
  EXPECT_NEAR(without.sum, 0.9, 1e-15);
  EXPECT_NEAR(without.paid.at({"A"}), 62.5, 1e-12);
  EXPECT_FALSE(without.weights.contains({"GONE"}));
  EXPECT_EQ(v2_of({}, 0, {"C"}, 100), v2_weights{});
}

TEST(lead_counter, puts_every_lead_into_one_bin) {
  const int64_t month_s = 30 * 86'400;
  auto bad = made_lead("5", "A", "B");
  bad.created_at = lead_time::of_text("yesterday");
  auto by_email = made_lead("", "A", "B");
  by_email.owner_email = "Ada@example.com";
  auto again = by_email;
  again.owner_email = "ADA@example.com";
  const std::vector<curation_result> documents{
    {"r1",
     {},
     {made_lead("1", "A", "B"), made_lead("1", "C", "B"), made_lead("1", "A", "D"),
      made_lead("2", "A", "B", month_s), made_lead("3", "A", "B", month_s + 1),
      made_lead("4", "A", "B", -1), bad, by_email, again, made_lead("", "A", ""),
      made_lead("", "A", "")}},
    {"r2", lead_time::of_whole(share_now / 1'000'000), {bad, made_lead("1", "", "B")}}};
  const auto counter = counted(documents);
  const lead_counts expected{2, 13, 8, 1, 2, 2, 3};
  EXPECT_EQ(counter.counts(), expected);
  EXPECT_EQ(counter.tallies(), tallies({{"A", {0, 7}}, {"B", {5, 0}}, {"D", {1, 0}}}));
  // grouped counting gives the same where documents come by request
  lead_counter grouped{window_of(share_now, 30), true};
  for (const auto& x : documents)
    grouped.add(x);
  EXPECT_EQ(grouped.counts(), expected);
  EXPECT_EQ(grouped.tallies(), counter.tallies());
  EXPECT_EQ(grouped.v2_tallies(), counter.v2_tallies());
}

TEST(lead_counter, lets_bad_and_old_ones_claim_nothing) {
  auto bad = made_lead("1", "A", "B");
  bad.created_at = lead_time::no_time();
  const auto counter
    = counted({{"r", {}, {bad, made_lead("1", "A", "B", 90 * 86'400), made_lead("1", "C", "B")}}});
  EXPECT_EQ(counter.counts(), (lead_counts{1, 3, 1, 1, 1, 0, 0}));
  EXPECT_EQ(counter.tallies(), tallies({{"B", {1, 0}}, {"C", {0, 1}}}));
  // of version 2 the first that is complete counts, whenever it was
  EXPECT_EQ(counter.v2_events(), 1U);
  EXPECT_EQ(counter.v2_tallies(), tallies({{"A", {0, 1}}, {"B", {1, 0}}}));
}

TEST(lead_counter, takes_for_version_2_what_has_both_keys_and_a_score_of_0_too) {
  auto zero = made_lead("1", "A", "B");
  zero.conversion_score = 0;
  auto none = made_lead("2", "A", "B");
  none.conversion_score.reset();
  const auto counter = counted(
    {{"r",
      {},
      {zero, none, made_lead("3", "", "B"), made_lead("4", "A", ""), made_lead("1", "A", "B")}}});
  EXPECT_EQ(counter.v2_events(), 1U);
}

TEST(share_report, has_no_data_where_nobody_has_a_share) {
  leads_settings settings;
  const auto window = window_of(share_now, 30);
  const auto old = counted({{"r", {}, {made_lead("1", "A", "B", 90 * 86'400)}}});
  const auto report = report_of(old, window, settings, {});
  EXPECT_EQ(report.status, share_status::no_data);
  EXPECT_EQ(report.shares, lead_shares{});
  EXPECT_EQ(report.v2.events, 1U);
  settings.policy = share_policy::v2; // all of history
  const auto v2 = report_of(old, window, settings, {"A"});
  EXPECT_EQ(v2.status, share_status::ok);
  EXPECT_NEAR(v2.shares.weights_dict.at({"A"}), 0.55, 1e-15);
  settings.k_miner = "B"; // the settings' K goes before the one that was found
  EXPECT_NEAR(report_of(old, window, settings, {"A"}).shares.weights_dict.at({"B"}), 0.55, 1e-15);
}

TEST(mapped_shares, drop_who_is_not_registered_and_add_up_to_1_again) {
  const std::map<hotkey, miner_uid> metagraph{
    {{"V"}, {0}}, {{"A"}, {1}}, {{"B"}, {2}}, {{"D"}, {3}}};
  const auto mapped = map_to_uids(
    {{{"Z"}, 0.1}, {{"A"}, 0.5}, {{"B"}, 0.3}, {{"GONE"}, 0.1}, {{"D"}, 0}}, metagraph);
  EXPECT_EQ(mapped.uids, (std::vector<uint16_t>{1, 2}));
  EXPECT_NEAR(mapped.weights[0], 0.625, 1e-15);
  EXPECT_EQ(mapped.u16, (std::vector<uint16_t>{65535, 39321}));
  EXPECT_EQ(mapped.dropped, (std::vector<hotkey>{{"GONE"}, {"Z"}}));
  EXPECT_EQ(mapped.skip, "");
  const auto nobody = map_to_uids({{{"GONE"}, 1}}, metagraph);
  EXPECT_EQ(nobody.skip, "no registered miners");
  EXPECT_EQ(nobody.dropped, (std::vector<hotkey>{{"GONE"}}));
  EXPECT_EQ(map_to_uids({}, metagraph).skip, "no_data: nobody has a share");
}

TEST(mapped_shares, leave_out_of_the_row_what_becomes_0) {
  const auto mapped
    = map_to_uids({{{"A"}, 0.9999999}, {{"B"}, 1e-7}}, {{{"A"}, {1}}, {{"B"}, {2}}});
  EXPECT_EQ(mapped.uids, (std::vector<uint16_t>{1, 2}));
  EXPECT_EQ(mapped.u16_uids, (std::vector<uint16_t>{1}));
}

TEST(ranked_shares, are_ordered_by_12_decimals_and_then_by_hotkey) {
  const auto all = ranked({{{"B"}, 0.25}, {{"A"}, 0.25 - 1e-14}, {{"C"}, 0.5 + 1e-14}});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].first.value, "C");
  EXPECT_EQ(all[1].first.value, "A");
  EXPECT_EQ(all[2].first.value, "B");
}

// ---- properties ---------------------------------------------------------------------------------

using drawn_tally = std::pair<uint16_t, uint16_t>;

lead_tallies tallies_of(const std::vector<drawn_tally>& drawn, uint64_t scale) {
  lead_tallies made;
  for (size_t i = 0; i < drawn.size(); ++i)
    made[{"m" + std::to_string(i)}] = {drawn[i].first * scale, drawn[i].second * scale};
  return made;
}

RC_GTEST_PROP(lead_share_properties, add_up_to_1_or_are_empty, (std::vector<drawn_tally> drawn)) {
  const bool nobody = std::all_of(drawn.begin(), drawn.end(),
                                  [](const auto& x) { return x.first + x.second == 0; });
  for (const auto policy : {share_policy::ratio, share_policy::raw}) {
    const auto shares = shares_of(tallies_of(drawn, 1), 0.6, 0.4, policy);
    RC_ASSERT(shares.weights_dict.empty() == nobody);
    RC_ASSERT(shares.weights_dict.size() == (nobody ? 0 : drawn.size()));
    if (!nobody)
      RC_ASSERT(std::abs(shares.stats.total_share - 1) < 1e-9);
    for (const auto& row : shares.weights_dict)
      RC_ASSERT(row.second >= 0 && row.second <= 1);
  }
}

RC_GTEST_PROP(lead_share_properties, stay_when_every_record_is_scaled,
              (std::vector<drawn_tally> drawn)) {
  const auto factor = *rc::gen::inRange<uint64_t>(1, 1'000'000);
  const auto once = shares_of(tallies_of(drawn, 1), 0.6, 0.4, share_policy::ratio);
  RC_ASSERT(shares_of(tallies_of(drawn, factor), 0.6, 0.4, share_policy::ratio) == once);
  const auto raw = shares_of(tallies_of(drawn, 1), 0.6, 0.4, share_policy::raw);
  const auto scaled = shares_of(tallies_of(drawn, factor), 0.6, 0.4, share_policy::raw);
  for (const auto& [miner, share] : raw.weights_dict)
    RC_ASSERT(std::abs(scaled.weights_dict.at(miner) - share) < 1e-12);
}

/// Ids, miners and times from few values, so that there are duplicates.
std::vector<curation_result> drawn_documents(const std::vector<std::vector<uint32_t>>& drawn) {
  std::vector<curation_result> all;
  for (size_t i = 0; i < drawn.size(); ++i) {
    curation_result one{
      "r" + std::to_string(i % 5), lead_time::of_whole(share_now / 1'000'000), {}};
    for (const auto x : drawn[i]) {
      auto each = made_lead(x % 7 == 0 ? "" : "id" + std::to_string(x % 4),
                            x / 7 % 5 == 0 ? "" : "s" + std::to_string(x / 7 % 5),
                            x / 35 % 4 == 0 ? "" : "c" + std::to_string(x / 35 % 4),
                            static_cast<int64_t>(x / 140 % 40) * 86'400);
      if (x / 5600 % 6 == 0)
        each.created_at = lead_time::no_time();
      one.leads.push_back(each);
    }
    all.push_back(one);
  }
  return all;
}

/// Straight from the README: a list of what was met, searched from its beginning.
lead_counts counts_by_searching(const std::vector<curation_result>& documents) {
  lead_counts made;
  std::vector<std::vector<std::string>> met;
  for (const auto& document : documents) {
    ++made.documents;
    for (const auto& x : document.leads) {
      ++made.leads;
      const auto us = time_of(x, document.timestamp);
      const std::vector<std::string> key{document.request_id, ident_of(x), x.curated_by};
      if (!us)
        ++made.skipped_bad_timestamp;
      else if (*us < share_now - int64_t{30} * 86'400 * 1'000'000 || *us > share_now)
        ++made.out_of_window;
      else if (!key[1].empty() && std::find(met.begin(), met.end(), key) != met.end())
        ++made.duplicates;
      else {
        met.push_back(key);
        ++made.used;
        made.incomplete += x.source.empty() || x.curated_by.empty() ? 1 : 0;
      }
    }
  }
  return made;
}

RC_GTEST_PROP(lead_counter_properties, agree_with_a_list_that_is_searched,
              (std::vector<std::vector<uint32_t>> drawn)) {
  const auto documents = drawn_documents(drawn);
  RC_ASSERT(counted(documents).counts() == counts_by_searching(documents));
}

RC_GTEST_PROP(lead_counter_properties, change_with_the_order_only_which_duplicate_counts,
              (std::vector<std::vector<uint32_t>> drawn)) {
  auto documents = drawn_documents(drawn);
  const auto once = counted(documents);
  std::reverse(documents.begin(), documents.end());
  const auto back = counted(documents);
  const auto& a = once.counts();
  const auto& b = back.counts();
  RC_ASSERT(a.documents == b.documents && a.leads == b.leads && a.used == b.used);
  RC_ASSERT(a.out_of_window == b.out_of_window && a.duplicates == b.duplicates);
  RC_ASSERT(a.skipped_bad_timestamp == b.skipped_bad_timestamp);
  for (const auto& [miner, tally] : once.tallies()) // the curator is part of the key
    if (tally.curated > 0)
      RC_ASSERT(back.tallies().at(miner).curated == tally.curated);
}

} // namespace
} // namespace sluice
