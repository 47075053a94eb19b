#include "tools/leads/explain_text.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {
namespace {

constexpr const char* explained_lead_share = R"({"hotkey":"B","share":0.35,"rank":2,"of":3,
 "status":"ok","policy":"ratio",
 "window_start":"2025-12-02T00:00:00Z","window_end":"2026-01-01T00:00:00Z",
 "score":0.35,"scores":1.0,"terms":[
 {"term":"curated","weight":0.6,"own":1,"all":4,"part":0.15},
 {"term":"sourced","weight":0.4,"own":2,"all":4,"part":0.2}],
 "curated":1,"sourced":2,"leads":4,"used":3,
 "skipped_bad_timestamp":0,"out_of_window":1,"duplicates":0,"documents":2,"shown":1,
 "evidence":[{"request":"r-1","leads":[{"place":0,"lead":"1","business":"na\u00efve\u001b[2J",
 "as":"both","time":null,"conversion_score":0.5}]}]})";

TEST(lead_explain_text, shows_terms_that_add_up_and_the_leads) {
  const auto text = lead_explain_text(explained_lead_share, {120, false, true});
  for (const auto* part : {"B: share 0.35, rank 2 of 3, by policy ratio\n",
                           "window 2025-12-02 00:00:00 to", "score 0.35 of 1: share 0.35\n",
                           "3 of 4 leads that name it count, 1 outside of the window\n", "r-1",
                           "both", "1 of 2 requests are shown\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos); // what strangers wrote steers no terminal
}

TEST(lead_explain_text, shows_any_other_answer_as_it_is) {
  EXPECT_NE(lead_explain_text("{\"a\":1}", {80, false, true}).find("a"), std::string::npos);
  EXPECT_FALSE(lead_explain_text("no json", {80, false, true}).empty());
  EXPECT_FALSE(lead_explain_text("{\"terms\":[],\"evidence\":7}", {80, false, true}).empty());
}

} // namespace
} // namespace sluice::tools
