#include "storage/leads/result_writer.hpp"
#include "tests/storage/leads/leads_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice::storage {
namespace {

using test::leads_disk;
using test::rows_of;
using test::stored_lead;

curation_result some_result(const std::string& request, int n) {
  return {request, lead_time::of_whole(n), {stored_lead("l" + std::to_string(n), "S", "C", n)}};
}

/// Reads a whole source, in parts of three documents; answers how many were new.
uint64_t import_all(leads_disk& disk, const std::vector<curation_result>& documents) {
  result_writer writer{disk.dir, "import"};
  for (const auto& x : documents) {
    const auto added = writer.add(x, 5);
    EXPECT_TRUE(added);
    if (writer.waiting() == 3) {
      EXPECT_TRUE(disk.dir.commit(writer.take()));
    }
  }
  EXPECT_TRUE(disk.dir.commit(writer.take()));
  EXPECT_EQ(writer.added() + writer.repeated(), documents.size());
  return writer.added();
}

TEST(result_writer, stores_documents_in_the_order_in_which_they_came) {
  leads_disk disk;
  EXPECT_EQ(import_all(disk, {some_result("r", 1), some_result("q", 2), some_result("r", 3)}), 3U);
  const auto rows = rows_of(disk.dir, tables::lead_results);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows.at({"r", 0}), (stored_result{0, 5, "import", some_result("r", 1)}));
  EXPECT_EQ(rows.at({"q", 0}).arrival, 1U);
  EXPECT_EQ(rows.at({"r", 1}).arrival, 2U);
  EXPECT_EQ(*tables::lead_counters.get(disk.dir, "results"), 3U);
}

TEST(result_writer, changes_nothing_when_a_source_is_read_again) {
  leads_disk disk;
  // two equal documents of one source stay two
  const std::vector<curation_result> source{some_result("r", 1), some_result("r", 1),
                                            some_result("", 1),  some_result("", 1),
                                            some_result("q", 7), some_result("r", 2)};
  EXPECT_EQ(import_all(disk, source), 6U);
  const auto once = rows_of(disk.dir, tables::lead_results);
  EXPECT_EQ(import_all(disk, source), 0U);
  EXPECT_TRUE(rows_of(disk.dir, tables::lead_results) == once);
  EXPECT_EQ(*tables::lead_counters.get(disk.dir, "results"), 6U);
  auto more = source;
  more.insert(more.begin(), some_result("r", 1));
  EXPECT_EQ(import_all(disk, more), 1U) << "a third one";
}

TEST(result_writer, gives_the_same_set_whatever_the_order_of_sources) {
  const uint64_t seed = 31;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  std::vector<curation_result> one;
  std::vector<curation_result> two;
  for (int i = 0; i < 40; ++i)
    (i % 2 == 0 ? one : two)
      .push_back(some_result("r" + std::to_string(chance() % 4), static_cast<int>(chance() % 5)));
  const auto documents = [](leads_disk& disk) {
    std::vector<std::string> all;
    for (const auto& [key, row] : rows_of(disk.dir, tables::lead_results))
      all.push_back(encode(row.document));
    std::sort(all.begin(), all.end());
    return all;
  };
  leads_disk forward;
  import_all(forward, one);
  import_all(forward, two);
  leads_disk back;
  import_all(back, two);
  import_all(back, one);
  EXPECT_EQ(documents(forward), documents(back));
  import_all(back, two);
  EXPECT_EQ(documents(forward), documents(back));
}

TEST(result_writer, goes_on_before_the_last_batch_is_written) {
  leads_disk disk;
  result_writer writer{disk.dir, "curation"};
  ASSERT_TRUE(writer.add(some_result("r", 1), 1));
  const auto first = writer.take();
  ASSERT_TRUE(writer.add(some_result("r", 2), 2));
  const auto second = writer.take();
  EXPECT_TRUE(writer.take().writes.empty());
  ASSERT_TRUE(disk.dir.commit(first));
  ASSERT_TRUE(disk.dir.commit(second));
  EXPECT_EQ(rows_of(disk.dir, tables::lead_results).at({"r", 1}).arrival, 1U);
  writer.next_source();
  EXPECT_FALSE(*writer.add(some_result("r", 2), 3)) << "repeated after an interruption";
}

TEST(result_writer, refuses_what_is_beyond_the_bounds) {
  leads_disk disk;
  result_writer writer{disk.dir, "import"};
  auto x = some_result("r", 1);
  x.leads[0].website = std::string(3000, 'x');
  const auto refused = writer.add(x, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::bad_input);
  EXPECT_TRUE(writer.take().writes.empty());
}

} // namespace
} // namespace sluice::storage
