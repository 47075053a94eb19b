#include "rules/weights/pipeline.hpp"
#include "tests/rules/odd_numbers.hpp"
#include "tests/rules/recorded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {

namespace {

const std::set<miner_uid> known{{0}, {1}, {2}, {3}};

mechanism_scores scores_by(std::string mechanism, uint64_t epoch,
                           std::map<miner_uid, double> scores, std::set<miner_uid> barred = {}) {
  return {std::move(mechanism), {epoch}, std::move(scores), std::move(barred)};
}

weight_row row_of(const nlohmann::json& uids, const nlohmann::json& values) {
  weight_row row;
  for (size_t i = 0; i < uids.size(); ++i)
    row.emplace_back(uids[i].get<uint16_t>(), values[i].get<uint16_t>());
  std::sort(row.begin(), row.end());
  return row;
}

weight_vector vector_of(const nlohmann::json& uids, const nlohmann::json& weights) {
  weight_vector weights_by_uid;
  for (size_t i = 0; i < uids.size(); ++i)
    weights_by_uid[{uids[i].get<uint16_t>()}] = weights[i].get<double>();
  return weights_by_uid;
}

std::string guard_error(const weight_vector& weights, guard_terms terms = {},
                        std::optional<weight_vector> last = std::nullopt) {
  const auto passed = guard(weights, last, known, terms);
  if (passed) {
    EXPECT_EQ(*passed, weights);
    return "";
  }
  EXPECT_EQ(passed.error().code, ec::refused);
  return passed.error().what;
}

TEST(fresh, keeps_the_newest_scores_of_each_mechanism) {
  const std::vector all_scores{scores_by("b", 4, {}), scores_by("a", 5, {{{1}, 1}}),
                               scores_by("a", 6, {{{2}, 1}}), scores_by("a", 4, {})};
  const auto kept = fresh(all_scores, {6}, 3);
  EXPECT_EQ(kept, (std::vector{all_scores[2], all_scores[0]}));
}

TEST(fresh, drops_what_is_too_old_or_from_the_future) {
  const std::vector all_scores{scores_by("a", 3, {}), scores_by("b", 2, {}), scores_by("c", 7, {})};
  EXPECT_EQ(fresh(all_scores, {6}, 3), std::vector{all_scores[0]});
  EXPECT_TRUE(fresh(all_scores, {6}, 2).empty());
  EXPECT_TRUE(fresh({}, {6}, 3).empty());
}

TEST(fresh, of_two_results_of_one_epoch_the_last_counts) {
  const std::vector all_scores{scores_by("a", 3, {{{1}, 1}}), scores_by("a", 3, {{{2}, 1}})};
  EXPECT_EQ(fresh(all_scores, {3}, 0), std::vector{all_scores[1]});
}

TEST(blend, shares_by_mechanism_and_score) {
  const std::vector all_scores{scores_by("a", 1, {{{1}, 3}, {{2}, 1}}),
                               scores_by("b", 1, {{{2}, 7}})};
  const auto weights = blend(all_scores, {{"a", 0.6}, {"b", 0.4}}, {0});
  ASSERT_EQ(weights.size(), 2U);
  EXPECT_DOUBLE_EQ(weights.at({1}), 0.45);
  EXPECT_DOUBLE_EQ(weights.at({2}), 0.55);
}

TEST(blend, the_unclaimed_part_goes_to_the_burn_uid) {
  const std::vector all_scores{scores_by("a", 1, {{{1}, 3}}), scores_by("b", 1, {})};
  const auto weights = blend(all_scores, {{"a", 0.5}, {"b", 0.3}, {"c", 0.2}}, {0});
  EXPECT_EQ(weights, (weight_vector{{{0}, 0.5}, {{1}, 0.5}}));
}

TEST(blend, when_nobody_claims_anything_there_are_no_weights) {
  const std::vector all_scores{scores_by("a", 1, {}), scores_by("b", 1, {{{1}, 0.0}})};
  EXPECT_TRUE(blend(all_scores, {{"a", 0.5}, {"b", 0.5}}, {0}).empty());
  EXPECT_TRUE(blend({}, {{"a", 1}}, {0}).empty());
  const std::vector unknown{scores_by("x", 1, {{{1}, 1}})};
  EXPECT_TRUE(blend(unknown, {{"a", 1}}, {0}).empty());
  EXPECT_TRUE(blend(unknown, {{"x", 0}}, {0}).empty());
}

TEST(blend, who_is_barred_by_one_mechanism_is_barred_for_all) {
  const std::vector all_scores{scores_by("a", 1, {{{1}, 1}, {{2}, 3}}),
                               scores_by("b", 1, {{{2}, 1}}, {{2}})};
  EXPECT_EQ(blend(all_scores, {{"a", 0.5}, {"b", 0.5}}, {0}),
            (weight_vector{{{0}, 0.5}, {{1}, 0.5}}));
}

TEST(blend, a_score_that_is_no_number_never_becomes_a_weight) {
  const std::vector all_scores{scores_by(
    "a", 1, {{{1}, not_a_number}, {{2}, infinity}, {{3}, -1}, {{4}, -infinity}, {{5}, 2}})};
  EXPECT_EQ(blend(all_scores, {{"a", 1}}, {0}), (weight_vector{{{5}, 1.0}}));
  const std::vector broken{scores_by("a", 1, {{{1}, not_a_number}})};
  EXPECT_TRUE(blend(broken, {{"a", 1}}, {0}).empty());
  EXPECT_TRUE(blend(all_scores, {{"a", not_a_number}}, {0}).empty());
}

TEST(blend, huge_and_tiny_scores_stay_finite) {
  const std::vector all_scores{scores_by("a", 1, {{{1}, 1e308}, {{2}, 1e308}, {{3}, 5e-324}})};
  const auto weights = blend(all_scores, {{"a", 1}}, {0});
  EXPECT_EQ(weights, (weight_vector{{{1}, 0.5}, {{2}, 0.5}}));
  EXPECT_EQ(guard_error(weights), "");
}

TEST(fill_up, gives_everybody_a_little_when_the_chain_asks_for_more) {
  const std::set<miner_uid> all{{0}, {1}, {2}, {3}};
  const weight_vector two{{{1}, 0.75}, {{3}, 0.25}};
  EXPECT_EQ(fill_up(two, all, 2), two) << "enough";
  EXPECT_EQ(fill_up(two, all, 0), two);
  EXPECT_EQ(fill_up({}, all, 3), weight_vector{}) << "never uniform because nobody was scored";
  const auto filled = fill_up(two, all, 3);
  // (1e-5, 0.75001, 1e-5, 0.25001) / 1.00004
  ASSERT_EQ(filled.size(), 4U);
  EXPECT_DOUBLE_EQ(filled.at({0}), 1e-5 / 1.00004);
  EXPECT_DOUBLE_EQ(filled.at({1}), 0.75001 / 1.00004);
  EXPECT_DOUBLE_EQ(filled.at({2}), 1e-5 / 1.00004);
  EXPECT_DOUBLE_EQ(filled.at({3}), 0.25001 / 1.00004);
  EXPECT_EQ(quantise(filled), (weight_row{{0, 1}, {1, 65535}, {2, 1}, {3, 21846}}));
}

/// Against the SDK's form: a list of 1e-5 for every uid, the real ones added, divided by the sum.
TEST(fill_up, agrees_with_the_form_of_the_sdk_and_nobody_is_lost_in_16_bits) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 rng{seed};
  for (int run = 0; run < 300; ++run) {
    const size_t uids = 2 + rng() % 300;
    const size_t winners = 1 + rng() % (uids - 1);
    std::set<miner_uid> registered;
    for (size_t i = 0; i < uids; ++i)
      registered.insert({static_cast<uint16_t>(i)});
    weight_vector real;
    for (size_t i = 0; i < winners; ++i)
      real[{static_cast<uint16_t>(rng() % uids)}] += 1.0 + static_cast<double>(rng() % 1000);
    double sum = 0;
    for (const auto& row : real)
      sum += row.second;
    std::vector<long double> plain(uids, 1e-5L);
    for (auto& [uid, x] : real) {
      x /= sum;
      plain[uid.value] += x;
    }
    long double all = 0;
    for (const auto x : plain)
      all += x;
    const auto filled = fill_up(real, registered, uids);
    if (real.size() == uids)
      continue;
    ASSERT_EQ(filled.size(), uids);
    for (const auto& [uid, x] : filled)
      ASSERT_NEAR(x, static_cast<double>(plain[uid.value] / all), 1e-13) << uid.value;
    EXPECT_EQ(quantise(filled).size(), uids);
    EXPECT_TRUE(guard(filled, std::nullopt, registered, {}));
  }
}

