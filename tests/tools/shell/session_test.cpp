#include "tests/rules/admin/job_commands.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/shell/session.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <deque>

namespace sluice::tools {

namespace {

using strings = std::vector<std::string>;

/// Answers what is scripted and remembers what it was asked.
class scripted_link : public net::shell_link {
public:
  result<std::string> ask(std::string_view line) override {
    asked.emplace_back(line);
    const auto i = answers.find(std::string{line});
    if (i != answers.end())
      return i->second;
    return fault{ec::refused, "no answer is scripted for " + std::string{line}};
  }
  std::string place() const override { return "folder"; }

  std::map<std::string, result<std::string>> answers;
  strings asked;
};

class shell_session_with_a_node : public testing::Test {
protected:
  shell_session open() {
    how.width = [] { return size_t{100}; };
    how.out = [this](std::string_view text) { out += text; };
    how.error = [this](std::string_view text) { err += text; };
    how.confirm = [this](const std::string& question) {
      questions.push_back(question);
      return agrees;
    };
    return {link, test::with_jobs(), how};
  }

  scripted_link link;
  session_settings how;
  std::string out;
  std::string err;
  strings questions;
  bool agrees = false;
};

TEST_F(shell_session_with_a_node, shows_tables_to_people_and_json_to_programs) {
  link.answers.emplace("jobs", R"([{"job":"pair","completed":3}])");
  EXPECT_TRUE(open().run("jobs"));
  EXPECT_EQ(out, "job   completed\npair          3\n");
  out.clear();
  how.json = true;
  EXPECT_TRUE(open().run("jobs"));
  EXPECT_EQ(out, "[{\"job\":\"pair\",\"completed\":3}]\n");
}

TEST_F(shell_session_with_a_node, does_every_command_of_a_line_and_reports_whether_one_failed) {
  link.answers.emplace("jobs", "[]");
  auto session = open();
  EXPECT_FALSE(session.run("jobs; tere; round a b; jobs"));
  EXPECT_EQ(out, "none\nnone\n");
  EXPECT_EQ(err, "sluice: no command tere; did you mean tree?\n"
                 "sluice: round: expected only ROUND, got b as well\n");
  EXPECT_EQ(link.asked, (strings{"jobs", "jobs"})); // what is wrong is not sent
  err.clear();
  EXPECT_FALSE(session.run("round x/live/1"));
  EXPECT_EQ(err, "sluice: no answer is scripted for round x/live/1\n");
  EXPECT_FALSE(session.run("jobs 'x"));
  EXPECT_TRUE(session.run(""));
  EXPECT_FALSE(session.over());
  EXPECT_TRUE(session.run("quit; jobs"));
  EXPECT_TRUE(session.over());
}

TEST_F(shell_session_with_a_node, asks_before_it_destroys) {
  link.answers.emplace("kill node/storage_writer", "{}");
  link.answers.emplace("kill node/storage_writer --yes", "{}");
  how.terminal = true;
  auto session = open();
  EXPECT_FALSE(session.run("kill node/storage_writer"));
  EXPECT_EQ(questions,
            strings{"kill node/storage_writer? End an actor as a fault would; its owner's rules "
                    "decide what follows. [y/N] "});
  EXPECT_EQ(err, "not done\n");
  EXPECT_TRUE(link.asked.empty());
  agrees = true;
  EXPECT_TRUE(session.run("kill node/storage_writer"));
  EXPECT_TRUE(session.run("kill node/storage_writer --yes"));
  EXPECT_EQ(questions.size(), 2U);
  EXPECT_EQ(out, "done\ndone\n");
}

TEST_F(shell_session_with_a_node, destroys_nothing_where_nobody_can_be_asked) {
  link.answers.emplace("stop", "{}");
  EXPECT_FALSE(open().run("stop"));
  EXPECT_EQ(err, "sluice: stop asks first, and nobody is there to answer: add --yes\n");
  EXPECT_TRUE(link.asked.empty());
  how.yes = true;
  EXPECT_TRUE(open().run("stop"));
  EXPECT_EQ(link.asked, strings{"stop"});
}

TEST_F(shell_session_with_a_node, explains_its_commands_by_itself) {
  EXPECT_TRUE(open().run("help kill"));
  EXPECT_NE(out.find("Example: kill node/simulators/simulator-1\n"), std::string::npos) << out;
  EXPECT_FALSE(open().run("help kil"));
  EXPECT_EQ(err, "sluice: no command kil; did you mean kill?\n");
  out.clear();
  how.json = true;
  EXPECT_TRUE(open().run("help"));
  const auto all = nlohmann::json::parse(out);
  EXPECT_EQ(all.size(), test::with_jobs().commands().size());
  EXPECT_TRUE(link.asked.empty());
}

TEST_F(shell_session_with_a_node, names_a_file_so_that_the_node_finds_it) {
  const auto here = std::filesystem::current_path().string();
  link.answers.emplace("snapshot " + here + "/a", "{}");
  link.answers.emplace("snapshot \"/tmp/my copy\"", "{}");
  auto session = open();
  EXPECT_TRUE(session.run("snapshot ./b/../a")) << err;
  EXPECT_TRUE(session.run("snapshot '/tmp/my copy'")) << err;
}

TEST_F(shell_session_with_a_node, sends_what_is_in_a_file_that_the_node_shall_take) {
  const test::scratch_folder folder;
  const auto file = folder.write("my pool.toml", "[[jobs]]\n");
  link.answers.emplace("job add \"" + file + "\" W1tqb2JzXV0K", "{}");
  auto session = open();
  EXPECT_TRUE(session.run("job add '" + file + "'")) << err;
  err.clear();
  EXPECT_FALSE(session.run("job add " + folder.at("none.toml")));
  EXPECT_EQ(err, "sluice: " + folder.at("none.toml")
                   + ": cannot be opened; does it exist, may you read it?\n");
  err.clear();
  EXPECT_FALSE(session.run("job add " + folder.write("long.toml", std::string(50'000, '#'))));
  EXPECT_NE(err.find("expected at most 45000 bytes, got 50000"), std::string::npos) << err;
  err.clear();
  EXPECT_FALSE(session.run("job add " + folder.write("none.toml", "")));
  EXPECT_NE(err.find("is empty"), std::string::npos) << err;
  EXPECT_EQ(link.asked.size(), 1U);
}

TEST_F(shell_session_with_a_node, does_not_wait_for_a_pipe_that_nobody_writes_to) {
  const test::scratch_folder folder;
  const auto pipe = folder.at("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto session = open();
  EXPECT_FALSE(session.run("job add " + pipe));
  EXPECT_EQ(err, "sluice: " + pipe + ": is a named pipe; a configuration is a TOML file\n");
  EXPECT_TRUE(link.asked.empty());
}

TEST_F(shell_session_with_a_node, prompts_with_its_name_and_reports_when_it_goes_and_comes) {
  const fault gone{ec::unreachable, "gone"};
  link.answers.emplace("status", R"({"name":"main","state":"running"})");
  auto session = open();
  EXPECT_EQ(session.prompt(), "main running> ");
  link.answers.insert_or_assign("status", result<std::string>{gone});
  EXPECT_EQ(session.prompt(), "folder (no node)> ");
  EXPECT_EQ(session.prompt(), "folder (no node)> ");
  EXPECT_EQ(err, "the node is gone; what is on disk can be read\n");
  err.clear();
  link.answers.insert_or_assign("status", result<std::string>{R"({"state":"\u001b[2Jx"})"});
  EXPECT_EQ(session.prompt(), "folder  [2Jx> ");
  EXPECT_EQ(err, "the node is back\n");
}

TEST_F(shell_session_with_a_node, completes_what_the_node_knows) {
  link.answers.emplace("tree",
                       R"([{"path":"node"},{"path":"node/storage_writer"},{"path":"node/store"}])");
  link.answers.emplace("jobs", R"([{"job":"pair"},{"job":"other"}])");
  link.answers.emplace("rounds", R"([{"round":"pair/live/2"},{"round":"pair/live/1"}])");
  link.answers.emplace("miners", R"([{"miner":1,"hotkey":"5F"},{"miner":null,"hotkey":"5G"}])");
  auto session = open();
  EXPECT_EQ(session.complete("actor node/s").candidates,
            (strings{"node/storage_writer", "node/store"}));
  EXPECT_EQ(session.complete("log level node/stora").candidates, strings{"node/storage_writer"});
  EXPECT_EQ(session.complete("job pause ").candidates, (strings{"pair", "other"}));
  EXPECT_EQ(session.complete("explain pair/").candidates, (strings{"pair/live/2", "pair/live/1"}));
  EXPECT_EQ(session.complete("miner ").candidates, (strings{"ban", "unban", "1"}));
  EXPECT_EQ(session.complete("miner 5").candidates, (strings{"5F", "5G"}));
  EXPECT_EQ(session.complete("explain x 1").candidates, strings{"1"});
  EXPECT_EQ(session.complete("tre").candidates, strings{"tree"});
  link.answers.clear(); // a node that does not answer completes nothing
  EXPECT_EQ(session.complete("actor node/s").candidates, strings{});
}

TEST_F(shell_session_with_a_node, completes_files) {
  const test::scratch_folder folder;
  folder.write("pool.toml", "");
  std::filesystem::create_directory(folder.at("pools"));
  auto session = open();
  EXPECT_EQ(session.complete("job add " + folder.at("po")).candidates,
            (strings{folder.at("pool.toml"), folder.at("pools/")}));
}

TEST_F(shell_session_with_a_node, repeats_only_what_reads) {
  auto session = open();
  EXPECT_FALSE(session.run("watch 1 kill node/storage_writer"));
  EXPECT_FALSE(session.run("watch 1 watch 1 jobs"));
  EXPECT_EQ(err, "sluice: watch: expected a command that reads, got kill\n"
                 "sluice: watch: expected a command that reads, got watch\n");
  EXPECT_TRUE(link.asked.empty());
}

TEST_F(shell_session_with_a_node, shows_top_once_where_nobody_watches) {
  link.answers.emplace("top", R"([{"path":"node","mailbox":1}])");
  EXPECT_TRUE(open().run("top"));
  EXPECT_EQ(out, "path  mailbox\nnode        1\n");
}

TEST_F(shell_session_with_a_node, draws_as_the_command_defines) {
  link.answers.emplace("explain a/live/1 2", "{}");
  link.answers.emplace("jobs", R"([{"job":"pair","vault":3}])");
  link.answers.emplace("config", R"([{"job":"pair","vault":3}])");
  EXPECT_TRUE(open().run("explain a/live/1 2"));
  EXPECT_EQ(out, "{} drawn for 100\n");
  out.clear();
  EXPECT_TRUE(open().run("jobs; config"));
  EXPECT_EQ(out, "job   store\npair      3\njob   store\npair      3\n");
  out.clear();
  how.json = true;
  EXPECT_TRUE(open().run("explain a/live/1 2"));
  EXPECT_EQ(out, "{}\n");
}

TEST_F(shell_session_with_a_node, asks_once_for_what_an_argument_can_be) {
  link.answers.emplace("miners", R"([{"miner":1,"hotkey":"5F"}])");
  EXPECT_EQ(open().complete("miner ban ").candidates, strings{"1"});
  EXPECT_EQ(link.asked, strings{"miners"});
}

} // namespace

} // namespace sluice::tools
