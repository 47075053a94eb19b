#include "tests/support/bare_socket.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace {

using namespace sluice::test;
using nlohmann::json;

/// Leads alone: their reads need a key here.
constexpr const char* keyed_leads = R"(
name = "keys"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { leads = 1.0 }
[api]
listen = "127.0.0.1:0"
read_role = "client"
[leads]
)";

class api_key_command : public testing::Test {
protected:
  json done(std::vector<std::string> arguments) const {
    const auto run = call(std::move(arguments));
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return json::parse(run.out, nullptr, false);
  }

  program_run call(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "api-key");
    arguments.insert(arguments.end(), {"--data", data});
    return run_sluice(arguments);
  }

  void expect_line(std::vector<std::string> arguments, int code, const std::string& part) const {
    const auto run = call(std::move(arguments));
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  }

  scratch_folder folder;
  std::string data = folder.at("data");
};

TEST_F(api_key_command, makes_lists_rotates_and_revokes_keys_of_a_folder) {
  EXPECT_EQ(done({"list"}), json::array());
  const auto made = done({"new", "--role", "validator", "--validator", "7", "--name", "ours"});
  const auto key = made.at("key").get<std::string>();
  EXPECT_EQ(key.size(), 59U);
  struct stat facts {};
  ASSERT_EQ(::stat((data + "/api-keys.json").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  std::ifstream in{data + "/api-keys.json"};
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str().find(key.substr(16)), std::string::npos);
  const auto listed = done({"list"});
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["id"], made["id"]);
  EXPECT_EQ(listed[0]["validator"], "7");
  EXPECT_EQ(listed[0]["state"], "active");
  const auto id = made.at("id").get<std::string>();
  EXPECT_NE(done({"rotate", id, "--overlap", "1h"}).at("key"), key);
  EXPECT_EQ(done({"revoke", id}).at("id"), id);
  EXPECT_EQ(done({"list"})[0]["state"], "revoked");
}

TEST_F(api_key_command, states_what_is_wrong_on_one_line) {
  expect_line({"new", "--role", "validator"}, 2, "--validator: expected the hotkey or the uid");
  expect_line({"new", "--role", "root"}, 2, "--role");
  expect_line({"new", "--role", "client", "--expires", "soon"}, 2, "--expires: expected a number");
  expect_line({"revoke", "ffffffff"}, 2, "no key has the id");
  std::ofstream{data + "/api-keys.json"} << "{";
  ::chmod((data + "/api-keys.json").c_str(), 0600);
  expect_line({"list"}, 2, "api-keys.json: expected JSON");
  ::chmod((data + "/api-keys.json").c_str(), 0644);
  expect_line({"list"}, 2, "chmod 600");
}

TEST_F(api_key_command, changes_the_keys_of_a_node_that_runs) {
  const auto early = done({"new", "--role", "client"}).at("key").get<std::string>();
  const auto file = folder.write("keys.toml", keyed_leads);
  running_program node{
    {"node", "--config", file, "--data", data, "--output", "json", "--log-level", "info"}};
  const auto line = node.wait_for("api at http://127.0.0.1:");
  const auto port = static_cast<uint16_t>(std::stoi(line.substr(line.find("127.0.0.1:") + 10)));
  const auto status = [port](const std::string& path, const std::string& key) {
    const bare_socket peer{port};
    peer.send("GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n"
              + (key.empty() ? "" : "X-API-Key: " + key + "\r\n") + "\r\n");
    return peer.read_until().substr(9, 3);
  };
  EXPECT_EQ(status("/leads", ""), "401");
  EXPECT_EQ(status("/leads", early), "200") << "made before the folder was a data folder";
  EXPECT_EQ(status("/leads?api_key=" + early, ""), "200");
  EXPECT_EQ(status("/openapi.json", ""), "200");
  const auto made = done({"new", "--role", "admin"});
  node.wait_for("api: 2 keys");
  EXPECT_EQ(status("/leads", made.at("key")), "200");
  (void)done({"revoke", made.at("id").get<std::string>()});
  node.wait_for("api: 2 keys");
  EXPECT_EQ(status("/leads", made.at("key")), "403");
  ::chmod((data + "/api-keys.json").c_str(), 0644);
  node.wait_for("api: the keys stay as they were");
  EXPECT_EQ(status("/leads", early), "200") << "the last good keys count";
  EXPECT_EQ(node.stop(), 0) << node.output();
  EXPECT_EQ(node.output().find(early), std::string::npos) << "no key is in the log";
}

} // namespace
