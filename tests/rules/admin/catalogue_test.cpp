#include "rules/admin/catalogue.hpp"
#include "tests/rules/admin/job_commands.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace sluice::admin {

namespace {

using test::with_jobs;

std::string why(std::string_view line) {
  const auto made = parse_command(with_jobs(), line);
  EXPECT_FALSE(made) << line;
  return made ? "" : made.error().what;
}

TEST(admin_catalogue, has_every_command_of_the_issue) {
  for (std::string_view name :
       {"tree",    "top",         "actor",        "trace",          "mailboxes", "deadletters",
        "jobs",    "rounds",      "round",        "miners",         "miner",     "scores",
        "explain", "weights",     "sheets",       "peers",          "chain",     "storage",
        "job add", "job pause",   "job resume",   "job remove",     "miner ban", "miner unban",
        "restart", "kill",        "snapshot",     "log level",      "config",    "drain",
        "stop",    "miner allow", "miner remove", "weights publish"})
    EXPECT_NE(with_jobs().find(name), nullptr) << name;
  EXPECT_EQ(with_jobs().find("job"), nullptr);
}

TEST(admin_catalogue, has_help_and_an_example_that_parses_for_each) {
  std::set<std::string_view> names;
  for (const auto* one : with_jobs().commands()) {
    const auto& x = *one;
    SCOPED_TRACE(x.name);
    EXPECT_TRUE(names.insert(x.name).second) << "twice";
    EXPECT_FALSE(x.help.empty());
    EXPECT_FALSE(x.help.ends_with('.'));
    const auto made = parse_command(with_jobs(), x.example);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->what, &x);
    const auto text = help_text(with_jobs(), x.name);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("Example: " + std::string{x.example} + "\n"), std::string::npos) << *text;
    EXPECT_NE(help_text(with_jobs()).find("  " + std::string{x.name}), std::string::npos);
  }
}

TEST(admin_catalogue, lets_nothing_be_destroyed_that_only_reads) {
  for (const auto* one : with_jobs().commands()) {
    const auto& x = *one;
    if (x.effect != command_effect::reads) {
      EXPECT_EQ(x.source, command_source::node) << x.name; // somebody must write it down
    }
  }
  for (std::string_view name : {"kill", "restart", "job remove", "miner ban", "drain", "stop"})
    EXPECT_EQ(with_jobs().find(name)->effect, command_effect::destroys) << name;
}

TEST(admin_commands, are_found_by_one_token_or_by_two) {
  const auto miner = parse_command(with_jobs(), "miner 3");
  ASSERT_TRUE(miner);
  EXPECT_EQ(miner->what->name, "miner");
  EXPECT_EQ(miner->arguments, std::vector<std::string>{"3"});
  const auto ban = parse_command(with_jobs(), "miner ban 3 floods us 'all day'");
  ASSERT_TRUE(ban);
  EXPECT_EQ(ban->what->name, "miner ban");
  EXPECT_EQ(ban->arguments, (std::vector<std::string>{"3", "floods us all day"}));
  EXPECT_EQ(ban->argument_at(0), "3");
  EXPECT_EQ(ban->argument_at(7), "");
}

TEST(admin_commands, take_yes_anywhere) {
  const auto made = parse_command(with_jobs(), "kill --yes node/storage_writer");
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->yes);
  EXPECT_EQ(made->arguments, std::vector<std::string>{"node/storage_writer"});
  EXPECT_FALSE(parse_command(with_jobs(), "kill node/storage_writer")->yes);
}

TEST(admin_commands, keep_the_command_that_they_repeat_as_it_was_typed) {
  const auto made = parse_command(with_jobs(), R"(watch 2 explain "a b/live/1"  3)");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->arguments, (std::vector<std::string>{"2", R"(explain "a b/live/1"  3)"}));
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
  EXPECT_EQ(why("miner bann 3"),
            "miner: expected allow, remove, ban or unban, got bann; did you mean ban?");
}

TEST(admin_commands, state_what_is_missing_and_what_is_too_much) {
  EXPECT_EQ(why("explain weth/live/1"),
            "explain: expected MINER; for example: explain weth-usdc/evaluation/7 3");
  EXPECT_EQ(why("tree all"), "tree: expected nothing after it, got all as well");
  EXPECT_EQ(why("round a b"), "round: expected only ROUND, got b as well");
  EXPECT_EQ(why("round ''"), "round: expected ROUND, got nothing");
}

