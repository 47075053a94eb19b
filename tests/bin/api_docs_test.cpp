// Every command of docs/api.md, run as it stands there against a node.
#include "tests/support/consensus_node.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace sluice;
using namespace sluice::test;
using nlohmann::json;

struct page_command {
  std::string command;
  json answer; // "..." stands for any value
};

/// The blocks of shell on the page: a command, and what it prints.
std::vector<page_command> page_commands() {
  const auto text = file_bytes(SOURCE_DIR "/docs/api.md");
  const std::string fence = "```sh\n";
  std::vector<page_command> all;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const auto line = text.find('\n', at), end = text.find("```", at);
    all.push_back({text.substr(at, line - at),
                   json::parse(text.substr(line + 1, end - line - 1), nullptr, false)});
    at = end + 3;
  }
  return all;
}

bool is_as_on_the_page(const json& expected, const json& got) {
  if (expected == "...")
    return true;
  if (expected.is_number() && got.is_number())
    return expected == got;
  if (expected.type() != got.type() || expected.size() != got.size())
    return false;
  if (!expected.is_structured())
    return expected == got;
  if (expected.is_array())
    return std::equal(expected.begin(), expected.end(), got.begin(), is_as_on_the_page);
  return std::ranges::all_of(expected.items(), [&](const auto& x) {
    return got.contains(x.key()) && is_as_on_the_page(x.value(), got[x.key()]);
  });
}

std::string with_each(std::string text, const std::string& part, const std::string& by) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size()))
    text.replace(at, part.size(), by);
  return text;
}

TEST(api_docs, every_command_prints_what_the_page_states) {
  if (run_program("/bin/sh", {"-c", "python3 --version && curl --version"}).code != 0)
    GTEST_SKIP() << "there is no python3 or no curl";
  consensus_node node{
    {{{1, 100}, {2, 100}}, 1, "", "distribute_s = 1\npoll_seen_s = 60\nreview_s = 600\n"}};
  std::vector<std::string> environment{
    "PYTHONDONTWRITEBYTECODE=1", "CLIENT_KEY=" + node.api_key("client"),
    "VALIDATOR_1_KEY=" + node.api_key("validator", "1"),
    "VALIDATOR_2_KEY=" + node.api_key("validator", "2"), "TASK_ID="};
  std::filesystem::copy_file(node.key_file(first_miner_uid), node.folder.at("miner.key"));
  node.start();
  const auto commands = page_commands();
  EXPECT_GE(commands.size(), 12U);
  for (const auto& x : commands) {
    auto command = with_each(x.command, "http://127.0.0.1:8800", node.url());
    command = with_each(command, "examples/", SOURCE_DIR "/examples/");
    command = with_each(command, "--data DIR", "--data " + node.data());
    command = with_each(command, "MINER_100", numbered_key(first_miner_uid).address);
    if (command.starts_with("sluice "))
      command = BINARY_DIR "/" + command;
    run_options options;
    options.folder = node.folder.path();
    options.environment = environment;
    const auto run = run_program("/bin/sh", {"-c", command}, options);
    ASSERT_EQ(run.code, 0) << command << run.err << run.out;
    const auto expected
      = json::parse(with_each(x.answer.dump(), "MINER_100", numbered_key(first_miner_uid).address));
    const auto got = json::parse(run.out, nullptr, false);
    EXPECT_TRUE(is_as_on_the_page(expected, got)) << x.command << "\n" << run.out;
    if (got.is_object() && got.contains("task_id"))
      environment.back() = "TASK_ID=" + got["task_id"].get<std::string>();
  }
  EXPECT_EQ(node.stop(), 0);
}

} // namespace
