#include "tools/db/db_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {
namespace {

TEST(db_text, bytes_have_three_digits_and_a_unit) {
  const std::vector<std::pair<uint64_t, const char*>> all{{0, "0 B"},
                                                          {999, "999 B"},
                                                          {1000, "1.00 kB"},
                                                          {1234567, "1.23 MB"},
                                                          {99'900, "99.9 kB"},
                                                          {999'600, "1.00 MB"},
                                                          {12'300'000'000, "12.3 GB"},
                                                          {UINT64_MAX, "18447 PB"}};
  for (const auto& [bytes, text] : all)
    EXPECT_EQ(db_bytes_text(bytes), text);
}

TEST(db_text, moments_are_utc) {
  EXPECT_EQ(utc_text(0), "");
  EXPECT_EQ(utc_text(-5), "");
  EXPECT_EQ(utc_text(1'764'565'206), "2025-12-01 05:00:06 UTC");
  EXPECT_EQ(utc_text(951'827'696), "2000-02-29 12:34:56 UTC");
}

folder_verdict some_verdict() {
  folder_verdict x;
  x.set.opened = true;
  x.set.mark = {5, {"0.2.0", 7, "abc"}, std::string(32, 'a')};
  x.stores.push_back({"node", "node", 7, 100, 90, 4096, 0, {}, {}});
  x.stores.push_back({"pool_events",
                      "pool-events",
                      6,
                      50,
                      50,
                      8192,
                      102,
                      {{"pool_events", "checkpoints", "6a00", "the value is cut short"}},
                      {"a note"}});
  x.set.foreign = {"notes.txt"};
  return x;
}

TEST(db_text, damage_is_named_by_store_table_and_row) {
  const auto x = some_verdict();
  EXPECT_FALSE(x.good());
  EXPECT_EQ(x.rows(), 150U);
  const auto text = verdict_table("D", x, {});
  for (const auto* part :
       {"damaged: store pool_events, table checkpoints, row 6a00: the value is cut short\n",
        "damaged: store pool_events: 101 more\n", "not ours: D/notes.txt\n", "note: a note\n",
        "102 damaged; restore the set from a backup"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
}

TEST(db_text, json_is_one_object_on_one_line) {
  const auto text = verdict_json("D", some_verdict());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["good"], false);
  EXPECT_EQ(json["seed"], "7");
  EXPECT_EQ(json["stores"][1]["damage"][0]["key"], "6a00");
  EXPECT_EQ(json["not_ours"][0], "notes.txt");
}

TEST(db_text, a_folder_of_this_schema_has_nothing_to_migrate) {
  migration_report x;
  x.schema_before = x.schema_after = 5;
  EXPECT_EQ(migration_table("D", x), "D: has schema 5 already; there is nothing to migrate\n");
  x.schema_before = 3;
  x.took_ms = 1234;
  x.tried_on = "D.migrating";
  x.steps = {{3, "splits scores", 12.5}};
  const auto text = migration_table("D", x);
  EXPECT_NE(text.find("D: schema 3 to 5 in 1.23 s"), std::string::npos) << text;
  EXPECT_NE(text.find("  3 to 4: splits scores (12.5 ms to work out)"), std::string::npos) << text;
  EXPECT_EQ(nlohmann::json::parse(migration_json("D", x))["dry_run"], true);
}

} // namespace
} // namespace sluice::tools
