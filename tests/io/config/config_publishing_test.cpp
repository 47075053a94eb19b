#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::io {
namespace {

/// A subnet that publishes: burn uid, two miners, the validator; two jobs.
const std::string publishing_file = R"([validator]
uid = 9
stake = 1000
[chain]
stake_min = 1000
min_allowed_weights = 3
weights_version_key = 7
[weights]
shares = { liquidity = 0.9 }
version_key = 7
uids_min = 3
burn_max = 0.1
[[miners]]
uid = 1
hotkey = "a"
strategy = "hold"
[[miners]]
uid = 2
hotkey = "b"
strategy = "hold"
[liquidity]
[[liquidity.jobs]]
id = "one"
[liquidity.jobs.start]
amount1 = 1
[[liquidity.jobs]]
id = "two"
[liquidity.jobs.start]
amount1 = 1
)";

const std::string listed_neurons = R"([[neurons]]
uid = 0
hotkey = "burn"
[[neurons]]
uid = 1
hotkey = "a"
[[neurons]]
uid = 2
hotkey = "b"
[[neurons]]
uid = 9
hotkey = "validator"
stake = 1000
permit = true
)";

std::string with_change(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// Of a program with liquidity and, when it is asked for, a second mechanism [bets] without a share
/// of its own.
std::string refusal_of(const std::string& text, bool with_bets = false, size_t more_miners = 0) {
  std::vector<mechanism_section> sections{test::sections().begin(), test::sections().end()};
  if (with_bets) {
    auto& bets = sections.emplace_back();
    bets.name = "bets";
    bets.read = [](config_table&) { return mechanism_settings::of(1); };
  }
  const auto config = parse_config(text, "c.toml", sections, nullptr, more_miners);
  if (config)
    return "";
  EXPECT_EQ(config.error().code, ec::bad_input);
  return config.error().what;
}

TEST(config_publishing, what_can_publish_is_good) {
  EXPECT_EQ(refusal_of(publishing_file), "");
  const auto listed = with_change(publishing_file, "uid = 9\nstake = 1000\n", "") + listed_neurons;
  EXPECT_EQ(refusal_of(listed), "");
}

TEST(config_publishing, shares_are_of_mechanisms_that_are_configured) {
  const auto with = [](std::string_view shares) {
    return with_change(publishing_file, "{ liquidity = 0.9 }", shares);
  };
  EXPECT_EQ(refusal_of(with("{ liqudity = 1.0 }")),
            "c.toml:9:23: weights.shares.liqudity: expected a mechanism that is configured here, "
            "of liquidity, got \"liqudity\"; did you mean liquidity?");
  EXPECT_EQ(refusal_of(with("{ liquidity = 0.5, \"a\\nb\" = 0.1 }")),
            "c.toml:9:10: weights.shares: expected a mechanism that is configured here, of "
            "liquidity, got \"a\\x0ab\"");
  EXPECT_EQ(refusal_of(with("{ liquidity = 0.5, bets = 0.1 }"), true),
            "c.toml:9:36: weights.shares.bets: expected a mechanism that is configured here, of "
            "liquidity, got \"bets\"; a mechanism is run when its table is there: [bets]");
  EXPECT_EQ(refusal_of(with("{}")),
            "c.toml:9:10: weights.shares: expected a share of every mechanism that is configured "
            "here: liquidity, got none at all; without one nothing is ever published");
  EXPECT_EQ(refusal_of(with("{ liquidity = 0.0 }")),
            "c.toml:9:10: weights.shares: expected a share above 0, got a sum of 0; without one "
            "nothing is ever published");
}

TEST(config_publishing, every_mechanism_that_is_configured_has_a_share) {
  const auto both = publishing_file + "[bets]\n";
  EXPECT_EQ(refusal_of(both, true),
            "c.toml:9:10: weights.shares: expected a share of every mechanism that is configured "
            "here, got none of bets; 0 runs it without a part in the weights");
  EXPECT_EQ(refusal_of(with_change(both, "0.9 }", "0.9, bets = 0.0 }"), true), "");
  EXPECT_EQ(refusal_of(with_change(both, "shares = { liquidity = 0.9 }\n", ""), true),
            "c.toml:8:1: weights.shares: expected a share of every mechanism that is configured "
            "here, got none of bets; 0 runs it without a part in the weights");
  const auto alone = publishing_file.substr(0, publishing_file.find("[liquidity]")) + "[bets]\n";
  EXPECT_EQ(refusal_of(with_change(alone, "shares = { liquidity = 0.9 }\n", ""), true),
            "c.toml:8:1: weights.shares: expected a share of every mechanism that is configured "
            "here: bets, got nothing; without one nothing is ever published");
  const auto bare = with_change("[validator]\nuid = 9\n[bets]\n", "", "");
  EXPECT_EQ(refusal_of(bare, true),
            "c.toml:1:1: weights: expected shares: a share of every mechanism that is configured "
            "here: bets, got nothing; without one nothing is ever published");
}

TEST(config_publishing, the_validator_has_the_stake_and_the_permit_that_the_chain_asks_for) {
  EXPECT_EQ(refusal_of(with_change(publishing_file, "stake = 1000", "stake = 999")),
            "c.toml:3:9: validator.stake: expected at least chain.stake_min = 1000 rao, got 999; "
            "the chain takes no weights from a validator with less stake");
  const auto usual = with_change(publishing_file, "stake = 1000\n", "");
  EXPECT_EQ(refusal_of(usual), "") << "10^12 rao";
  EXPECT_EQ(refusal_of(with_change(usual, "stake_min = 1000", "stake_min = 1000000000001")),
            "c.toml:4:13: chain.stake_min: expected at most the validator's stake of 1000000000000 "
            "rao, got 1000000000001; raise validator.stake; the chain takes no weights from a "
            "validator with less stake");
  const auto listed = with_change(publishing_file, "uid = 9\nstake = 1000\n", "") + listed_neurons;
  EXPECT_NE(refusal_of(with_change(listed, "stake = 1000\npermit", "stake = 999\npermit"))
              .find("neurons[3].stake: expected at least chain.stake_min = 1000 rao, got 999"),
            std::string::npos);
  EXPECT_NE(refusal_of(with_change(listed, "permit = true", "permit = false"))
              .find("neurons[3].permit: expected true, for the validator's hotkey, got false"),
            std::string::npos);
}

TEST(config_publishing, the_version_key_is_not_below_that_of_the_chain) {
  EXPECT_EQ(refusal_of(with_change(publishing_file, "\nversion_key = 7", "\nversion_key = 6")),
            "c.toml:10:15: weights.version_key: expected at least chain.weights_version_key = 7, "
            "got 6; the chain takes no weights with a lower version key");
  EXPECT_EQ(refusal_of(with_change(publishing_file, "\nversion_key = 7", "")),
            "c.toml:7:23: chain.weights_version_key: expected at most weights.version_key = 0, got "
            "7; set weights.version_key; the chain takes no weights with a lower version key");
  EXPECT_EQ(refusal_of(with_change(publishing_file, "\nversion_key = 7", "\nversion_key = 8")), "");
  EXPECT_EQ(refusal_of(with_change(with_change(publishing_file, "\nversion_key = 7", ""), "key = 7",
                                   "key = 0")),
            "");
}

TEST(config_publishing, the_chain_asks_for_no_more_weights_than_there_can_be) {
  const auto asks = [](const std::string& text, int least) {
    return with_change(with_change(text, "min_allowed_weights = 3",
                                   "min_allowed_weights = " + std::to_string(least)),
                       "uids_min = 3", "uids_min = 1");
  };
  // Two jobs, two miners.
  EXPECT_EQ(
    refusal_of(asks(publishing_file, 4)),
    "c.toml:6:23: chain.min_allowed_weights: expected at most 3, as no more uids can have a "
    "weight here (2 winners and weights.burn_uid), got 4; weights.fill = \"epsilon\" gives "
    "the others 1e-5");
  EXPECT_EQ(refusal_of(with_change(asks(publishing_file, 4), "[weights]\n",
                                   "[weights]\nfill = \"epsilon\"\n")),
            "");
  // A winner per job.
  const auto one_job = publishing_file.substr(0, publishing_file.rfind("[[liquidity.jobs]]"));
  EXPECT_NE(refusal_of(asks(one_job, 3)).find("expected at most 2"), std::string::npos);
  EXPECT_NE(refusal_of(asks(one_job, 3)).find("(1 winner and weights.burn_uid)"),
            std::string::npos);
  EXPECT_EQ(refusal_of(asks(one_job, 2)), "");
  // All miners, those that are let in from outside as well.
  const auto all
    = with_change(one_job, "[liquidity]\n", "[liquidity]\npolicy = \"proportional\"\n");
  EXPECT_EQ(refusal_of(asks(all, 3)), "");
  EXPECT_NE(refusal_of(asks(all, 4)).find("expected at most 3"), std::string::npos);
  EXPECT_EQ(refusal_of(asks(all, 4), false, 1), "") << "--allow";
  const auto allowed = all
                       + "[miner_gateway]\nlisten = \"127.0.0.1:1\"\n[[miner_gateway.allow]]\n"
                         "hotkey = \"c\"\n";
  EXPECT_EQ(refusal_of(asks(allowed, 4)), "");
  EXPECT_NE(refusal_of(asks(allowed, 5)).find("expected at most 4"), std::string::npos);
}

TEST(config_publishing, the_guard_lets_some_vector_pass) {
  EXPECT_EQ(refusal_of(with_change(publishing_file, "uids_min = 3", "uids_min = 4")),
            "c.toml:11:12: weights.uids_min: expected at most 3, as no more uids can have a weight "
            "here (2 winners and weights.burn_uid), got 4");
  EXPECT_EQ(refusal_of(with_change(publishing_file, "burn_max = 0.1", "burn_max = 0.05")),
            "c.toml:12:12: weights.burn_max: expected at least 0.1, which no share of "
            "weights.shares covers, got 0.05");
}

TEST(config_publishing, a_subnet_has_a_number_other_than_0) {
  EXPECT_EQ(refusal_of(with_change(publishing_file, "[chain]\n", "[chain]\nnetuid = 0\n")),
            "c.toml:5:10: chain.netuid: expected another subnet than 0, whose weights nobody sets, "
            "got 0");
}

TEST(config_publishing, an_inventory_is_worth_something) {
  const auto with
    = [](std::string_view start) { return with_change(publishing_file, "amount1 = 1\n", start); };
  EXPECT_NE(refusal_of(with("amount0 = 0\namount1 = 0\n"))
              .find("liquidity.jobs[0].start: expected an amount0 or amount1 above 0, or "
                    "start_positions, got nothing in it"),
            std::string::npos);
  // 1 smallest unit of 18 decimals, for 3000 whole token1 of 6 decimals each: 3 * 10^-9.
  const std::string terms = "[liquidity.jobs.pool]\ndecimals1 = 6\n";
  EXPECT_NE(
    refusal_of(with("amount0 = 1\n" + terms))
      .find(
        "c.toml:24:1: liquidity.jobs[0].start: expected an inventory that is worth at least one "
        "smallest unit of token1, got one that is worth nothing at any price of this market"),
    std::string::npos)
    << refusal_of(with("amount0 = 1\n" + terms));
  EXPECT_EQ(refusal_of(with("amount0 = 1000000000\n" + terms)), "");
  EXPECT_EQ(refusal_of(with("amount0 = 1\namount1 = 1\n" + terms)), "");
  EXPECT_EQ(
    refusal_of(with("amount0 = 1\n" + terms
                    + "[[liquidity.jobs.start_positions]]\ntick_lower = 0\ntick_upper = 10\n"
                      "liquidity = 1\n")),
    "");
}

TEST(config_publishing, filling_up_is_written_and_part_of_how_weights_are_made) {
  auto config = *parse_config(dev_config_text(), "dev.toml", test::sections());
  EXPECT_EQ(config.weights.fill, weight_fill::none);
  const auto before = write_scoring_config(config, test::sections());
  EXPECT_EQ(before.find("fill"), std::string::npos) << "as version 0.1.0 wrote it";
  config.weights.fill = weight_fill::epsilon;
  EXPECT_NE(write_scoring_config(config, test::sections()), before);
  const auto again = parse_config(write_config(config, test::sections()), "c", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, config);
}

} // namespace
} // namespace sluice::io
