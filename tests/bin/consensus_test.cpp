#include "net/keys/key_file.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/consensus/dev_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice;
using namespace sluice::test;

constexpr const char* consensus_world_text = R"(
name = "consensus"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { consensus = 1.0 }
[consensus]
[consensus.world]
seed = 3
[consensus.tasks]
review_s = 0
[[miners]]
uid = 50
hotkey = "consensus-50"
strategy = "worker:seed=3"
mechanism = "consensus"
[[miners]]
uid = 51
hotkey = "consensus-51"
strategy = "worker:seed=3"
mechanism = "consensus"
[[miners]]
uid = 52
hotkey = "consensus-52"
strategy = "silent:seed=3"
mechanism = "consensus"
)";

/// The worked numbers of docs/consensus.md.
constexpr const char* worked_reports
  = R"([{"validator_uid": 48, "epoch": 1, "miner_statuses":)"
    R"( [{"uid": 49, "hotkey": "abc123", "stake": 1000, "is_serving": true}]},)"
    "\n"
    R"( {"validator_uid": 49, "epoch": 1, "miner_statuses":)"
    R"( [{"uid": 49, "hotkey": "abc123", "stake": 1300, "is_serving": false}]}])"
    "\n";

class consensus_program : public testing::Test {
protected:
  program_run consensus(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "consensus");
    return run_sluice(arguments);
  }
  program_run on_data(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data", folder.at("data")});
    return run_sluice(arguments);
  }
  program_run node(uint64_t rounds, const std::string& data) {
    return run_sluice({"node", "--config", folder.write("consensus.toml", consensus_world_text),
                       "--data", folder.at(data), "--rounds", std::to_string(rounds), "--output",
                       "lines"});
  }

  scratch_folder folder;
};

TEST_F(consensus_program, checks_and_merges_a_file_as_the_documents_show) {
  const auto file = folder.write("example.json", worked_reports);
  const auto table = consensus({"report", file, "--output", "table"});
  ASSERT_EQ(table.code, 0) << table.err;
  for (const auto* part :
       {"miner 49 (abc123): agreed",
        "mean of the reports 1 + bonus of the validators 0.2 - conflict ratio 0.25 = 0.95"})
    EXPECT_NE(table.out.find(part), std::string::npos) << table.out;
  const auto json = nlohmann::json::parse(consensus({"report", file, "--output", "json"}).out);
  EXPECT_NEAR(json["miners"][0]["confidence"]["confidence"].get<double>(), 0.95, 1e-12);
  const auto strict
    = nlohmann::json::parse(consensus({"report", file, "--policy", "byzantine"}).out);
  EXPECT_EQ(strict["miners"][0]["policy"], "byzantine");
}

TEST_F(consensus_program, states_what_is_wrong_and_exits_with_it) {
  EXPECT_EQ(run_sluice({"consensus"}).code, 2);
  EXPECT_EQ(consensus({"report", folder.at("nowhere.json")}).code, 3);
  const auto bad = consensus({"report", folder.write("bad.json", "{")});
  EXPECT_EQ(bad.code, 2);
  EXPECT_NE(bad.err.find("bad.json: byte 2 is no JSON; expected a list of statuses"),
            std::string::npos)
    << bad.err;
  EXPECT_EQ(consensus({"show", "1", "--data", folder.at("nowhere")}).code, 3);
  const auto closed = consensus({"report", folder.write("one.json", "[{\"uid\": 1}]"), "--to",
                                 "http://127.0.0.1:1", "--validator", "3"});
  EXPECT_EQ(closed.code, 3) << closed.err;
}

