#include "storage/leads/tables.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice;
using namespace sluice::test;
namespace tables = storage::tables;

constexpr const char* leads_world_text = R"(
name = "leads"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { leads = 1.0 }
[leads]
[leads.world]
seed = 3
[[miners]]
uid = 30
hotkey = "lead-curator"
strategy = "curator:seed=3"
mechanism = "leads"
[[miners]]
uid = 31
hotkey = "lead-sourcer"
strategy = "sourcer:seed=3"
mechanism = "leads"
[[miners]]
uid = 32
hotkey = "lead-both"
strategy = "both:seed=3"
mechanism = "leads"
)";

/// Curated: A 3, B 1. Sourced: B 2, C 2. The worked numbers of docs/leads.md.
constexpr const char* worked_leads
  = R"({"kind":"curation_result","request_id":"r-1","timestamp":"2026-01-01T00:00:00Z","leads":[)"
    R"({"id":"1","source":"B","curated_by":"A"},{"id":"2","source":"B","curated_by":"A"}]})"
    "\n"
    R"({"kind":"curation_result","request_id":"r-2","timestamp":1767225601,"leads":[)"
    R"({"id":"3","source":"C","curated_by":"A"},{"id":"4","source":"C","curated_by":"B"},)"
    R"({"id":"5","source":"C","curated_by":"B","created_at":"1999-01-01T00:00:00Z"}]})"
    "\n";

class leads_program : public testing::Test {
protected:
  program_run leads(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "leads");
    arguments.insert(arguments.end(), {"--data", folder.at("data")});
    return run_sluice(arguments);
  }
  program_run node(uint64_t rounds) {
    return run_sluice({"node", "--config", folder.write("leads.toml", leads_world_text), "--data",
                       folder.at("data"), "--rounds", std::to_string(rounds), "--output", "lines"});
  }

  scratch_folder folder;
};

TEST_F(leads_program, imports_and_shows_the_worked_numbers) {
  const auto file = folder.write("worked.jsonl", worked_leads);
  const auto import = leads({"import", file, "--output", "json"});
  ASSERT_EQ(import.code, 0) << import.err;
  EXPECT_EQ(nlohmann::json::parse(import.out)["added"], 2);
  const auto now = std::vector<std::string>{"--now", "2026-01-02T00:00:00Z"};
  const auto json = leads({"shares", "--output", "json", now[0], now[1]});
  ASSERT_EQ(json.code, 0) << json.err;
  const auto shares = nlohmann::json::parse(json.out);
  EXPECT_NEAR(shares["weights_dict"]["A"].get<double>(), 0.45, 1e-12);
  EXPECT_NEAR(shares["weights_dict"]["B"].get<double>(), 0.35, 1e-12);
  EXPECT_EQ(shares["stats"]["total_miners"], 3);
  const auto table = leads({"shares", "--output", "table", now[0], now[1]});
  for (const auto* part : {" 1. A 0.4500 (45.00%)", "Found 3 miners", "Total share: 1.000000"})
    EXPECT_NE(table.out.find(part), std::string::npos) << table.out;
  const auto raw = leads({"shares", "--output", "json", "--policy", "raw", now[0], now[1]});
  EXPECT_NEAR(nlohmann::json::parse(raw.out)["weights_dict"]["A"].get<double>(), 0.45, 1e-12);
  const auto week
    = leads({"shares", "--output", "json", "--days", "1", "--now", "2026-01-09T00:00:00Z"});
  EXPECT_TRUE(nlohmann::json::parse(week.out)["weights_dict"].empty());
  EXPECT_EQ(week.code, 1); // no_data
  const auto why = leads({"shares", "--output", "table", "--now", "2027-01-01T00:00:00Z"});
  EXPECT_NE(why.out.find("leads are outside of the window 2027-01-01T00:00:00"), std::string::npos)
    << why.out;
  EXPECT_NE(why.out.find("--now TIME"), std::string::npos) << why.out;
  const auto explain = leads({"explain", "B", "--output", "table", now[0], now[1]});
  EXPECT_NE(explain.out.find("score 0.35 of 1: share 0.35"), std::string::npos) << explain.out;
  EXPECT_NE(explain.out.find("1 outside of the window"), std::string::npos) << explain.out;
}

TEST_F(leads_program, exports_what_can_be_imported_again) {
  ASSERT_EQ(leads({"import", folder.write("worked.jsonl", worked_leads)}).code, 0);
  const auto exported = leads({"export", "--format", "json", "--file", folder.at("out.jsonl")});
  ASSERT_EQ(exported.code, 0) << exported.err;
  const auto again = leads({"import", folder.at("out.jsonl"), "--output", "json"});
  EXPECT_EQ(nlohmann::json::parse(again.out)["repeated"], 2);
  const auto csv = leads({"export"});
  EXPECT_TRUE(csv.out.starts_with("request_id,")) << csv.out;
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 6);
  const auto shares = leads({"export", "--what", "shares", "--now", "2026-01-02T00:00:00Z"});
  EXPECT_TRUE(shares.out.starts_with("rank,hotkey,share")) << shares.out;
}

