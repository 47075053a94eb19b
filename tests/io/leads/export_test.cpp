#include "io/leads/export.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::io {
namespace {

share_report exported_report() {
  lead x;
  x.source = "S";
  x.curated_by = "C";
  x.conversion_score = 0.5;
  x.created_at = lead_time::of_whole(1'756'000'000);
  const auto window = window_of(1'756'101'719'000'000, 30);
  lead_counter counter{window};
  counter.add({"r", {}, {x}});
  return report_of(counter, window, {}, {"S"});
}

TEST(lead_export, quotes_fields_and_disarms_formulas) {
  EXPECT_EQ(csv_line({"a", "", "b,c", "d\"e", "f\ng"}), "a,,\"b,c\",\"d\"\"e\",\"f\ng\"\n");
  EXPECT_EQ(csv_line({"=1+1", "+1", "-1", "@x", "a=b"}), "'=1+1,'+1,'-1,'@x,a=b\n");
  EXPECT_EQ(csv_line({""}), "\n");
  EXPECT_EQ(csv_line({"", "x"}), ",x\n");
}

TEST(lead_export, writes_shares_as_csv_by_rank) {
  EXPECT_EQ(shares_csv(exported_report()), "rank,hotkey,share,curated,sourced\n"
                                           "1,C,0.600000000000,1,0\n"
                                           "2,S,0.400000000000,0,1\n");
}

TEST(lead_export, writes_leads_as_csv_with_their_times_in_utc) {
  lead x;
  x.id = "i";
  x.created_at = lead_time::of_text("2025-08-25T08:01:59+02:00");
  x.conversion_score = 0.1;
  x.business = "A, B";
  const auto text = leads_csv({"r", lead_time::of_whole(0), {x, lead{}}});
  EXPECT_EQ(text, "r,0,2025-08-25T06:01:59+00:00,,,0.1,,i,,\"A, B\",,,,,,,,,\n"
                  "r,1,1970-01-01T00:00:00+00:00,,,,,,,,,,,,,,,,\n");
  const auto head = leads_csv_head();
  EXPECT_EQ(std::count(head.begin(), head.end(), ','), 18);
}

TEST(lead_export, writes_the_originals_result_as_json) {
  const auto made = shares_json(exported_report());
  EXPECT_EQ(made.at("status"), "ok");
  EXPECT_EQ(made.at("weights_dict"), json::parse(R"({"C": 0.6, "S": 0.4})"));
  EXPECT_EQ(made.at("stats").at("total_miners"), 2);
  EXPECT_EQ(made.at("counts").at("used"), 1);
  EXPECT_EQ(made.at("tally").at("C"), json::parse(R"({"curated": 1, "sourced": 0})"));
  EXPECT_EQ(made.at("window").at("end"), "2025-08-25T06:01:59+00:00");
  EXPECT_EQ(made.at("v2").at("events"), 1);
  EXPECT_EQ(shares_json({}).at("status"), "no_data");
  EXPECT_TRUE(shares_json({}).at("weights_dict").is_object());
}

} // namespace
} // namespace sluice::io
