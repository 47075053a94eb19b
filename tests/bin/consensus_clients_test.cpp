// The clients of examples/, in Python and in TypeScript, against a node on real sockets: reports
// with a key and signed, and tasks from submission to the best response.
#include "rules/consensus/task_work.hpp"
#include "tests/support/consensus_node.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace {

using namespace sluice;
using namespace sluice::test;
using nlohmann::json;

constexpr uint16_t first_validator = 1, second_validator = 2;

/// A program and its first arguments.
using command_line = std::vector<std::string>;

std::optional<command_line> python_client(const std::string& name, const scratch_folder&) {
  if (run_program("python3", {"-c", "pass"}).code != 0)
    return {};
  return command_line{"python3", "-B", SOURCE_DIR "/examples/" + name + ".py"};
}

/// Node.js from 22.18 on runs TypeScript as it is; for an older one esbuild takes the types away.
std::optional<command_line>
typescript_client(const std::string& name, const scratch_folder& folder) {
  const auto source = SOURCE_DIR "/examples/" + name + ".ts";
  const auto made = folder.at(name + ".mjs");
  if (run_program("esbuild", {source, "--bundle", "--platform=node", "--format=esm",
                              "--log-level=warning", "--outfile=" + made})
        .code
      == 0)
    return run_program("node", {"--version"}).code == 0 ? std::optional{command_line{"node", made}}
                                                        : std::nullopt;
  const auto version = run_program("node", {"--version"}).out; // "v22.18.0"
  const auto major = version.size() > 3 ? std::atoi(version.c_str() + 1) : 0;
  return major > 22 ? std::optional{command_line{"node", source}} : std::nullopt;
}

struct client_language {
  const char* name;
  std::optional<command_line> (*client)(const std::string&, const scratch_folder&);
};

void PrintTo(const client_language& x, std::ostream* out) {
  *out << x.name;
}

class consensus_clients : public testing::TestWithParam<client_language> {
protected:
  consensus_clients()
    : node({{{first_validator, 100}, {second_validator, 100}},
            2,
            "",
            "distribute_s = 1\npoll_seen_s = 30\nanswer_s = 60\n"}) {}

  /// Runs a client of examples/; none when this machine cannot.
  std::optional<program_run>
  run_client(const std::string& name, const std::vector<std::string>& more) const {
    auto command = GetParam().client(name, node.folder);
    if (!command)
      return {};
    command->insert(command->end(), more.begin(), more.end());
    return run_program(command->front(), {command->begin() + 1, command->end()});
  }

  /// The answer in the line that a report client prints.
  static json answer_in(const program_run& run) {
    const auto at = run.out.find('{');
    return at == std::string::npos ? json{} : json::parse(run.out.substr(at), nullptr, false);
  }

  json get(const std::string& target, const std::string& headers = "") const {
    http_peer peer{node.port()};
    const auto got = peer.get(target, headers);
    return got ? got->body() : json{};
  }

  /// Makes the keys of both validators: before the node starts, which looks for others once a
  /// second.
  void make_validator_keys() {
    for (const auto uid : {first_validator, second_validator})
      validator_keys[uid] = node.api_key("validator", std::to_string(uid));
  }

  /// Both validators report that both miners serve.
  void report_both() {
    http_peer peer{node.port()};
    for (const auto& [uid, key] : validator_keys) {
      const auto got
        = peer.post("/api/v1/validators/miner-status",
                    {{"validator_uid", uid}, {"epoch", 1}, {"miner_statuses", node.statuses()}},
                    "X-API-Key: " + key + "\r\n");
      ASSERT_TRUE(got);
      ASSERT_EQ(got->status, 200U) << got->text;
    }
  }

  consensus_node node;
  std::map<uint16_t, std::string> validator_keys;
};