TEST_F(leads_program, states_what_is_wrong_and_exits_with_it) {
  const auto file = folder.write("bad.jsonl", std::string{worked_leads} + "nonsense\n");
  const auto strict = leads({"import", file, "--strict"});
  EXPECT_EQ(strict.code, 2);
  EXPECT_NE(strict.err.find("bad.jsonl:3:"), std::string::npos) << strict.err;
  const auto loose = leads({"import", file});
  EXPECT_EQ(loose.code, 0) << loose.err;
  EXPECT_NE(loose.err.find("skipped: "), std::string::npos) << loose.err;
  EXPECT_EQ(leads({"explain", "nobody"}).code, 2);
  EXPECT_EQ(leads({"shares", "--now", "yesterday"}).code, 2);
  EXPECT_EQ(leads({"shares", "--days", "0"}).code, 2);
  EXPECT_EQ(run_sluice({"leads"}).code, 2);
  EXPECT_EQ(run_sluice({"leads", "shares", "--data", folder.at("nowhere")}).code, 3);
  const auto help = run_sluice({"leads", "import", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("Examples: sluice leads import"), std::string::npos) << help.out;
}

TEST_F(leads_program, runs_in_a_node_that_continues_and_is_audited) {
  const auto first = node(2);
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_NE(first.out.find("leads requests="), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("status=confirmed"), std::string::npos) << first.out;
  ASSERT_EQ(node(2).code, 0);
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("data")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
  const auto shares = nlohmann::json::parse(leads({"shares", "--output", "json"}).out);
  EXPECT_GE(shares["weights_dict"].size(), 2U);
  const auto shell = run_sluice({"shell", "--data", folder.at("data"), "--exec",
                                 "leads; leads shares; leads publishes; leads intake"});
  EXPECT_EQ(shell.code, 0) << shell.err;
  const auto explain = leads({"explain", "lead-both", "--output", "json"});
  ASSERT_EQ(explain.code, 0) << explain.err;
  const auto x = nlohmann::json::parse(explain.out);
  EXPECT_NEAR(x["share"].get<double>(), shares["weights_dict"]["lead-both"].get<double>(), 1e-12);
}

TEST_F(leads_program, prints_the_same_in_two_runs) {
  const auto first = node(3);
  scratch_folder other;
  const auto second = run_sluice({"node", "--config", folder.at("leads.toml"), "--data",
                                  other.at("data"), "--rounds", "3", "--output", "lines"});
  const auto without_folder
    = [](const std::string& text) { return text.substr(0, text.find("over code=")); };
  EXPECT_EQ(without_folder(first.out).substr(first.out.find('\n')),
            without_folder(second.out).substr(second.out.find('\n')));
}

/// By the clock of the machine, with a buyer over HTTP.
TEST_F(leads_program, has_a_lead_on_the_disk_before_its_buyer_is_answered) {
  auto text = std::string{leads_world_text};
  text.replace(text.find("[leads.world]\nseed = 3\n"), 23, "");
  const auto config = folder.write("live.toml", text);
  for (int round = 0; round < 2; ++round) { // the second time on the folder of a killed node
    running_program node{{"node", "--config", config, "--data", folder.at("data"), "--api",
                          "127.0.0.1:0", "--output", "lines"}};
    const auto line = node.wait_for("serves what=api");
    const auto port = static_cast<uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    const bare_socket buyer{port};
    const std::string body = R"({"num_leads": 2, "business_desc": "bakeries"})";
    buyer.send("POST /api/leads HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
               "Connection: close\r\nContent-Length: "
               + std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto answer = buyer.read_until();
    node.send(SIGKILL);
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    const auto delivered
      = nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
    ASSERT_EQ(delivered["leads"].size(), 2U) << answer;
    EXPECT_EQ(delivered["status_code"], 200);
    const auto stored = leads({"export", "--format", "json"});
    for (const auto& x : delivered["leads"])
      EXPECT_NE(stored.out.find(x["id"].get<std::string>()), std::string::npos) << stored.out;
  }
}

TEST_F(leads_program, has_an_audit_that_sees_a_changed_lead) {
  ASSERT_EQ(node(2).code, 0);
  {
    auto disk = storage::data_dir::open(folder.at("data"), {"0.2.0", 7, ""},
                                        storage::open_mode::create_or_continue,
                                        {.adopt_config = true, .layout = &sluice::test::layout()});
    ASSERT_TRUE(disk) << disk.error().what;
    storage::batch writes;
    ASSERT_TRUE(
      tables::lead_results.for_each(*disk, [&](const lead_result_key& key, stored_result x) {
        x.document.leads.at(0).curated_by = "somebody-else";
        tables::lead_results.put(writes, key, x);
        return false;
      }));
    ASSERT_TRUE(disk->commit(writes));
  }
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("data")});
  EXPECT_EQ(audit.code, 1);
  EXPECT_NE(audit.out.find("leads publish "), std::string::npos) << audit.out;
}

} // namespace