TEST(guard, lets_good_weights_pass) {
  EXPECT_EQ(guard_error({{{0}, 0.5}, {{1}, 0.5}}), "");
  EXPECT_EQ(guard_error({{{0}, 1.0}, {{1}, 0.0}}), "");
}

TEST(guard, refuses_an_empty_vector) {
  EXPECT_EQ(guard_error({}), "weights refused: no weights at all");
}

TEST(guard, refuses_what_is_not_finite) {
  EXPECT_EQ(guard_error({{{1}, not_a_number}, {{2}, 1}}),
            "weights refused: the weight of uid 1 is not a finite number");
  EXPECT_EQ(guard_error({{{1}, 0.5}, {{2}, infinity}}),
            "weights refused: the weight of uid 2 is not a finite number");
}

TEST(guard, refuses_negative_weights) {
  EXPECT_EQ(guard_error({{{1}, 1.5}, {{2}, -0.5}}),
            "weights refused: the weight of uid 2 is negative: -0.500000");
}

TEST(guard, refuses_what_does_not_add_up) {
  EXPECT_EQ(guard_error({{{1}, 0.5}, {{2}, 0.25}}),
            "weights refused: the weights add up to 0.750000, not to 1");
  EXPECT_EQ(guard_error({{{1}, 0.0}}), "weights refused: the weights add up to 0.000000, not to 1");
  EXPECT_EQ(guard_error({{{1}, 0.5}, {{2}, 0.5 + 1e-12}}), "");
}

