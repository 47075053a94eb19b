#include "rules/leads/explain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sluice {
namespace {

share_report report_from(const lead_tallies& tallies, const leads_settings& settings) {
  share_report x;
  x.tallies = tallies;
  x.shares = shares_of(tallies, settings.w_curated, settings.w_sourced, settings.policy);
  x.status = x.shares.weights_dict.empty() ? share_status::no_data : share_status::ok;
  return x;
}

/// LP-SHARE-2 of facts/mechanisms: curated A3 B1, sourced B2 C2.
TEST(explained_share, adds_up_as_worked_out_by_hand) {
  const lead_tallies tallies{{{"A"}, {3, 0}}, {{"B"}, {1, 2}}, {{"C"}, {0, 2}}};
  const leads_settings settings;
  const auto report = report_from(tallies, settings);
  const auto b = explained(report, settings, {}, {"B"});
  EXPECT_NEAR(b.share, 0.35, 1e-12);
  EXPECT_EQ(b.rank, 2U);
  EXPECT_EQ(b.of, 3U);
  ASSERT_EQ(b.terms.size(), 2U);
  EXPECT_EQ(b.terms[0], (share_term{"curated", 0.6, 1, 4, 0.6 / 4}));
  EXPECT_EQ(b.terms[1], (share_term{"sourced", 0.4, 2, 4, 0.2}));
  EXPECT_NEAR(b.score, 0.35, 1e-12);
  EXPECT_NEAR(b.scores, 1, 1e-12);
}

TEST(explained_share, of_whom_nobody_knows_is_nothing) {
  const leads_settings settings;
  const auto x = explained(report_from({{{"A"}, {1, 1}}}, settings), settings, {}, {"Z"});
  EXPECT_EQ(x.share, 0);
  EXPECT_EQ(x.rank, 0U);
  EXPECT_EQ(x.score, 0);
  EXPECT_EQ(x.terms.size(), 2U);
}

TEST(explained_share, is_score_over_scores_by_every_policy) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 rng{seed};
  for (int i = 0; i < 300; ++i) {
    leads_settings settings;
    settings.policy = i % 2 == 0 ? share_policy::ratio : share_policy::raw;
    lead_tallies tallies;
    for (uint32_t n = 0; n < 1 + rng() % 6; ++n)
      tallies[{std::to_string(n)}] = {rng() % 5, rng() % 5};
    const auto report = report_from(tallies, settings);
    for (const auto& [key, x] : tallies) {
      const auto found = explained(report, settings, {}, key);
      double parts = 0;
      for (const auto& term : found.terms)
        parts += term.part;
      EXPECT_NEAR(parts, found.score, 1e-12);
      EXPECT_NEAR(found.share, found.scores > 0 ? found.score / found.scores : 0, 1e-12);
    }
  }
}

TEST(explained_share, of_v2_has_a_term_for_k) {
  leads_settings settings;
  settings.policy = share_policy::v2;
  share_report report;
  report.tallies = {{{"A"}, {2, 1}}, {{"B"}, {0, 1}}};
  report.v2 = v2_of(report.tallies, 2, {"B"}, 100);
  report.shares.weights_dict = report.v2.weights;
  const auto b = explained(report, settings, {"B"}, {"B"});
  ASSERT_EQ(b.terms.size(), 3U);
  EXPECT_NEAR(b.terms[2].part, 0.10, 1e-12);
  EXPECT_NEAR(b.score, report.v2.weights.at({"B"}), 1e-12);
}

} // namespace
} // namespace sluice
