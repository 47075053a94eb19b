#include "storage/schema.hpp"
#include "storage/tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sluice::storage {
namespace {

TEST(schema, of_this_program_has_every_table_once) {
  const auto& now = current_schema();
  EXPECT_EQ(now.version, tables::schema_version);
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const auto& table : now.tables)
    names.emplace(table.store, table.name);
  EXPECT_EQ(names.size(), now.tables.size());
  EXPECT_EQ(names.size(), 12u); // a table more: count it here, and migrate if it changes old ones
}

TEST(schema, of_this_program_can_be_reached_from_every_older_one) {
  const auto& now = current_schema();
  for (uint32_t version = 1; version < now.version; ++version)
    EXPECT_TRUE(std::any_of(now.migrations.begin(), now.migrations.end(),
                            [version](const auto& step) { return step.from == version; }))
      << "nothing leads from " << version << " to " << version + 1;
  for (const auto& step : now.migrations)
    EXPECT_LT(step.from, now.version);
}

} // namespace
} // namespace sluice::storage
