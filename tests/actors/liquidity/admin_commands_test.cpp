#include "actors/liquidity/admin_commands.hpp"
#include "rules/admin/catalogue.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice {
namespace {

const admin::catalogue& whole() {
  static const std::array mechanisms{liquidity_admin_commands()};
  static const admin::catalogue all{mechanisms};
  return all;
}

TEST(liquidity_admin_commands, stand_among_the_general_ones_as_ever) {
  std::string names;
  for (const auto* x : whole().commands())
    names += (names.empty() ? "" : ", ") + std::string{x->name};
  EXPECT_EQ(
    names,
    "tree, top, actor, trace, mailboxes, deadletters, restart, kill, "
    "jobs, rounds, round, miners, miner, scores, explain, weights, sheets, chain, "
    "weights publish, "
    "job add, job pause, job resume, job remove, miner allow, miner remove, "
    "miner ban, miner unban, "
    "status, workers, peers, config, storage, readers, readers end, compact, actions, snapshot, "
    "log level, drain, "
    "stop, tasks periodic, tasks pause, tasks resume, tasks run, tasks remove, events, "
    "event history, help, watch, quit");
}

TEST(liquidity_admin_commands, have_help_and_an_example_that_parses) {
  for (const auto& x : liquidity_admin_commands()) {
    SCOPED_TRACE(x.name);
    EXPECT_FALSE(x.help.empty());
    EXPECT_FALSE(x.help.ends_with('.'));
    const auto made = parse_command(whole(), x.example);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->what, &x);
  }
  const auto text = help_text(whole());
  for (size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    EXPECT_LE(end - from, 120U) << text.substr(from, end - from);
    from = end + 1;
  }
  EXPECT_NE(
    text.find("TAB completes commands, actors, jobs, rounds, readers, storage and miners.\n"),
    std::string::npos);
}

TEST(liquidity_admin_commands, complete_with_what_their_views_name) {
  for (const auto& x : liquidity_admin_commands())
    for (const auto& wanted : x.arguments)
      for (const auto& from : wanted.live) {
        const auto* view = whole().find(from.view);
        ASSERT_NE(view, nullptr) << x.name;
        EXPECT_EQ(view->effect, admin::command_effect::reads);
      }
  EXPECT_EQ(whole().live(whole().find("miner ban")->arguments[0]),
            (std::vector<admin::live_names>{{"miners", "miner"}, {"miners", "hotkey"}}));
}

TEST(liquidity_admin_commands, that_act_need_a_node_and_are_asked_about_when_they_destroy) {
  for (const auto& x : liquidity_admin_commands())
    if (x.effect != admin::command_effect::reads) {
      EXPECT_EQ(x.source, admin::command_source::node) << x.name;
    }
  EXPECT_EQ(whole().find("job remove")->effect, admin::command_effect::destroys);
  EXPECT_NE(whole().find("explain")->text, nullptr);
  EXPECT_EQ(whole().find("workers")->actor, "node/simulators");
}

} // namespace
} // namespace sluice