TEST(guard, refuses_nearly_empty_weights) {
  guard_terms terms;
  terms.uids_min = 2;
  EXPECT_EQ(guard_error({{{1}, 1.0}, {{2}, 0.0}}, terms),
            "weights refused: nearly empty: 1 uids have a weight, at least 2 are expected");
  EXPECT_EQ(guard_error({{{1}, 0.5}, {{2}, 0.5}}, terms), "");
}

TEST(guard, refuses_uids_that_nobody_knows) {
  EXPECT_EQ(guard_error({{{1}, 0.5}, {{9}, 0.5}}), "weights refused: uid 9 is not registered");
}

TEST(guard, refuses_to_burn_too_much) {
  guard_terms terms;
  terms.burn_max = 0.9;
  EXPECT_EQ(
    guard_error({{{0}, 0.95}, {{1}, 0.05}}, terms),
    "weights refused: 95.000000 % would go to the burn uid 0, at most 90.000000 % is allowed");
  EXPECT_EQ(guard_error({{{0}, 0.9}, {{1}, 0.1}}, terms), "");
  EXPECT_EQ(guard_error({{{0}, 0.05}, {{1}, 0.95}}, terms), "");
}

TEST(guard, refuses_to_move_too_far_at_once) {
  guard_terms terms;
  terms.moved_max = 0.25;
  const weight_vector last{{{1}, 0.5}, {{2}, 0.5}};
  EXPECT_EQ(guard_error({{{1}, 0.75}, {{2}, 0.25}}, terms, last), "");
  EXPECT_EQ(
    guard_error({{{1}, 0.8}, {{2}, 0.2}}, terms, last),
    "weights refused: moved 30.000000 % away from the last good weights, at most 25.000000 % "
    "is allowed");
  EXPECT_NE(guard_error({{{1}, 0.2}, {{2}, 0.2}, {{3}, 0.6}}, terms, last), "");
  EXPECT_NE(guard_error({{{1}, 1.0}}, terms, last), "");
  EXPECT_EQ(guard_error({{{3}, 1.0}}, terms), "");    // there is no last vector
  EXPECT_EQ(guard_error({{{3}, 1.0}}, {}, last), ""); // 1 allows all
}

