// A mechanism that has no folder but this one runs in a node, alone and beside another.
#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "net/http/server.hpp"
#include "storage/tables.hpp"
#include "tests/actors/null/null_mechanism.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/miner_messages.hpp"
#include "tests/support/node_world.hpp"

#include <array>
#include <stdexcept>

namespace sluice::test {

namespace {

/// The list of this program: a line each.
mechanism_list with_null() {
  static const std::array all{
    all_mechanisms().front(),
    &null_module(),
  };
  return all;
}

mechanism_list null_alone() {
  static const std::array all{&null_module()};
  return all;
}

constexpr std::string_view text = R"(
[validator]
hotkey = "validator"
[[neurons]]
uid = 0
hotkey = "burn"
[[neurons]]
uid = 1
hotkey = "a"
[[neurons]]
uid = 2
hotkey = "b"
[[neurons]]
uid = 3
hotkey = "validator"
stake = "1000000000000"
permit = true
[null]
miners = 2
)";

constexpr std::string_view two_miners = R"(
[[miners]]
uid = 1
hotkey = "a"
strategy = "same"
mechanism = "null"
[[miners]]
uid = 2
hotkey = "b"
strategy = "hold"
)";

/// The text above with these, read by a program with both mechanisms.
result<node_config> with_miners(std::string_view miners) {
  return io::parse_config(std::string{text} + std::string{miners}, "null.toml",
                          sections_of(with_null()));
}

std::string fault_of_side(std::string_view mechanism, std::string_view strategy) {
  tools::miner_side_config config;
  config.strategy = strategy;
  const auto made = make_miner_of(with_null(), mechanism, config);
  return made ? "" : made.error().what;
}

node_config config_of(mechanism_list mechanisms) {
  const auto config = io::parse_config(text, "null.toml", sections_of(mechanisms));
  EXPECT_TRUE(config) << config.error().what;
  return *config;
}

class null_mechanism : public node_test {
protected:
  /// Both uids that score have the same weight after some steps.
  void expect_equal_weights(const publish_record& record) {
    EXPECT_EQ(record.status, publish_status::confirmed) << record.reason;
    EXPECT_EQ(record.row, (weight_row{{1, 65535}, {2, 65535}}));
    EXPECT_EQ(record.read_back, record.row);
  }
};

} // namespace

TEST_F(null_mechanism, publishes_weights_alone) {
  mechanisms = null_alone();
  const auto end = run(config_of(mechanisms), 3, "alone", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0);
  ASSERT_EQ(end.steps.size(), 3U);
  ASSERT_EQ(end.steps.back().mechanisms.size(), 1U);
  EXPECT_EQ(end.steps.back().mechanisms.front().mechanism, "null");
  ASSERT_TRUE(end.steps.back().published);
  expect_equal_weights(*end.steps.back().published);
}

