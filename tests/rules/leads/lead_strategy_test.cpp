#include "rules/leads/intake.hpp"
#include "rules/leads/lead_strategy.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

const hotkey strategy_miner{"lead-own"};

lead_question asked_for(const std::string& id, uint64_t count = 5) {
  return {id, count, "bakeries", 1000};
}

lead_strategy strategy_of(lead_strategy_kind kind) {
  return {kind, 7};
}

std::set<std::string> addresses_of(const std::vector<lead>& leads) {
  std::set<std::string> all;
  for (const auto& x : leads)
    all.insert(x.owner_email);
  return all;
}

TEST(lead_strategy, is_read_by_its_name) {
  for (size_t i = 0; i < lead_strategy_names.size(); ++i) {
    const auto read = parse_lead_strategy(lead_strategy_names[i]);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(static_cast<size_t>(read->kind), i);
  }
  EXPECT_EQ(*parse_lead_strategy("lazy:seed=99"), (lead_strategy{lead_strategy_kind::lazy, 99}));
  for (const auto* text : {"", "Lazy", "lazy:", "lazy:seed=", "lazy:seed=x", "lazy:seed=1 ",
                           "lazy:sed=1", "lazy:seed=18446744073709551616"})
    EXPECT_EQ(parse_lead_strategy(text).error().code, ec::bad_input) << text;
}

TEST(lead_strategy, good_leads_pass_the_checks_of_the_intake) {
  for (uint64_t i = 0; i < 500; ++i) {
    const auto x = dev_lead(7, i);
    EXPECT_EQ(check_sourced(normalised(x), strategy_miner, usual_disposable_domains(), false),
              intake_verdict::accepted)
      << x.owner_email;
    EXPECT_TRUE(x.owner_email.ends_with(".test"));
    EXPECT_GE(*x.conversion_score, 0.5);
    EXPECT_LT(*x.conversion_score, 1);
    EXPECT_TRUE(check_bounds(x, "lead"));
  }
  EXPECT_EQ(dev_lead(7, 3), dev_lead(7, 3));
  EXPECT_NE(dev_lead(7, 3), dev_lead(8, 3));
}

TEST(lead_strategy, a_curator_names_who_sourced_and_a_sourcer_is_silent) {
  const std::vector<hotkey> sources{{"s1"}, {"s2"}};
  const auto got = curated_answer(strategy_of(lead_strategy_kind::curator), strategy_miner, sources,
                                  asked_for("r"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->leads.size(), 5U);
  for (const auto& x : got->leads)
    EXPECT_TRUE(x.source == "s1" || x.source == "s2");
  EXPECT_EQ(
    curated_answer(strategy_of(lead_strategy_kind::curator), strategy_miner, {}, asked_for("r"))
      ->leads[0]
      .source,
    strategy_miner.value);
  EXPECT_FALSE(curated_answer(strategy_of(lead_strategy_kind::sourcer), strategy_miner, sources,
                              asked_for("r")));
  EXPECT_FALSE(curated_answer(strategy_of(lead_strategy_kind::silent), strategy_miner, sources,
                              asked_for("r")));
  EXPECT_TRUE(
    sourced_prospects(strategy_of(lead_strategy_kind::curator), strategy_miner, 1).empty());
  EXPECT_TRUE(
    sourced_prospects(strategy_of(lead_strategy_kind::silent), strategy_miner, 1).empty());
  EXPECT_FALSE(
    sourced_prospects(strategy_of(lead_strategy_kind::sourcer), strategy_miner, 1).empty());
}

TEST(lead_strategy, answers_depend_on_the_question_and_the_seed_alone) {
  const auto both = strategy_of(lead_strategy_kind::both);
  EXPECT_EQ(curated_answer(both, strategy_miner, {}, asked_for("r")),
            curated_answer(both, strategy_miner, {}, asked_for("r")));
  EXPECT_NE(curated_answer(both, strategy_miner, {}, asked_for("r")),
            curated_answer(both, strategy_miner, {}, asked_for("s")));
  EXPECT_NE(curated_answer(both, strategy_miner, {}, asked_for("r")),
            curated_answer(both, {"other"}, {}, asked_for("r")));
  EXPECT_EQ(sourced_prospects(both, strategy_miner, 3), sourced_prospects(both, strategy_miner, 3));
  EXPECT_EQ(curated_answer(both, strategy_miner, {}, asked_for("r", 250))->leads.size(), 250U);
}

TEST(lead_strategy, bad_miners_are_bad_in_their_own_ways) {
  const auto lazy = strategy_of(lead_strategy_kind::lazy);
  EXPECT_EQ(curated_answer(lazy, strategy_miner, {}, asked_for("r", 10))->leads.size(), 1U);
  EXPECT_EQ(sourced_prospects(lazy, strategy_miner, 1).size(), 1U);
  EXPECT_TRUE(sourced_prospects(lazy, strategy_miner, 2).empty());
  const auto again = strategy_of(lead_strategy_kind::duplicator);
  EXPECT_EQ(addresses_of(curated_answer(again, strategy_miner, {}, asked_for("r", 3))->leads),
            addresses_of(curated_answer(again, strategy_miner, {}, asked_for("s", 9))->leads));
  const auto thrown = strategy_of(lead_strategy_kind::disposable);
  const auto prospects = sourced_prospects(thrown, strategy_miner, 4);
  ASSERT_FALSE(prospects.empty());
  for (const auto& x : prospects)
    EXPECT_EQ(check_sourced(normalised(x), strategy_miner, usual_disposable_domains(), false),
              intake_verdict::disposable_domain);
}

} // namespace
} // namespace sluice
