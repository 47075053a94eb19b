#include "tools/leads/rank_program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {
namespace {

lead ranked_lead(const std::string& id, const std::string& email) {
  lead x;
  x.id = id;
  x.owner_email = email;
  return x;
}

const std::vector<lead> three_leads{ranked_lead("a", "a@x.test"), ranked_lead("b", "b@x.test"),
                                    ranked_lead("c", "A@x.test")};

TEST(rank_program, is_given_the_leads_and_what_is_wanted) {
  const auto text = rank_input(three_leads, 2, "bakeries \"in\" Kyiv");
  EXPECT_EQ(text.back(), '\n');
  const auto x = nlohmann::json::parse(text);
  EXPECT_EQ(x["num_leads"], 2);
  EXPECT_EQ(x["business_desc"], "bakeries \"in\" Kyiv");
  ASSERT_EQ(x["leads"].size(), 3U);
  EXPECT_EQ(x["leads"][1]["owner_email"], "b@x.test");
}

TEST(rank_program, puts_leads_in_its_order_and_one_per_address) {
  const auto best = ranked_by("[2, 1, 0]\n", three_leads, 3);
  ASSERT_TRUE(best) << best.error().what;
  ASSERT_EQ(best->size(), 2U); // a has the address of c
  EXPECT_EQ((*best)[0].id, "c");
  EXPECT_EQ((*best)[1].id, "b");
  EXPECT_EQ(ranked_by("[2,1,0]", three_leads, 1)->size(), 1U);
  EXPECT_TRUE(ranked_by("[]", three_leads, 3)->empty());
}

TEST(rank_program, is_refused_when_it_answers_anything_else) {
  for (const auto* text : {"", "2", "{}", "[3]", "[-1]", "[0,0]", "[\"0\"]", "[1.5]", "[0] [1]"}) {
    const auto best = ranked_by(text, three_leads, 3);
    ASSERT_FALSE(best) << text;
    EXPECT_EQ(best.error().code, ec::bad_input);
    EXPECT_NE(best.error().what.find("expected a JSON list of places from 0"), std::string::npos);
  }
}

TEST(rank_program, runs_with_its_input) {
  const auto best = rank_by_program({"/bin/sh", "-c", "grep -q bakeries && echo '[1]'"},
                                    three_leads, 2, "bakeries", {});
  ASSERT_TRUE(best) << best.error().what;
  EXPECT_EQ(best->at(0).id, "b");
  EXPECT_FALSE(rank_by_program({"/bin/sh", "-c", "exit 1"}, three_leads, 2, "", {}));
}

} // namespace
} // namespace sluice::tools