TEST_P(consensus_clients, report_what_they_measure_with_a_key_and_signed) {
  const auto key = node.folder.write("api.key", node.api_key("validator", "1") + "\n");
  node.start();
  auto statuses = node.statuses();
  for (auto& x : statuses) {
    x.erase("is_serving");
    x.erase("performance_score");
    x["ip"] = "127.0.0.1";
  }
  statuses[0]["port"] = node.port(); // something takes connections there
  statuses[1]["port"] = 1;           // and nothing here
  const auto miners = node.folder.write("miners.json", statuses.dump());
  const auto first
    = run_client("consensus_report", {node.url(), miners, "--uid", "1", "--api-key-file", key});
  if (!first)
    GTEST_SKIP() << GetParam().name << " cannot be run here";
  EXPECT_EQ(first->code, 0) << first->out << first->err;
  EXPECT_EQ(answer_in(*first)["miners_processed"], 2) << first->out;
  EXPECT_EQ(answer_in(*first)["consensus_updated"], 0) << first->out;
  const auto second = run_client("consensus_report", {node.url(), miners, "--uid", "2", "--hotkey",
                                                      node.key_file(second_validator)});
  EXPECT_EQ(second->code, 0) << second->out << second->err;
  EXPECT_EQ(answer_in(*second)["consensus_updated"], 2) << second->out;
  const auto serving = get("/api/v1/miners/100/consensus")["consensus_status"];
  EXPECT_EQ(serving["is_serving"], true) << serving;
  EXPECT_GT(serving["performance_score"].get<double>(), 0.5);
  EXPECT_EQ(serving["consensus_validators"], (json{1, 2}));
  EXPECT_EQ(get("/api/v1/miners/101/consensus")["consensus_status"]["is_serving"], false);
  EXPECT_EQ(node.stop(), 0);
}

TEST_P(consensus_clients, end_with_the_reason_when_a_report_is_refused) {
  node.start();
  const auto miners = node.folder.write("miners.json", node.statuses().dump());
  // The second validator's key, and the first one's uid.
  const auto run = run_client("consensus_report", {node.url(), miners, "--uid", "1", "--hotkey",
                                                   node.key_file(second_validator)});
  if (!run)
    GTEST_SKIP() << GetParam().name << " cannot be run here";
  EXPECT_EQ(run->code, 1) << run->out << run->err;
  EXPECT_NE(run->err.find("403"), std::string::npos) << run->err;
  EXPECT_EQ(node.stop(), 0);
}

TEST_P(consensus_clients, take_a_task_and_give_the_client_its_best_response) {
  const auto client = "X-API-Key: " + node.api_key("client") + "\r\n";
  make_validator_keys();
  node.start();
  ASSERT_NO_FATAL_FAILURE(report_both());
  http_peer peer{node.port()};
  const std::string payload = "First things first. Then the second! And a third, too.";
  for (const auto type : {task_type::summarization, task_type::text_translation}) {
    const auto submitted
      = peer.post("/tasks", {{"task_type", name_of(type)}, {"payload", payload}}, client);
    ASSERT_TRUE(submitted);
    ASSERT_EQ(submitted->status, 200U) << submitted->text;
    const auto id = submitted->body()["task_id"].get<std::string>();
    const auto run = run_client(
      "task_worker", {node.url(), node.key_file(first_miner_uid), "--tasks", "1", "--idle", "0.1"});
    if (!run)
      GTEST_SKIP() << GetParam().name << " cannot be run here";
    EXPECT_EQ(run->code, 0) << run->out << run->err;
    EXPECT_NE(run->out.find("registered 100"), std::string::npos) << run->out;
    EXPECT_NE(run->out.find("answered " + id), std::string::npos) << run->out;
    const auto got = get("/task/" + id + "/responses", client);
    EXPECT_EQ(got["status"], "completed") << got;
    EXPECT_EQ(got["best_response"]["miner_uid"], first_miner_uid) << got;
    EXPECT_EQ(got["best_response"]["result"], task_result(type, payload)) << got;
  }
  EXPECT_EQ(node.stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(of, consensus_clients,
                         testing::Values(client_language{"python", python_client},
                                         client_language{"typescript", typescript_client}),
                         [](const auto& x) { return std::string{x.param.name}; });

} // namespace