TEST_F(null_mechanism, is_blended_with_another) {
  mechanisms = with_null();
  auto config = short_config();
  config.mechanisms["null"] = mechanism_settings::of(null_settings{2});
  config.weights.shares = {{std::string{with_null().front()->name()}, 0.0}, {"null", 1.0}};
  const auto end = run(config, 3, "both", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  ASSERT_EQ(end.steps.size(), 3U);
  ASSERT_EQ(end.steps.back().mechanisms.size(), 2U);
  ASSERT_TRUE(end.steps.back().published);
  expect_equal_weights(*end.steps.back().published);
}

TEST_F(null_mechanism, is_read_and_written_like_any_other) {
  const auto config = config_of(null_alone());
  EXPECT_EQ(config.mechanisms.at("null").find<null_settings>()->miners, 2U);
  EXPECT_EQ(config.weights.shares, (mechanism_shares{{"null", 1.0}}));
  const auto sections = sections_of(null_alone());
  const auto again = io::parse_config(io::write_config(config, sections), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, config);
}

TEST_F(null_mechanism, has_the_miners_that_name_it) {
  auto config = with_miners(two_miners);
  ASSERT_TRUE(config) << config.error().what;
  config->miners.at(0).coldkey = "owner";
  EXPECT_EQ(config->miners.at(0).mechanism, "null");
  EXPECT_EQ(config->miners.at(1).mechanism, "");
  const auto miners = local_miners_of(with_null(), config->miners);
  ASSERT_EQ(miners.size(), 2U);
  const miner_question asked{"null", miner_body{"{}"}, 1000};
  for (const auto& x : miners) {
    const auto miner = keep(x.spawn(sys));
    EXPECT_EQ(x.coldkey, x.uid == config->miners.at(0).uid ? "owner" : "");
    if (x.uid == miner_uid{1})
      EXPECT_EQ(ask<miner_answer>(miner, asked).body.text(), "{}");
    else
      EXPECT_TRUE(ask_error<miner_answer>(miner, asked));
  }
}

TEST_F(null_mechanism, plays_beside_another_with_a_miner_each) {
  mechanisms = with_null();
  auto config = short_config();
  config.mechanisms["null"] = mechanism_settings::of(null_settings{2});
  config.miners.at(0).strategy = null_strategy;
  config.miners.at(0).mechanism = "null";
  const auto end = run(config, 2, "miners", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0);
  EXPECT_EQ(end.steps.size(), 2U);
}

TEST_F(null_mechanism, is_in_a_text_only_where_a_miner_names_it) {
  const auto sections = sections_of(with_null());
  const auto config = with_miners(two_miners);
  ASSERT_TRUE(config) << config.error().what;
  for (const auto& written :
       {io::write_config(*config, sections), io::write_scoring_config(*config, sections)}) {
    const auto first = written.find("mechanism = \"null\"");
    EXPECT_NE(first, std::string::npos) << written;
    EXPECT_EQ(written.find("mechanism = ", first + 1), std::string::npos) << written;
  }
  const auto again = io::parse_config(io::write_config(*config, sections), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
}

TEST_F(null_mechanism, states_what_is_wrong_with_its_miners) {
  const auto mistake = [](std::string_view from, std::string_view to) {
    std::string miners{two_miners};
    const auto config = with_miners(miners.replace(miners.find(from), from.size(), to));
    return config ? "" : config.error().what;
  };
  EXPECT_NE(mistake("\"same\"", "\"hold\"").find("the null mechanism has one strategy"),
            std::string::npos);
  EXPECT_NE(mistake("\"null\"", "\"nul\"")
              .find("of " + std::string{with_null().front()->name()} + ", null, got \"nul\""),
            std::string::npos);
}

TEST_F(null_mechanism, has_miners_on_other_machines_by_name) {
  EXPECT_EQ(fault_of_side("null", null_strategy), "");
  EXPECT_EQ(fault_of_side(with_null().front()->name(), "hold"), "");
  EXPECT_EQ(fault_of_side("null", "hold"), "the null mechanism has one strategy, \"same\"");
  const auto names = std::string{with_null().front()->name()} + ", null";
  EXPECT_EQ(fault_of_side("", "hold"), "") << "the first one";
  EXPECT_NE(fault_of_side("", "hould").find("did you mean"), std::string::npos);
  EXPECT_EQ(fault_of_side("nul", "hold"),
            "expected a mechanism that has miners, of " + names + ", got \"nul\"");
  tools::miner_side_config config;
  config.strategy = null_strategy;
  EXPECT_TRUE(make_miner_of(null_alone(), "", config)) << "the only one";
}

TEST_F(null_mechanism, cannot_serve_a_path_that_another_serves) {
  const auto config = config_of(null_alone());
  const mechanism_context context{config, 0, open_disk(), {}, {}, {}, {}, {}};
  const auto one = null_module().make_run(context);
  const auto other = null_module().make_run(context);
  const std::array twice{one.get(), other.get()};
  EXPECT_EQ(routes_of(std::span{twice}.first(1)).routes().size(), 1U);
  EXPECT_THROW(routes_of(twice), std::invalid_argument);
}

TEST_F(null_mechanism, is_refused_where_the_program_does_not_have_it) {
  const auto config = io::parse_config(text, "null.toml", sections_of(all_mechanisms()));
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().what.find("null"), std::string::npos) << config.error().what;
}

} // namespace sluice::test