TEST(quantise, agrees_with_every_recorded_emission_of_the_sdk) {
  const auto cases = test::shared_or("vectors/substrate/weights.json", "rules-weights.json");
  size_t compared = 0;
  for (const auto& x : cases.at("emit")) {
    if (x.contains("error")) // the SDK refuses negative weights, and so does the guard
      continue;
    ++compared;
    EXPECT_EQ(quantise(vector_of(x["uids"], x["weights_f32"])),
              row_of(x["out_uids"], x["out_weights"]))
      << x;
  }
  for (const auto& x : cases.at("process")) {
    ++compared;
    EXPECT_EQ(quantise(vector_of(x["uids"], x["normalized"])),
              row_of(x["emit_uids"], x["emit_weights"]))
      << x;
  }
  EXPECT_GE(compared, 170U);
}

TEST(quantise, negative_weights_that_the_sdk_refuses_do_not_pass_the_guard) {
  const auto cases = test::recorded("rules-weights.json");
  size_t compared = 0;
  for (const auto& x : cases.at("emit"))
    if (x.contains("error")) {
      ++compared;
      EXPECT_NE(guard_error(vector_of(x["uids"], x["weights_f32"])), "") << x;
    }
  EXPECT_EQ(compared, 2U);
}

TEST(quantise, agrees_with_the_worked_examples) {
  const auto cases = test::shared_or("vectors/mechanisms.json", "rules-weights.json");
  size_t compared = 0;
  for (const auto& x : cases.at("examples")) {
    const auto id = x["id"].get<std::string>();
    if (id.rfind("LP-U16-", 0) != 0)
      continue;
    ++compared;
    weight_vector weights;
    for (const auto& [uid, w] : x["input"].items())
      weights[{static_cast<uint16_t>(std::stoul(uid))}] = w.get<double>();
    EXPECT_EQ(quantise(weights), row_of(x["expected"]["uids"], x["expected"]["weights"])) << id;
  }
  EXPECT_GE(compared, 3U);
}

TEST(quantise, what_nobody_registered_holds_is_dropped_and_the_rest_scaled) { // LP-MAP-1, LP-MAP-2
  const std::vector mapped{scores_by("a", 1, {{{1}, 0.5}, {{2}, 0.3}, {{3}, 0.0}})};
  const auto weights = blend(mapped, {{"a", 1}}, {0});
  EXPECT_DOUBLE_EQ(weights.at({1}), 0.625);
  EXPECT_DOUBLE_EQ(weights.at({2}), 0.375);
  EXPECT_EQ(quantise(weights), (weight_row{{1, 65535}, {2, 39321}}));
  const std::vector nobody{scores_by("a", 1, {})};
  EXPECT_NE(guard_error(blend(nobody, {{"a", 1}}, {0})), "");
}

TEST(quantise, all_zero_weights_are_refused_and_never_uniform) { // COM-ZERO-1
  const weight_vector zeros{{{0}, 0.0}, {{1}, 0.0}, {{2}, 0.0}};
  EXPECT_NE(guard_error(zeros), "");
  EXPECT_TRUE(quantise(zeros).empty());
}

TEST(quantise, the_largest_is_65535_and_zeros_are_dropped) {
  EXPECT_EQ(quantise({{{4}, 1e-6}, {{7}, 1.0}, {{9}, 0.0}}), (weight_row{{7, 65535}}));
  EXPECT_EQ(quantise({{{4}, 1e-30}}), (weight_row{{4, 65535}}));
  EXPECT_TRUE(quantise({}).empty());
}

TEST(quantise, what_is_no_number_is_dropped) {
  EXPECT_EQ(quantise({{{1}, not_a_number}, {{2}, infinity}, {{3}, -1.0}, {{4}, 1e300}, {{5}, 0.5}}),
            (weight_row{{5, 65535}}));
}

} // namespace

} // namespace sluice
