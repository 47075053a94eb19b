#include "io/text/text.hpp"
#include "tools/shell/render.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {

namespace {

constexpr render_style wide{100, false, {}};

TEST(shell_render, draws_a_tree_from_paths) {
  const auto text = render("tree", R"([
    {"path":"node","state":"running","restarts":0,"mailbox":0,"messages_per_s":12.5,"age_s":4000},
    {"path":"node/storage_writer","state":"running","restarts":1,"mailbox":3,"messages_per_s":2000,
      "age_s":10,
     "last_error":"disk full"},
    {"path":"node/liquidity","state":"running","restarts":0,"mailbox":0,"messages_per_s":0,
      "age_s":4000},
    {"path":"node/liquidity/pair","state":"dead","restarts":6,"mailbox":0,"messages_per_s":0,
      "age_s":1},
    {"path":"node/liquidity/pair/round","state":"dead","restarts":0,"mailbox":0,
      "messages_per_s":0,"age_s":1},
    {"path":"node/weights","state":"running","restarts":0,"mailbox":0,"messages_per_s":0,
      "age_s":4000}])",
                           wide);
  EXPECT_EQ(text, "actor              state    restarts  mailbox  msg/s        age  note\n"
                  "node               running         0        0     12  1 h 6 min\n"
                  "├─ storage_writer  running         1        3  2,000       10 s  disk full\n"
                  "├─ liquidity       running         0        0      0  1 h 6 min\n"
                  "│  └─ pair         dead            6        0      0      1.0 s\n"
                  "│     └─ round     dead            0        0      0      1.0 s\n"
                  "└─ weights         running         0        0      0  1 h 6 min\n");
}

TEST(shell_render, draws_everything_in_ascii_where_nothing_else_can_be_shown) {
  constexpr render_style ascii{100, false, report::charset::ascii};
  EXPECT_EQ(render("tree", R"([{"path":"node","state":"running"},
    {"path":"node/liquidity","state":"running"},{"path":"node/liquidity/pär","state":"running"},
    {"path":"node/weights","state":"running","last_error":"naïve"}])",
                   ascii),
            "actor           state    note\n"
            "node            running\n"
            "|- liquidity    running\n"
            "|  `- p\\u{e4}r  running\n"
            "`- weights      running  na\\u{ef}ve\n");
  EXPECT_EQ(render("status", R"({"name":"prüfer","uid":3})", ascii),
            "name  pr\\u{fc}fer\nuid   3\n");
  EXPECT_EQ(render("status", R"(["é"])", ascii), "\\u{e9}\n");
  EXPECT_EQ(render("status", "n'est pas de JSON: é", ascii), "n'est pas de JSON: \\u{e9}\n");
}

TEST(shell_render, draws_the_same_tree_from_children) {
  const auto nested = render("tree", R"({"name":"node","state":"running","children":[
    {"name":"storage_writer","state":"running"},{"name":"liquidity","state":"running","children":[
      {"name":"pair","state":"running"}]}]})",
                             wide);
  EXPECT_EQ(nested, "actor              state\n"
                    "node               running\n"
                    "├─ storage_writer  running\n"
                    "└─ liquidity       running\n"
                    "   └─ pair         running\n");
}

TEST(shell_render, puts_numbers_to_the_right_and_drops_what_matters_least) {
  const std::string rows = R"([
    {"rank":1,"miner":12,"hotkey":"5FHneW46xGXgs5mUiveU4sbTyGBzmst","combined":0.5,
      "first_seen":"2026-01-01T00:00:00Z"},
    {"rank":2,"miner":3,"hotkey":"5GrwvaEF5zXb26Fz9rcQpDWS57CtERH","combined":-0.25,
      "first_seen":null}])";
  EXPECT_EQ(render("scores", rows, wide),
            "rank  miner  hotkey                           combined  first seen\n"
            "   1     12  5FHneW46xGXgs5mUiveU4sbTyGBzmst       0.5  2026-01-01 00:00:00\n"
            "   2      3  5GrwvaEF5zXb26Fz9rcQpDWS57CtERH     -0.25  -\n");
  const auto narrow = render("scores", rows, {40, false, {}});
  EXPECT_EQ(narrow.find("first seen"), std::string::npos) << narrow;
  EXPECT_NE(narrow.find("5FHn"), std::string::npos) << narrow;
}

TEST(shell_render, prints_an_object_as_pairs_and_its_lists_below) {
  EXPECT_EQ(
    render("weights",
           R"({"epoch":4,"tempos_ago":0,"why_not":"","shares":[{"miner":1,"percent":4.5}]})", wide),
    "epoch       4\n"
    "tempos ago  0\n"
    "\n"
    "shares\n"
    "  miner  percent\n"
    "      1    4.5 %\n");
  EXPECT_EQ(
    render("sheets",
           R"([{"mechanism":"liquidity","scores":[{"miner":1}]},{"mechanism":"b","scores":[]}])",
           wide),
    "mechanism  liquidity\n\nscores\n  miner\n      1\n\nmechanism  b\nscores     -\n");
}

TEST(shell_render, leaves_out_what_is_nothing_everywhere) {
  EXPECT_EQ(render("mailboxes", R"([{"path":"node","depth":0,"mailbox":0,"slow":0,"traced":false},
    {"path":"node/a","depth":1,"mailbox":0,"slow":2,"traced":false}])",
                   wide),
            "path    mailbox  slow\n"
            "node          0     0\n"
            "node/a        0     2\n");
}

