#include "actors/consensus/task_admin_commands.hpp"
#include "actors/consensus/task_views.hpp"
#include "rules/admin/catalogue.hpp"
#include "tests/support/task_world.hpp"

#include <array>

namespace sluice::test {
namespace {

using views::json;

class task_views_test : public task_test {
protected:
  result<std::string> view(const std::string& line) {
    const std::array more{task_admin_commands()};
    const admin::catalogue commands{more};
    const auto call = admin::parse_command(commands, line);
    EXPECT_TRUE(call) << call.error().what;
    if (!call)
      return call.error();
    return task_view(*disk, *call);
  }

  json shown(const std::string& line) {
    const auto text = view(line);
    EXPECT_TRUE(text) << line << ": " << text.error().what;
    return text ? json::parse(*text) : json{};
  }
};

TEST_F(task_views_test, show_tasks_of_all_states) {
  join(50, worker(50, worker_strategy_kind::worker));
  const auto distributor = make_distributor();
  const auto first = submit(distributor);
  advance(std::chrono::seconds(30));
  const auto second = submit(distributor);
  const auto all = shown("tasks");
  EXPECT_EQ(all["completed"], 1);
  EXPECT_EQ(all["pending"], 1);
  EXPECT_EQ(all["failed"], 0);
  ASSERT_EQ(all["tasks"].size(), 2U);
  EXPECT_EQ(all["tasks"][0]["task"], second);
  const auto completed = shown("tasks list completed");
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_EQ(completed[0]["task"], first);
  EXPECT_EQ(completed[0]["best"], 50);
  EXPECT_EQ(shown("tasks list").size(), 2U);
}

TEST_F(task_views_test, show_one_task_back_to_its_answers) {
  join(50, worker(50, worker_strategy_kind::worker));
  join(51, worker(51, worker_strategy_kind::liar));
  settings.tasks.review_s = 0;
  const auto distributor = make_distributor();
  const auto id = submit(distributor, 2);
  advance(std::chrono::seconds(30));
  const auto x = shown("tasks show " + id);
  EXPECT_EQ(x["state"], "done");
  EXPECT_EQ(x["payload"], "one two");
  ASSERT_EQ(x["assignments"].size(), 2U);
  EXPECT_EQ(x["assignments"][0]["state"], "answered");
  ASSERT_EQ(x["responses"].size(), 2U);
  EXPECT_EQ(x["responses"][0]["accuracy"], 0); // the two differ
  EXPECT_EQ(x["responses"][0]["speed"], 1);
  EXPECT_EQ(x["best"], 50); // of equal ones the lower uid
  EXPECT_EQ(x["result"], "two one");
  const auto miners = shown("tasks miners");
  ASSERT_EQ(miners.size(), 2U);
  EXPECT_EQ(miners[0]["hotkey"], "miner-50");
  EXPECT_EQ(miners[0]["answered"], 1);
  EXPECT_EQ(miners[0]["accepted"], 0);
  EXPECT_EQ(view("tasks show nothing").error().code, ec::no_such_key);
}

TEST_F(task_views_test, read_lines_of_the_shell) {
  const std::array more{task_admin_commands()};
  const admin::catalogue commands{more};
  const auto call = admin::parse_command(commands, "tasks submit tts say \"this  text\"");
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(call->arguments, (std::vector<std::string>{"tts", "say this  text"}));
  EXPECT_FALSE(admin::parse_command(commands, "tasks submit cooking soup"));
  EXPECT_FALSE(admin::parse_command(commands, "tasks list nowhere"));
  EXPECT_FALSE(admin::parse_command(commands, "tasks cancel"));
}

} // namespace
} // namespace sluice::test
