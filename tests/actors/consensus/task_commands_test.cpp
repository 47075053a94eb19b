#include "actors/consensus/task_commands.hpp"
#include "tests/support/task_world.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace sluice::test {
namespace {

class task_commands_test : public task_test {
protected:
  /// What `sluice tasks ...` prints as JSON, and its exit code.
  std::pair<std::string, int> run(std::vector<std::string> arguments) {
    CLI::App app;
    int code = -1;
    add_task_commands(app, code);
    arguments.insert(arguments.begin(), "tasks");
    std::ranges::reverse(arguments); // as CLI11 takes them
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& why) {
      code = 2;
    }
    std::fflush(stdout);
    auto shown = ::testing::internal::GetCapturedStdout();
    error = ::testing::internal::GetCapturedStderr();
    return {std::move(shown), code};
  }

  std::string data() const { return (folder.path() / "data").string(); }

  /// A folder is open once in a process.
  void close() {
    kill(storage_writer);
    disk.reset();
  }

  std::string error;
};

TEST_F(task_commands_test, list_and_show_what_is_in_the_folder) {
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  kill(distributor);
  close();
  const auto [listed, code] = run({"list", "--data", data(), "--output", "json"});
  EXPECT_EQ(code, 0) << error;
  const auto rows = nlohmann::json::parse(listed);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["task"], id);
  EXPECT_EQ(nlohmann::json::parse(
              run({"list", "--state", "failed", "--data", data(), "--output", "json"}).first)
              .size(),
            0U);
  const auto [shown, shown_code] = run({"show", id, "--data", data(), "--output", "table"});
  EXPECT_EQ(shown_code, 0) << error;
  EXPECT_NE(shown.find("one two"), std::string::npos);
}

TEST_F(task_commands_test, state_what_is_wrong) {
  close();
  EXPECT_EQ(run({"show", "nothing", "--data", data()}).second, 2);
  EXPECT_NE(error.find("there is no task nothing"), std::string::npos);
  EXPECT_EQ(run({"list", "--data", folder.at("nowhere")}).second, 3);
  EXPECT_EQ(run({"list", "--state", "odd", "--data", data()}).second, 2);
  EXPECT_EQ(run({"submit", "text", "--data", data()}).second, 3); // no node runs here
  EXPECT_EQ(run({}).second, 2);
}

} // namespace
} // namespace sluice::test
