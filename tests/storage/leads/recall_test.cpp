#include "storage/leads/recall.hpp"
#include "storage/leads/result_writer.hpp"
#include "tests/storage/leads/leads_disk.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::storage {
namespace {

using test::leads_disk;
using test::stored_lead;

constexpr int64_t recall_now_s = 1'756'101'719;
constexpr int64_t recall_now_us = recall_now_s * 1'000'000;

void store_results(leads_disk& disk, const std::vector<curation_result>& documents) {
  result_writer writer{disk.dir, "import"};
  for (const auto& x : documents)
    ASSERT_TRUE(writer.add(x, 5));
  ASSERT_TRUE(disk.dir.commit(writer.take()));
}

std::vector<curation_result> random_results(uint64_t seed, int count) {
  std::mt19937_64 chance{seed};
  std::vector<curation_result> all;
  for (int i = 0; i < count; ++i) {
    curation_result one{"r" + std::to_string(chance() % 9), {}, {}};
    for (uint64_t n = chance() % 6; n > 0; --n) {
      one.leads.push_back(stored_lead("l" + std::to_string(chance() % 4),
                                      chance() % 5 ? "m" + std::to_string(chance() % 6) : "",
                                      chance() % 5 ? "m" + std::to_string(chance() % 6) : "",
                                      recall_now_s - static_cast<int64_t>(chance() % 4'000'000)));
      if (chance() % 7 == 0)
        one.leads.back().created_at = {};
    }
    all.push_back(one);
  }
  return all;
}

TEST(lead_recall, calculates_the_shares_that_the_documents_themselves_give) {
  leads_disk disk;
  const auto documents = random_results(1, 60);
  store_results(disk, documents);
  for (const auto policy : {share_policy::ratio, share_policy::raw, share_policy::v2}) {
    leads_settings settings;
    settings.policy = policy;
    const auto window = window_of(recall_now_us, 30);
    lead_counter counter{window};
    for (const auto& x : documents)
      counter.add(x);
    const auto made = calculate_shares(disk.dir, settings, recall_now_us);
    ASSERT_TRUE(made);
    EXPECT_EQ(*made, report_of(counter, window, settings, {}));
    lead_counter first_ten{window};
    for (size_t i = 0; i < 10; ++i)
      first_ten.add(documents[i]);
    EXPECT_EQ(calculate_shares(disk.dir, settings, recall_now_us, 10)->counts, first_ten.counts());
  }
  EXPECT_EQ(*stored_results(disk.dir), 60U);
}

TEST(lead_recall, finds_nothing_on_an_empty_disk) {
  leads_disk disk;
  const auto made = calculate_shares(disk.dir, {}, recall_now_us);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->status, share_status::no_data);
  EXPECT_EQ(*stored_results(disk.dir), 0U);
  EXPECT_EQ(k_miner_of(disk.dir, {})->value, "");
}

TEST(lead_recall, takes_k_from_the_settings_or_from_the_intake) {
  leads_disk disk;
  batch writes;
  tables::lead_names.put(writes, tables::lead_k_miner_key, "N");
  ASSERT_TRUE(disk.dir.commit(writes));
  EXPECT_EQ(k_miner_of(disk.dir, {})->value, "N");
  leads_settings settings;
  settings.k_miner = "M";
  EXPECT_EQ(k_miner_of(disk.dir, settings)->value, "M");
}

TEST(lead_recall, names_a_fault_of_the_disk_and_never_no_data) {
  leads_disk disk;
  store_results(disk, random_results(1, 3));
  batch damaged;
  damaged.writes.push_back({std::string{node_store}, "lead_results",
                            encode_key(lead_result_key{"x", 0}), "no row", false});
  ASSERT_TRUE(disk.dir.commit(damaged));
  const auto made = calculate_shares(disk.dir, {}, recall_now_us);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::corrupt_data);
}

TEST(lead_recall, walks_from_a_share_to_the_leads_that_it_comes_from) {
  leads_disk disk;
  const auto documents = random_results(5, 80);
  store_results(disk, documents);
  const auto report = *calculate_shares(disk.dir, {}, recall_now_us);
  for (const auto& row : report.tallies) {
    const auto& miner = row.first; // clang 14 captures no structured binding
    miner_tally found;
    const auto walked
      = for_each_evidence(disk.dir, miner, report.window, [&](const lead_evidence& x) {
          found.curated += x.curated.size();
          found.sourced += x.sourced.size();
          EXPECT_LE(x.counts.used, x.counts.leads);
          for (const auto i : x.curated)
            EXPECT_EQ(x.row.document.leads.at(i).curated_by, miner.value);
          return true;
        });
    EXPECT_TRUE(walked);
    EXPECT_EQ(found, row.second) << miner.value;
  }
  int seen = 0;
  EXPECT_TRUE(for_each_evidence(disk.dir, {"m1"}, report.window, [&](const lead_evidence&) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
}

} // namespace
} // namespace sluice::storage
