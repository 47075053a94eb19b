#include "rules/admin/completion.hpp"
#include "tests/rules/admin/job_commands.hpp"

#include <gtest/gtest.h>

namespace sluice::admin {

namespace {

using strings = std::vector<std::string>;
using test::with_jobs;

completion complete(std::string_view line) {
  return complete(with_jobs(), line);
}

std::string hint(std::string_view line) {
  return hint(with_jobs(), line);
}

/// The command whose answer names what may stand there.
std::string_view view_of(std::string_view line) {
  const auto found = complete(line);
  EXPECT_EQ(found.kind, argument_kind::named) << line;
  return found.live.empty() ? std::string_view{} : found.live.front().view;
}

TEST(completion, of_a_first_token_is_every_command_that_begins_so) {
  EXPECT_EQ(complete("tr").candidates, (strings{"tree", "trace"}));
  EXPECT_EQ(complete("mi").candidates, (strings{"miners", "miner"}));
  EXPECT_EQ(complete("jo").candidates, (strings{"jobs", "job"}));
  EXPECT_EQ(complete("zz").candidates, strings{});
  EXPECT_GT(complete("").candidates.size(), 25U);
  EXPECT_EQ(complete("  tr").from, 2U);
  EXPECT_EQ(complete("  tr").begun, "tr");
}

TEST(completion, of_a_second_token_is_a_sub_command_or_what_the_node_knows) {
  EXPECT_EQ(complete("job ").candidates, (strings{"add", "pause", "resume", "remove"}));
  EXPECT_EQ(complete("job ").kind, argument_kind::text);
  EXPECT_EQ(complete("job re").candidates, (strings{"resume", "remove"}));
  const auto miner = complete("miner ");
  EXPECT_EQ(miner.candidates, (strings{"ban", "unban"}));
  EXPECT_EQ(miner.kind, argument_kind::miner);
}

TEST(completion, knows_which_kind_every_argument_is) {
  EXPECT_EQ(complete("actor node/k").kind, argument_kind::actor);
  EXPECT_EQ(complete("actor node/k").begun, "node/k");
  EXPECT_EQ(view_of("explain "), "rounds");
  EXPECT_EQ(complete("explain a/live/1 ").kind, argument_kind::miner);
  EXPECT_EQ(complete("explain a/live/1 3 ").kind, argument_kind::text);
  EXPECT_EQ(view_of("job pause "), "jobs");
  EXPECT_EQ(complete("job add ").kind, argument_kind::sent_file);
  EXPECT_EQ(complete("log level node/").kind, argument_kind::actor);
  EXPECT_EQ(complete("log level node/").live, (std::vector<live_names>{{"tree", "path"}}));
  EXPECT_EQ(complete("trace node/storage_writer o").candidates, (strings{"on", "off"}));
  EXPECT_EQ(complete("top ma").candidates, strings{"mailbox"});
  EXPECT_EQ(complete("tree ").candidates, strings{});
}

TEST(completion, looks_at_the_last_command_of_a_line) {
  const auto found = complete("tree; ac");
  EXPECT_EQ(found.candidates, (strings{"actor", "actions"}));
  EXPECT_EQ(found.from, 6U);
  EXPECT_EQ(complete("miner ban 3 'a; b").kind, argument_kind::text);
}

TEST(completion, goes_into_the_command_that_is_repeated_or_asked_about) {
  EXPECT_EQ(complete("watch 2 mai").candidates, strings{"mailboxes"});
  EXPECT_EQ(complete("watch 2 mai").from, 8U);
  EXPECT_EQ(view_of("watch 2 scores "), "jobs");
  EXPECT_EQ(complete("watch 2 scores we").from, 15U);
  EXPECT_EQ(complete("help expl").candidates, strings{"explain"});
  EXPECT_EQ(complete("help job p").candidates, strings{"pause"});
}

TEST(completion, reads_a_token_whose_quote_is_still_open) {
  const auto found = complete("actor \"node/x y");
  EXPECT_EQ(found.begun, "node/x y");
  EXPECT_EQ(found.from, 6U);
  EXPECT_EQ(found.kind, argument_kind::actor);
}

TEST(completion, goes_as_far_as_all_candidates_agree) {
  EXPECT_EQ(common_start({"node/storage_writer", "node/store", "node/storage"}), "node/stor");
  EXPECT_EQ(common_start({"prüfer", "prübe"}), "prü");
  EXPECT_EQ(common_start({"prü", "prä", "prö"}), "pr"); // ü, ä and ö begin with the same byte
  EXPECT_EQ(common_start({"a"}), "a");
  EXPECT_EQ(common_start({"a", "b"}), "");
  EXPECT_EQ(common_start({}), "");
}

TEST(hint, is_what_is_still_to_be_typed_and_then_what_it_does) {
  EXPECT_EQ(hint("explain"), "ROUND MINER");
  EXPECT_EQ(hint("explain a/live/1"), "MINER");
  EXPECT_EQ(hint("trace node/storage_writer "), "on|off|N");
  EXPECT_EQ(hint("job pause "), "JOB");
  EXPECT_EQ(hint("mailboxes"), "Who has messages waiting, the longest queue first");
  EXPECT_EQ(hint("tree; explain "), "ROUND MINER");
  EXPECT_EQ(hint("exp"), "");
  EXPECT_EQ(hint(""), "");
}

} // namespace

} // namespace sluice::admin