TEST_F(consensus_program, runs_in_a_node_that_continues_and_is_audited) {
  const auto first = node(2, "data");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_NE(first.out.find("consensus reports="), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("status=confirmed"), std::string::npos) << first.out;
  ASSERT_EQ(node(2, "data").code, 0);
  const auto audit = on_data({"audit", "all"});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
  const auto shown = on_data({"consensus", "show", "50", "--output", "json"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  const auto x = nlohmann::json::parse(shown.out);
  EXPECT_EQ(x["state"], "agreed");
  EXPECT_EQ(x["hotkey"], "consensus-50");
  EXPECT_FALSE(x["fields"].empty());
  EXPECT_EQ(on_data({"consensus", "show", "1"}).code, 2);
  EXPECT_EQ(nlohmann::json::parse(on_data({"consensus", "validators"}).out).size(), 3U);
  const auto shell
    = on_data({"shell", "--exec",
               "consensus; consensus miners; consensus show 50; consensus validators; "
               "consensus conflicts; tasks"});
  EXPECT_EQ(shell.code, 0) << shell.err;
}

TEST_F(consensus_program, prints_the_same_in_two_runs) {
  const auto without_folder = [](const std::string& text) {
    const auto begin = text.find('\n');
    return text.substr(begin, text.find("over code=") - begin);
  };
  EXPECT_EQ(without_folder(node(3, "one").out), without_folder(node(3, "two").out));
}

/// By the clock of the machine: signed reports over HTTP, a consensus, a task for the miner that it
/// calls available, its answer, its score, weights (facts/mechanisms C4: the whole way).
TEST_F(consensus_program, pays_a_miner_for_a_task_that_reports_over_http_made_possible) {
  std::string text = R"(
name = "live"
[chain]
weights_rate_limit = 0
[weights]
shares = { consensus = 1.0 }
[validator]
hotkey = "validator"
[[neurons]]
uid = 0
hotkey = "burn"
[[neurons]]
uid = 9
hotkey = "validator"
stake = "1000000000000"
permit = true
[[neurons]]
uid = 50
hotkey = "consensus-50"
[[miners]]
uid = 50
hotkey = "consensus-50"
strategy = "worker"
mechanism = "consensus"
[consensus]
step_s = 1
[consensus.tasks]
distribute_s = 1
review_s = 0
)";
  for (size_t i = 0; i < 2; ++i) {
    const auto keys = tools::dev_validator_keys(99, static_cast<dev_validator_kind>(i));
    const auto uid = std::to_string(13 + i);
    ASSERT_TRUE(net::write_key_file(folder.at(uid + ".key"), keys));
    text += "[[neurons]]\nuid = " + uid + "\nhotkey = \"" + keys.address
            + "\"\nstake = \"1000000000000\"\npermit = true\n";
  }
  running_program node{{"node", "--config", folder.write("live.toml", text), "--data",
                        folder.at("data"), "--api", "127.0.0.1:0", "--output", "lines"}};
  const auto line = node.wait_for("serves what=api");
  const auto port = line.substr(line.rfind(':') + 1);
  const auto statuses
    = folder.write("statuses.json", R"([{"uid":50,"hotkey":"consensus-50","stake":1000,)"
                                    R"("is_serving":true,"performance_score":0.9}])");
  for (const std::string uid : {"13", "14"}) {
    const auto sent
      = consensus({"report", statuses, "--to", "http://127.0.0.1:" + port, "--validator", uid,
                   "--hotkey", folder.at(uid + ".key"), "--epoch", "7"});
    ASSERT_EQ(sent.code, 0) << sent.out << sent.err;
    const auto answer = nlohmann::json::parse(sent.out);
    EXPECT_EQ(answer["consensus_updated"], uid == "14" ? 1 : 0) << sent.out;
  }
  const bare_socket reader{static_cast<uint16_t>(std::stoi(port))};
  reader.send(
    "GET /api/v1/miners/50/consensus HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
  const auto page = reader.read_until();
  EXPECT_TRUE(page.starts_with("HTTP/1.1 200")) << page;
  const auto submitted
    = on_data({"shell", "--exec", "tasks submit summarization One. Two. Three."});
  ASSERT_EQ(submitted.code, 0) << submitted.err;
  node.wait_for("50:"); // in a row of weights
  node.send(SIGKILL);
  const auto shown = nlohmann::json::parse(on_data({"consensus", "show", "50"}).out);
  EXPECT_EQ(shown["state"], "agreed");
  const auto audit = on_data({"audit", "all"});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

} // namespace
