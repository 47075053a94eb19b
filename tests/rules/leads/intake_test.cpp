#include "rules/leads/intake.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace sluice {
namespace {

lead good_lead() {
  lead x;
  x.owner_email = "ada@analytical.example.com";
  x.business = "Analytical Engines";
  x.source = "M";
  return x;
}

intake_verdict verdict_of(const lead& x, bool known = false) {
  return check_sourced(x, {"M"}, usual_disposable_domains(), known);
}

TEST(lead_intake, takes_what_is_complete_and_new) {
  EXPECT_EQ(verdict_of(good_lead()), intake_verdict::accepted);
  auto unsigned_one = good_lead();
  unsigned_one.source = "";
  EXPECT_EQ(verdict_of(unsigned_one), intake_verdict::accepted);
  EXPECT_EQ(reason_of(intake_verdict::accepted, good_lead()), "");
}

TEST(lead_intake, refuses_with_the_first_reason_that_fits) {
  const auto with = [](auto change) {
    auto x = good_lead();
    change(x);
    return verdict_of(x);
  };
  EXPECT_EQ(with([](lead& x) { x.owner_email = ""; }), intake_verdict::missing_email);
  EXPECT_EQ(with([](lead& x) { x.business = ""; }), intake_verdict::missing_business);
  EXPECT_EQ(with([](lead& x) { x.website = std::string(3000, 'x'); }), intake_verdict::too_long);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada.example.com"; }), intake_verdict::bad_email);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada@localhost"; }), intake_verdict::bad_domain);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada@exam ple.com"; }), intake_verdict::bad_domain);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "a da@example.com"; }), intake_verdict::bad_email);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada@mailinator.com"; }),
            intake_verdict::disposable_domain);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada@eu.mailinator.com"; }),
            intake_verdict::disposable_domain);
  EXPECT_EQ(with([](lead& x) { x.owner_email = "ada@notmailinator.com"; }),
            intake_verdict::accepted);
  EXPECT_EQ(with([](lead& x) { x.source = "N"; }), intake_verdict::wrong_source);
  EXPECT_EQ(verdict_of(good_lead(), true), intake_verdict::duplicate);
}

TEST(lead_intake, drops_out_of_an_answer_what_no_buyer_would_be_sent) {
  auto unfit = good_lead();
  unfit.owner_email = "x@mailinator.com";
  auto nameless = good_lead();
  nameless.business = " ";
  auto spaced = good_lead();
  spaced.owner_email = " Ada@Analytical.Example.com ";
  spaced.source = "somebody else";
  std::vector<lead> leads{good_lead(), unfit, spaced, nameless, good_lead()};
  EXPECT_EQ(drop_unfit(leads, usual_disposable_domains()), 2U);
  ASSERT_EQ(leads.size(), 3U) << "twice the same is left to the ranking";
  EXPECT_EQ(leads[1].owner_email, "ada@analytical.example.com");
  EXPECT_EQ(leads[1].source, "somebody else");
}

TEST(lead_intake, states_a_reason_for_every_refusal) {
  auto x = good_lead();
  x.website = std::string(3000, 'x');
  for (uint8_t i = 1; i < intake_verdicts; ++i) {
    const auto verdict = static_cast<intake_verdict>(i);
    EXPECT_NE(reason_of(verdict, x), "") << i;
    EXPECT_NE(name_of(verdict), "") << i;
  }
  EXPECT_FALSE(known(static_cast<intake_verdict>(intake_verdicts)));
}

TEST(lead_intake, knows_addresses_by_their_form) {
  for (const auto* good : {"a@b.co", "first.last+tag@sub.domain-x.org", "A_%-1@EXAMPLE.COM"})
    EXPECT_TRUE(is_email(good)) << good;
  for (const auto* bad : {"", "@", "a@", "@b.co", "a@b", "a@.co", "a@b.c", "a@b.c1", "a b@c.de",
                          "a@b@c.de", "a@b_c.de", "a\"@b.de", "a@b.de "})
    EXPECT_FALSE(is_email(bad)) << bad;
  EXPECT_EQ(domain_of("x@Y.Com"), "y.com");
  EXPECT_EQ(domain_of("none"), "");
}

TEST(lead_intake, normalises_spaces_and_the_case_of_addresses) {
  auto x = good_lead();
  x.owner_email = "  Ada@Example.COM\t";
  x.business = "\n Analytical  Engines ";
  x.region = "   ";
  const auto made = normalised(x);
  EXPECT_EQ(made.owner_email, "ada@example.com");
  EXPECT_EQ(made.business, "Analytical  Engines");
  EXPECT_EQ(made.region, "");
}

TEST(lead_intake, counts_every_verdict) {
  intake_counts counts;
  counts.count(intake_verdict::duplicate);
  counts.count(intake_verdict::duplicate);
  EXPECT_EQ(counts.of(intake_verdict::duplicate), 2U);
  EXPECT_EQ(counts.of(intake_verdict::accepted), 0U);
}

TEST(best_leads, are_ordered_by_score_and_then_by_arrival) {
  std::vector<lead> all;
  const std::vector<std::optional<double>> scores{0.5, {}, 0.9, 0.5, NAN, 0.7};
  for (size_t i = 0; i < scores.size(); ++i) {
    all.push_back(good_lead());
    all.back().owner_email = "lead" + std::to_string(i) + "@example.com";
    all.back().conversion_score = scores[i];
  }
  const auto order = [](const std::vector<lead>& x) {
    std::string text;
    for (const auto& each : x)
      text += each.owner_email[4];
    return text;
  };
  EXPECT_EQ(order(best_leads(all, 10)), "250314");
  EXPECT_EQ(order(best_leads(all, 3)), "250");
  EXPECT_EQ(order(best_leads(all, 0)), "");
  all[3].owner_email = "LEAD2@example.com"; // the same lead again
  EXPECT_EQ(order(best_leads(all, 10)), "25014");
}

} // namespace
} // namespace sluice
