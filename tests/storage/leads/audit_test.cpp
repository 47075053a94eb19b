#include "storage/leads/pool_writer.hpp"
#include "storage/leads/recall.hpp"
#include "storage/leads/result_writer.hpp"
#include "tests/storage/leads/leads_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice::storage {
namespace {

using test::leads_disk;
using test::stored_lead;

constexpr int64_t audit_now_s = 1'756'101'719;

/// Three publishes, by each policy one, with documents that came between them.
void publish_some(leads_disk& disk, uint64_t seed) {
  std::mt19937_64 chance{seed};
  pool_writer pool{disk.dir, {}};
  lead prospect;
  prospect.owner_email = "ada@example.com";
  prospect.business = "B";
  ASSERT_TRUE(pool.add(prospect, {"m1"}, 1));
  ASSERT_TRUE(disk.dir.commit(pool.take()));
  result_writer writer{disk.dir, "import"};
  for (uint64_t n = 1; n <= 3; ++n) {
    for (int i = 0; i < 20; ++i) {
      curation_result one{"r" + std::to_string(chance() % 5), {}, {}};
      for (uint64_t k = chance() % 5; k > 0; --k)
        one.leads.push_back(
          stored_lead(chance() % 4 ? "l" + std::to_string(chance() % 3) : "",
                      chance() % 5 ? "m" + std::to_string(chance() % 4) : "",
                      chance() % 5 ? "m" + std::to_string(chance() % 4) : "",
                      chance() % 6 ? audit_now_s - static_cast<int64_t>(chance() % 4'000'000) : 1));
      ASSERT_TRUE(writer.add(one, 5));
    }
    ASSERT_TRUE(disk.dir.commit(writer.take()));
    lead_publish x;
    x.number = n;
    x.time_us = audit_now_s * 1'000'000;
    x.documents = *stored_results(disk.dir);
    x.policy = static_cast<share_policy>(n - 1);
    x.k_miner = *k_miner_of(disk.dir, {});
    const auto report = *calculate_shares(disk.dir, settings_of(x), x.time_us);
    x.counts = report.counts;
    x.vector = report.shares.weights_dict;
    batch writes;
    tables::lead_publishes.put(writes, n, x);
    ASSERT_TRUE(disk.dir.commit(writes));
  }
}

std::string differences(const leads_disk& disk) {
  const auto found = audit_leads(disk.dir);
  if (!found)
    return found.error().what;
  std::string all;
  for (const auto& x : *found)
    all += x.difference.empty() ? "" : x.what + ": " + x.difference + "\n";
  return all;
}

TEST(leads_audit, finds_what_was_published_again) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    leads_disk disk;
    publish_some(disk, seed);
    EXPECT_EQ(differences(disk), "");
    const auto found = audit_leads(disk.dir);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 5U);
    EXPECT_EQ(found->at(0).what, "leads results");
    EXPECT_EQ(found->at(1).what, "leads pool");
    EXPECT_EQ(found->at(2).what, "leads publish 1");
    EXPECT_GT(found->at(2).checked, 7U);
  }
}

TEST(leads_audit, sees_what_was_changed) {
  leads_disk disk;
  publish_some(disk, 4);
  auto x = *tables::lead_publishes.get(disk.dir, 2);
  const auto put = [&](const lead_publish& changed) {
    batch writes;
    tables::lead_publishes.put(writes, 2, changed);
    ASSERT_TRUE(disk.dir.commit(writes));
  };
  auto changed = x;
  changed.vector.begin()->second += 1e-9;
  put(changed);
  EXPECT_NE(differences(disk).find("leads publish 2: share of"), std::string::npos);
  changed = x;
  changed.vector.erase(changed.vector.begin());
  put(changed);
  EXPECT_NE(differences(disk).find("absent"), std::string::npos);
  changed = x;
  ++changed.counts.used;
  put(changed);
  EXPECT_NE(differences(disk).find("counts.used"), std::string::npos);
  changed = x;
  changed.uids.push_back(1);
  put(changed);
  EXPECT_NE(differences(disk).find("uids and u16"), std::string::npos);
  put(x);
  EXPECT_EQ(differences(disk), "");
}

TEST(leads_audit, sees_rows_and_counters_that_do_not_fit) {
  leads_disk disk;
  publish_some(disk, 4);
  batch writes;
  tables::lead_counters.put(writes, "pool", 9);
  tables::lead_counters.put(writes, "results", 9);
  ASSERT_TRUE(disk.dir.commit(writes));
  const auto wrong = differences(disk);
  EXPECT_NE(wrong.find("leads pool: counter pool: 9, 1"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("leads results: counter results: 9, 60"), std::string::npos) << wrong;
  batch moved;
  tables::lead_pool.put(moved, "eve@example.com", {1, 1, "M", {}});
  ASSERT_TRUE(disk.dir.commit(moved));
  batch counter;
  tables::lead_counters.put(counter, "pool", 2);
  ASSERT_TRUE(disk.dir.commit(counter));
  EXPECT_NE(differences(disk).find("owner_email of the row eve@example.com"), std::string::npos);
}

TEST(leads_audit, states_which_publishes_it_leaves_out) {
  leads_disk disk;
  batch writes;
  for (uint64_t n = 1; n <= 1002; ++n) {
    lead_publish x;
    x.number = n;
    tables::lead_publishes.put(writes, n, x);
  }
  ASSERT_TRUE(disk.dir.commit(writes));
  const auto found = audit_leads(disk.dir);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U + 1 + 1000);
  EXPECT_EQ(found->at(2).what,
            "leads publishes before 3 (not recomputed: only the newest 1000 are)");
  EXPECT_EQ(found->back().what, "leads publish 1002");
  EXPECT_EQ(differences(disk), "");
}

} // namespace
} // namespace sluice::storage
