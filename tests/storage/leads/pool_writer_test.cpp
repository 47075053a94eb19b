#include "storage/leads/pool_writer.hpp"
#include "tests/storage/leads/leads_disk.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::leads_disk;
using test::rows_of;

lead prospect(const std::string& email) {
  lead x;
  x.owner_email = email;
  x.business = "B";
  return x;
}

TEST(pool_writer, stores_accepted_leads_once_with_source_counters_and_the_last_k) {
  leads_disk disk;
  pool_writer writer{disk.dir, usual_disposable_domains()};
  EXPECT_EQ(*writer.add(prospect(" Ada@Example.com"), {"M"}, 7), intake_verdict::accepted);
  EXPECT_EQ(*writer.add(prospect("ada@example.com"), {"N"}, 8), intake_verdict::duplicate);
  EXPECT_EQ(*writer.add(prospect("x@yopmail.com"), {"N"}, 8), intake_verdict::disposable_domain);
  EXPECT_EQ(*writer.add(prospect("bob@example.com"), {"N"}, 9), intake_verdict::accepted);
  ASSERT_TRUE(disk.dir.commit(writer.take()));
  EXPECT_TRUE(writer.take().writes.empty());
  const auto rows = rows_of(disk.dir, tables::lead_pool);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.at("ada@example.com").submitted_by, "M");
  EXPECT_EQ(rows.at("ada@example.com").value.source, "M");
  EXPECT_EQ(rows.at("bob@example.com").arrival, 1U);
  EXPECT_EQ(rows_of(disk.dir, tables::lead_counters),
            (std::map<std::string, uint64_t>{{"intake_accepted", 2},
                                             {"intake_disposable_domain", 1},
                                             {"intake_duplicate", 1},
                                             {"pool", 2}}));
  EXPECT_EQ(*tables::lead_names.get(disk.dir, "k_miner"), "N");
  EXPECT_EQ(writer.counts().of(intake_verdict::accepted), 2U);
}

TEST(pool_writer, knows_what_is_stored_and_goes_on_counting) {
  leads_disk disk;
  {
    pool_writer writer{disk.dir, {}};
    ASSERT_TRUE(writer.add(prospect("ada@example.com"), {"M"}, 7));
    ASSERT_TRUE(disk.dir.commit(writer.take()));
  }
  pool_writer writer{disk.dir, {}};
  EXPECT_EQ(*writer.add(prospect("ADA@example.com"), {"M"}, 9), intake_verdict::duplicate);
  EXPECT_EQ(*writer.add(prospect("eve@example.com"), {"M"}, 9), intake_verdict::accepted);
  ASSERT_TRUE(disk.dir.commit(writer.take()));
  writer.written();
  EXPECT_EQ(*writer.add(prospect("eve@example.com"), {"M"}, 9), intake_verdict::duplicate);
  EXPECT_EQ(rows_of(disk.dir, tables::lead_pool).at("eve@example.com").arrival, 1U);
  EXPECT_EQ(*tables::lead_counters.get(disk.dir, "pool"), 2U);
}

TEST(pool_writer, counts_what_is_far_too_long_without_asking_the_disk) {
  leads_disk disk;
  pool_writer writer{disk.dir, {}};
  EXPECT_EQ(*writer.add(prospect(std::string(5000, 'x') + "@example.com"), {"M"}, 7),
            intake_verdict::too_long);
  ASSERT_TRUE(disk.dir.commit(writer.take()));
  EXPECT_EQ(*tables::lead_counters.get(disk.dir, "intake_too_long"), 1U);
  EXPECT_TRUE(rows_of(disk.dir, tables::lead_pool).empty());
}

} // namespace
} // namespace sluice::storage