TEST(admin_commands, check_arguments_that_must_be_of_a_kind) {
  EXPECT_EQ(why("actions many"), "actions: expected a whole number, got many");
  EXPECT_EQ(why("top mailbx"), "top: expected name, mailbox, rate, time or restarts, got mailbx; "
                               "did you mean mailbox?");
  EXPECT_EQ(why("trace node/storage_writer maybe"), "trace: expected on|off|N, got maybe");
  EXPECT_TRUE(parse_command(with_jobs(), "trace node/storage_writer 50"));
  EXPECT_TRUE(parse_command(with_jobs(), "log level node/storage_writer=debug"));
  EXPECT_EQ(why("log level node/storage_writer"),
            "log level: expected PATH=LEVEL with a level of debug, info, warn, error or off, "
            "got node/storage_writer");
  EXPECT_FALSE(parse_command(with_jobs(), "log level =debug"));
}

TEST(admin_help, knows_a_command_and_the_family_of_a_name) {
  EXPECT_EQ(*help_text(with_jobs(), "kill"),
            "kill PATH\n"
            "  End an actor as a fault would; its owner's rules decide what follows.\n"
            "  Asks first, unless --yes stands in the line. The node notes who did it and when.\n"
            "  Example: kill node/simulators/simulator-1\n");
  const auto job = help_text(with_jobs(), "job");
  ASSERT_TRUE(job);
  for (const char* name : {"job add FILE", "job pause JOB", "job resume JOB", "job remove JOB"})
    EXPECT_NE(job->find(name), std::string::npos) << name;
  EXPECT_EQ(help_text(with_jobs(), "explian").error().what,
            "no command explian; did you mean explain?");
  EXPECT_EQ(help_text(with_jobs(), "job ad").error().what,
            "job: expected add, pause, resume or remove, got ad; did you mean add?");
  EXPECT_EQ(*help_text(with_jobs(), ""), help_text(with_jobs()));
}

TEST(admin_catalogue, puts_what_a_mechanism_brings_where_it_belongs) {
  std::vector<std::string_view> subnet;
  for (const auto* x : with_jobs().commands())
    if (x->group == command_group::subnet)
      subnet.push_back(x->name);
  EXPECT_EQ(subnet, (std::vector<std::string_view>{
                      "jobs", "rounds", "round", "miners", "miner", "scores", "explain", "weights",
                      "sheets", "chain", "weights publish", "job add", "job pause", "job resume",
                      "job remove", "miner allow", "miner remove", "miner ban", "miner unban"}));
  EXPECT_EQ(with_jobs().commands().front()->name, "tree");
  EXPECT_EQ(with_jobs().commands().back()->name, "quit");
  EXPECT_NE(help_text(with_jobs())
              .find("TAB completes commands, actors, jobs, rounds, readers, storage and miners.\n"),
            std::string::npos);
  EXPECT_NE(help_text(with_jobs(), "round")->find("  ROUND is JOB/live/NUMBER.\n"),
            std::string::npos);
}

TEST(admin_catalogue, gives_calls_that_outlive_it) {
  const std::array mechanisms{test::job_commands()};
  auto call = parse_command(catalogue{mechanisms}, "job pause weth-usdc");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, &test::job_commands()[8]);
  EXPECT_EQ(call->what->name, "job pause");
}

TEST(admin_catalogue, takes_no_two_of_one_name) {
  static constexpr std::array tree{
    command{.name = "tree", .arguments = {}, .help = "Another", .example = "tree"}};
  const std::array clash{std::span<const command>{tree}};
  EXPECT_THROW(catalogue{clash}, std::invalid_argument);
  const std::array twice{test::job_commands(), test::job_commands()};
  EXPECT_THROW(catalogue{twice}, std::invalid_argument);
}

TEST(admin_catalogue, knows_where_live_names_are_found) {
  using live = std::vector<live_names>;
  const auto of = [](const catalogue& all, const char* name, size_t i = 0) {
    return all.live(all.find(name)->arguments[i]);
  };
  const live miners{{"miners", "miner"}, {"miners", "hotkey"}};
  EXPECT_EQ(of(with_jobs(), "job pause"), (live{{"jobs", "job"}}));
  EXPECT_EQ(of(with_jobs(), "explain", 1), miners);
  EXPECT_EQ(of(with_jobs(), "miner ban"), miners);
  EXPECT_EQ(of(catalogue{}, "miner ban"), (live{{"chain", "uid"}, {"chain", "hotkey"}}));
  EXPECT_EQ(of(with_jobs(), "log level"), (live{{"tree", "path"}}));
  EXPECT_EQ(of(with_jobs(), "snapshot"), live{});
}

TEST(admin_catalogue, has_the_looks_of_all_columns) {
  const auto general = catalogue{}.columns().size();
  ASSERT_EQ(with_jobs().columns().size(), general + 1);
  EXPECT_EQ(with_jobs().columns()[general].title, "store");
}

} // namespace

} // namespace sluice::admin
