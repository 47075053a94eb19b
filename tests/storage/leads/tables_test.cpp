#include "storage/leads/tables.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/leads/leads_disk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

namespace sluice::storage {
namespace {

template <class F>
void for_each_leads_table(F f) {
  using namespace tables;
  const auto all
    = std::tuple{lead_results, lead_pool, lead_publishes, lead_flow, lead_counters, lead_names};
  std::apply([&f](const auto&... one) { (f(one), ...); }, all);
}

TEST(leads_tables, are_all_in_the_schema_under_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& x : leads_schema().tables)
    names.insert(x.name);
  size_t n = 0;
  for_each_leads_table([&](const auto& one) {
    EXPECT_TRUE(names.contains(one.name)) << one.name;
    ++n;
  });
  EXPECT_GE(names.size(), n);
}

TEST(leads_tables, keep_and_return_random_rows) {
  test::leads_disk disk;
  for_each_leads_table([&]<class Key, class Value>(const table<Key, Value>& one) {
    SCOPED_TRACE(one.name);
    std::map<Key, Value> model;
    batch writes;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      test::any_value any{seed};
      const auto key = any.make<Key>();
      model[key] = any.make<Value>();
      one.put(writes, key, model[key]);
    }
    ASSERT_TRUE(disk.dir.commit(writes));
    EXPECT_TRUE(test::rows_of(disk.dir, one) == model);
  });
}

TEST(leads_tables, sort_documents_by_request_and_then_by_number) {
  const auto key = [](const char* request, uint32_t n) {
    return encode_key(lead_result_key{request, n});
  };
  EXPECT_LT(key("a", 300), key("a-b", 2));
  EXPECT_LT(key("a", 2), key("a", 256));
}

TEST(leads_tables, count_every_verdict_under_a_name_of_its_own) {
  std::set<std::string> names;
  for (uint8_t i = 0; i < intake_verdicts; ++i)
    names.insert(tables::intake_key(static_cast<intake_verdict>(i)));
  EXPECT_EQ(names.size(), intake_verdicts);
  EXPECT_TRUE(names.contains("intake_accepted"));
}

} // namespace
} // namespace sluice::storage
