#include "rules/admin/commands.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::admin {

namespace {

std::string why(std::string_view line) {
  const auto made = parse_command(line);
  EXPECT_FALSE(made) << line;
  return made ? "" : made.error().what;
}

TEST(admin_catalogue, has_every_command_of_the_issue) {
  for (std::string_view name :
       {"tree",        "top",     "actor",     "trace",      "mailboxes",  "deadletters",
        "jobs",        "rounds",  "round",     "miners",     "miner",      "scores",
        "explain",     "weights", "sheets",    "workers",    "peers",      "chain",
        "storage",     "job add", "job pause", "job resume", "job remove", "miner ban",
        "miner unban", "restart", "kill",      "snapshot",   "log level",  "config",
        "drain",       "stop"})
    EXPECT_NE(find_command(name), nullptr) << name;
  EXPECT_EQ(find_command("job"), nullptr);
}

TEST(admin_catalogue, has_help_and_an_example_that_parses_for_each) {
  std::set<std::string_view> names;
  for (const auto& x : commands()) {
    SCOPED_TRACE(x.name);
    EXPECT_TRUE(names.insert(x.name).second) << "twice";
    EXPECT_FALSE(x.help.empty());
    EXPECT_FALSE(x.help.ends_with('.'));
    const auto made = parse_command(x.example);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->what, &x);
    const auto text = help_text(x.name);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("Example: " + std::string{x.example} + "\n"), std::string::npos) << *text;
    EXPECT_NE(help_text().find("  " + std::string{x.name}), std::string::npos);
  }
}

TEST(admin_catalogue, lets_nothing_be_destroyed_that_only_reads) {
  for (const auto& x : commands()) {
    if (x.effect != command_effect::reads) {
      EXPECT_EQ(x.source, command_source::node) << x.name; // somebody must write it down
    }
  }
  for (std::string_view name : {"kill", "restart", "job remove", "miner ban", "drain", "stop"})
    EXPECT_EQ(find_command(name)->effect, command_effect::destroys) << name;
}

TEST(admin_commands, are_found_by_one_word_or_by_two) {
  const auto miner = parse_command("miner 3");
  ASSERT_TRUE(miner);
  EXPECT_EQ(miner->what->name, "miner");
  EXPECT_EQ(miner->words, std::vector<std::string>{"3"});
  const auto ban = parse_command("miner ban 3 floods us 'all day'");
  ASSERT_TRUE(ban);
  EXPECT_EQ(ban->what->name, "miner ban");
  EXPECT_EQ(ban->words, (std::vector<std::string>{"3", "floods us all day"}));
  EXPECT_EQ(ban->word(0), "3");
  EXPECT_EQ(ban->word(7), "");
}

TEST(admin_commands, take_yes_anywhere) {
  const auto made = parse_command("kill --yes node/keeper");
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->yes);
  EXPECT_EQ(made->words, std::vector<std::string>{"node/keeper"});
  EXPECT_FALSE(parse_command("kill node/keeper")->yes);
}

TEST(admin_commands, keep_the_command_that_they_repeat_as_it_was_typed) {
  const auto made = parse_command(R"(watch 2 explain "a b/live/1"  3)");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->words, (std::vector<std::string>{"2", R"(explain "a b/live/1"  3)"}));
}

TEST(admin_commands, that_do_not_exist_bring_up_the_nearest) {
  EXPECT_EQ(why("tre"), "no command tre; did you mean tree?");
  EXPECT_EQ(why("explian a b"), "no command explian; did you mean explain?");
  EXPECT_EQ(why("xyzzy"), "no command xyzzy; see help for what there is");
  EXPECT_EQ(why("\"tr ee\""), "no command \"tr ee\"; did you mean tree?");
  EXPECT_EQ(why(""), "expected a command; see help for what there is");
  EXPECT_EQ(why("job"), "job: expected add, pause, resume or remove; see help job");
  EXPECT_EQ(why("job puase x"),
            "job: expected add, pause, resume or remove, got puase; did you mean pause?");
  EXPECT_EQ(why("job 7"), "job: expected add, pause, resume or remove, got 7; see help job");
  EXPECT_EQ(why("miner bann 3"), "miner: expected ban or unban, got bann; did you mean ban?");
}

TEST(admin_commands, say_what_is_missing_and_what_is_too_much) {
  EXPECT_EQ(why("explain weth/live/1"),
            "explain: expected MINER; for example: explain weth-usdc/evaluation/7 3");
  EXPECT_EQ(why("tree all"), "tree: expected nothing after it, got all as well");
  EXPECT_EQ(why("round a b"), "round: expected only ROUND, got b as well");
  EXPECT_EQ(why("round ''"), "round: expected ROUND, got nothing");
}

TEST(admin_commands, look_at_words_that_must_be_of_a_kind) {
  EXPECT_EQ(why("actions many"), "actions: expected a whole number, got many");
  EXPECT_EQ(why("top mailbx"), "top: expected name, mailbox, rate, time or restarts, got mailbx; "
                               "did you mean mailbox?");
  EXPECT_EQ(why("trace node/keeper maybe"), "trace: expected on|off|N, got maybe");
  EXPECT_TRUE(parse_command("trace node/keeper 50"));
  EXPECT_TRUE(parse_command("log level node/keeper=debug"));
  EXPECT_EQ(why("log level node/keeper"),
            "log level: expected PATH=LEVEL with a level of debug, info, warn, error or off, "
            "got node/keeper");
  EXPECT_FALSE(parse_command("log level =debug"));
}

TEST(admin_help, knows_a_command_and_the_family_of_a_word) {
  EXPECT_EQ(*help_text("kill"),
            "kill PATH\n"
            "  End an actor as a fault would; its owner's rules decide what follows.\n"
            "  Asks first, unless --yes stands in the line. The node notes who did it and when.\n"
            "  Example: kill node/simulators/simulator-1\n");
  const auto job = help_text("job");
  ASSERT_TRUE(job);
  for (const char* name : {"job add FILE", "job pause JOB", "job resume JOB", "job remove JOB"})
    EXPECT_NE(job->find(name), std::string::npos) << name;
  EXPECT_EQ(help_text("explian").error().what, "no command explian; did you mean explain?");
  EXPECT_EQ(help_text("job ad").error().what,
            "job: expected add, pause, resume or remove, got ad; did you mean add?");
  EXPECT_EQ(*help_text(""), help_text());
}

} // namespace

} // namespace sluice::admin
