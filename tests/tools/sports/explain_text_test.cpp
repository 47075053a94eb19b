// How an explanation is drawn.
#include "tools/sports/explain_text.hpp"

#include <gtest/gtest.h>

namespace {

using sluice::tools::sports_explain_text;

const char* const explained_document
  = R"({"uid":60,"hotkey":"a","tier":1,"tier_score":0.4,"weight":0.9,"rank":1,"of":2,
"why_not_higher":"wagered 20 in 7 days, and tier 2 asks for 4000",
"scoring":1,"time":"2026-01-05T14:00:00+00:00",
"predictions":1,"wins":1,"losses":0,"voids":0,"open":0,
"lifetime_wager":"20","lifetime_earnings":"40","lifetime_roi":1.0,
"tiers":[{"tier":1,"window_days":3,"score":0.4,"fault":""},
{"tier":2,"window_days":7,"score":0.2,"fault":"wagered 20"}],
"weight_terms":{"how":"exp(12 * 1 / 1) = 162754.8"},
"days":[{"day":"2026-01-05","composite":1.2,"how":"0.3 * 1.25 = 0.375"}],"shown":1,"stored":3,
"evidence":[{"prediction":"p\u001b1","game":"g1","how":"clv 2 / 1.6 = 1.25"}]})";

TEST(sports_explain_text, shows_how_every_number_came) {
  const auto text = sports_explain_text(explained_document, {120, false, true});
  for (const auto* part :
       {"uid 60, a: weight", "rank 1 of 2, tier 1", "exp(12 * 1 / 1) = 162754.8",
        "wagered 20 in 7 days, and tier 2 asks for 4000", "tier 2: wagered 20",
        "2026-01-05: 0.3 * 1.25 = 0.375", "clv 2 / 1.6 = 1.25", "1 of 3 are shown"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(sports_explain_text, shows_what_is_no_explanation_as_it_is) {
  EXPECT_NE(sports_explain_text(R"({"error":"x"})", {80, false, true}).find("error"),
            std::string::npos);
  EXPECT_EQ(sports_explain_text("no JSON", {80, false, true}), "no JSON\n");
}

} // namespace
