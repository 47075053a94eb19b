// Every command of docs/leads-api.md, run as it stands there against the routes.
#include "tests/support/data_file.hpp"
#include "tests/support/leads_routes_world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace sluice::test {
namespace {

using nlohmann::json;

struct documented_command {
  std::string command;
  json answer; // "..." stands for any text
};

/// The blocks of shell on the page: a command, and what it prints.
std::vector<documented_command> documented_commands() {
  const auto text = file_bytes(SOURCE_DIR "/docs/leads-api.md");
  const std::string fence = "```sh\n";
  std::vector<documented_command> all;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const auto line = text.find('\n', at), end = text.find("```", at);
    all.push_back({text.substr(at, line - at),
                   json::parse(text.substr(line + 1, end - line - 1), nullptr, false)});
    at = end + 3;
  }
  return all;
}

bool is_as_documented(const json& expected, const json& got) {
  if (expected == "...")
    return got.is_string();
  if (expected.type() != got.type() || expected.size() != got.size())
    return false;
  if (!expected.is_structured())
    return expected == got;
  if (expected.is_array())
    return std::equal(expected.begin(), expected.end(), got.begin(), is_as_documented);
  return std::ranges::all_of(expected.items(), [&](const auto& x) {
    return got.contains(x.key()) && is_as_documented(x.value(), got[x.key()]);
  });
}

std::string with_replaced(std::string text, const std::string& part, const std::string& by) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size()))
    text.replace(at, part.size(), by);
  return text;
}

uint64_t unix_ms_now() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

TEST(leads_api_docs, every_command_prints_what_the_page_states) {
  if (run_program("/bin/sh", {"-c", "python3 --version && curl --version"}).code != 0)
    GTEST_SKIP() << "there is no python3 or no curl";
  leads_world world;
  const scratch_folder folder;
  ASSERT_TRUE(net::write_key_file(folder.at("miner.key"), leads_world::key(1)));
  ASSERT_TRUE(net::write_key_file(folder.at("validator.key"), leads_world::key(2)));
  const auto commands = documented_commands();
  EXPECT_GE(commands.size(), 6U);
  run_options options;
  options.folder = folder.path();
  options.environment = {"PYTHONDONTWRITEBYTECODE=1"};
  for (const auto& x : commands) {
    auto command = with_replaced(x.command, "http://127.0.0.1:8800",
                                 "http://127.0.0.1:" + std::to_string(world.port()));
    command = with_replaced(command, "examples/", SOURCE_DIR "/examples/");
    *world.now = unix_ms_now(); // the script signs with the machine's clock
    const auto run = run_program("/bin/sh", {"-c", command}, options);
    ASSERT_EQ(run.code, 0) << command << run.err;
    const auto got = json::parse(run.out, nullptr, false);
    EXPECT_TRUE(is_as_documented(x.answer, got)) << x.command << "\n" << run.out;
  }
}

TEST(leads_api_docs, names_every_route) {
  const auto text = file_bytes(SOURCE_DIR "/docs/leads-api.md");
  for (const auto path : leads_paths) {
    const auto shown = path.ends_with("/ack") ? path.substr(0, path.size() - 4) : path;
    EXPECT_NE(text.find(shown), std::string::npos) << path;
  }
}

} // namespace
} // namespace sluice::test