TEST(shell_render, reports_when_there_is_nothing) {
  EXPECT_EQ(render("deadletters", "[]", wide), "none\n");
  EXPECT_EQ(render("job pause", "{}", wide), "done\n");
  EXPECT_EQ(render("stop", "\"stopping\"", wide), "stopping\n");
  EXPECT_EQ(render("x", "no \x1b[2JJSON", wide), "no  [2JJSON\n");
}

TEST(shell_render, uses_colours_only_when_asked) {
  const std::string rows = R"([{"rank":1,"state":"failed"},{"rank":2,"state":"active"}])";
  EXPECT_EQ(render("x", rows, wide).find('\x1b'), std::string::npos);
  const auto colored = render("x", rows, {100, true, {}});
  EXPECT_NE(colored.find("\x1b[31m   1  failed\x1b[0m"), std::string::npos) << colored;
  EXPECT_NE(colored.find("\n   2  active\n"), std::string::npos) << colored;
}

TEST(shell_render, never_writes_wider_than_the_terminal) {
  const std::string tree = R"([{"path":"node","state":"running","mailbox":0},
    {"path":"node/liquidity/a-very-long-job-name-that-somebody-has-chosen/round-evaluation-12345",
     "state":"running",
     "mailbox":1,
      "last_error":"something that went wrong and takes very many words to be shown to people"}])";
  for (size_t width : {40, 60, 80, 120}) {
    const auto text = render("tree", tree, {width, false, {}});
    for (size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      EXPECT_LE(report::shown_width(text.substr(at, end - at)), width) << text;
      at = end + 1;
    }
  }
}

/// As a node with a job, its rounds and two miners: fifteen columns want to be shown.
TEST(shell_render, names_of_actors_are_whole_before_other_columns_are_shown) {
  std::string rows;
  for (const auto* path :
       {"node", "node/storage_writer", "node/liquidity", "node/liquidity/weth-usdc",
        "node/liquidity/weth-usdc/round-evaluation-1961",
        "node/liquidity/weth-usdc/round-evaluation-1961/session-12", "node/miner_gateway"})
    rows += (rows.empty() ? "[" : ",") + std::string{R"({"path":")"} + path
            + R"(","kind":"storage_writer","state":"running","restarts":0,"mailbox":12,)"
              R"("handled":123456,"messages_per_s":2345,"age_s":4000,"in_hand_ms":3,)"
              R"("busy_percent":12.5,"p50_us":12,"p99_us":345,"slow":3,"longest_ms":17,)"
              R"("unhandled":1,"dead_letters":2,"traced":false})";
  rows += ']';
  for (const auto* command : {"tree", "top"}) {
    const auto text = command == std::string{"top"} ? render_top(rows, "name", {120, false, {}})
                                                    : render("tree", rows, {120, false, {}});
    EXPECT_EQ(text.find("…"), std::string::npos) << text;
    for (const auto* name : {"storage_writer", "round-evaluation-1961", "session-12", "msg/s"})
      EXPECT_NE(text.find(name), std::string::npos) << text;
  }
}

TEST(shell_render, shows_scores_in_the_unit_that_the_command_names) {
  admin::column_look score{"score"};
  score.unit = admin::shown_unit::basis_points;
  const render_style style{100, false, report::charset::utf8, {&score, 1}};
  EXPECT_EQ(render("x", R"([{"miner":1,"score":0.00032},{"miner":2,"score":null}])", style),
            "miner  score bp\n"
            "    1     +3.20\n"
            "    2         -\n");
  EXPECT_EQ(render("x", R"({"score":-0.0000774,"rank":1})", style), "score bp  -0.774\n"
                                                                    "rank      1\n");
}

TEST(shell_render, sorts_top_by_what_is_asked) {
  const std::string rows = R"([
    {"path":"node/a","mailbox":5,"messages_per_s":1,"p99_us":30,"restarts":0},
    {"path":"node/c","mailbox":1,"messages_per_s":9,"p99_us":10,"restarts":2},
    {"path":"node/b","mailbox":3,"messages_per_s":5,"p99_us":20,"restarts":1}])";
  const auto order = [&](std::string_view by) {
    const auto text = render_top(rows, by, wide);
    std::string seen;
    for (size_t at = text.find("node/"); at != std::string::npos; at = text.find("node/", at + 1))
      seen += text[at + 5];
    return seen;
  };
  EXPECT_EQ(order("mailbox"), "abc");
  EXPECT_EQ(order("rate"), "cba");
  EXPECT_EQ(order("time"), "abc");
  EXPECT_EQ(order("restarts"), "cba");
  EXPECT_EQ(order("name"), "abc");
}

TEST(shell_render, takes_the_columns_of_a_command_first) {
  constexpr admin::column_look looks[] = {{"hotkey", 0, 0, "key"}, {"secret", 0, 0, {}, true}};
  EXPECT_EQ(render("x", R"([{"hotkey":"5F","secret":1,"number":2}])",
                   {100, false, report::charset::utf8, looks}),
            "key  no.\n5F     2\n");
}

} // namespace

} // namespace sluice::tools
