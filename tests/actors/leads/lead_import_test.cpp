#include "actors/leads/lead_import.hpp"
#include "storage/leads/recall.hpp"
#include "storage/leads/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/table_dump.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr const char* one_result
  = R"({"kind":"curation_result","request_id":"r-1","timestamp":"2026-01-01T00:00:00Z",)"
    R"("leads":[{"id":"1","source":"B","curated_by":"A","conversion_score":0.5}]})"
    "\n";
constexpr const char* some_prospects = R"({"kind":"prospects","miner_hotkey":"B",)"
                                       R"("prospects":[{"owner_email":"a@b.test","business":"X"},)"
                                       R"({"owner_email":"a@mailinator.com","business":"Y"}]})"
                                       "\n";

class leads_import : public testing::Test {
protected:
  lead_import what(std::vector<std::string> files) {
    lead_import made;
    made.folder = folder.at("data");
    made.files = std::move(files);
    made.version = "0.2.0";
    made.now_ms = 1'767'225'600'000;
    made.bad_record = [this](const std::string& reason) { bad.push_back(reason); };
    return made;
  }
  storage::data_dir look() {
    auto disk = storage::data_dir::open(folder.at("data"), {}, storage::open_mode::read_only,
                                        {.layout = &layout()});
    EXPECT_TRUE(disk) << disk.error().what;
    return *std::move(disk);
  }

  scratch_folder folder;
  std::vector<std::string> bad;
};

TEST_F(leads_import, makes_a_folder_and_counts_what_it_took) {
  const auto file
    = folder.write("a.jsonl", std::string{one_result} + some_prospects + "nonsense\n");
  const auto report = import_leads(what({file}));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->files, 1U);
  EXPECT_EQ(report->records, 2U);
  EXPECT_EQ(report->bad, 1U);
  EXPECT_EQ(report->added, 1U);
  EXPECT_EQ(report->prospects.of(intake_verdict::accepted), 1U);
  EXPECT_EQ(report->prospects.of(intake_verdict::disposable_domain), 1U);
  ASSERT_EQ(bad.size(), 1U);
  EXPECT_NE(bad[0].find("a.jsonl:3:"), std::string::npos) << bad[0];
  EXPECT_EQ(*storage::stored_results(look()), 1U);
}

TEST_F(leads_import, of_the_same_file_again_adds_nothing) {
  const auto file = folder.write("a.jsonl", std::string{one_result} + one_result);
  ASSERT_TRUE(import_leads(what({file})));
  const auto before = rows_of(look());
  const auto again = import_leads(what({file, file}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->added, 0U);
  EXPECT_EQ(again->repeated, 4U);
  EXPECT_EQ(first_other_row(before, rows_of(look())), "");
  EXPECT_EQ(*storage::stored_results(look()), 2U); // what is in a file twice is there twice
}

TEST_F(leads_import, that_is_strict_stops_at_the_first_bad_record) {
  const auto file
    = folder.write("a.jsonl", std::string{one_result} + "{\"kind\":7}\n" + one_result);
  auto strict = what({file});
  strict.strict = true;
  const auto report = import_leads(strict);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ec::bad_input);
  EXPECT_NE(report.error().what.find("a.jsonl:2:"), std::string::npos) << report.error().what;
  EXPECT_EQ(*storage::stored_results(look()), 1U); // what was before it is durable
}

TEST_F(leads_import, is_refused_with_advice_while_a_node_has_the_folder) {
  const auto file = folder.write("a.jsonl", one_result);
  ASSERT_TRUE(import_leads(what({file})));
  const auto held
    = storage::data_dir::open(folder.at("data"), {"0.2.0", 0, ""},
                              storage::open_mode::create_or_continue, {.layout = &layout()});
  ASSERT_TRUE(held);
  const auto report = import_leads(what({file}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ec::busy);
  EXPECT_NE(report.error().what.find("while it runs, its routes take leads (POST /leads)"),
            std::string::npos);
}

TEST_F(leads_import, states_which_file_cannot_be_read) {
  const auto report = import_leads(what({folder.at("nowhere.jsonl")}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ec::unreachable);
  EXPECT_NE(report.error().what.find("nowhere.jsonl"), std::string::npos);
}

} // namespace
} // namespace sluice::test
