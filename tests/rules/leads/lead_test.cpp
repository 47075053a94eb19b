#include "rules/leads/lead.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice {
namespace {

TEST(lead, is_known_by_its_id_or_else_by_its_address) {
  lead x;
  EXPECT_EQ(ident_of(x), "");
  EXPECT_EQ(pool_ident_of(x), "");
  x.owner_email = "Ada@Example.COM";
  EXPECT_EQ(ident_of(x), "ada@example.com");
  x.id = "Ab-1";
  EXPECT_EQ(ident_of(x), "Ab-1");
  EXPECT_EQ(pool_ident_of(x), "ada@example.com");
}

TEST(lead, takes_the_time_of_its_document_when_it_has_none) {
  lead x;
  EXPECT_EQ(time_of(x, lead_time::of_whole(5)), 5'000'000);
  x.created_at = lead_time::of_text("NaN");
  EXPECT_EQ(time_of(x, lead_time::of_whole(5)), 5'000'000);
  x.created_at = lead_time::of_whole(7);
  EXPECT_EQ(time_of(x, lead_time::of_whole(5)), 7'000'000);
  x.created_at = lead_time::no_time();
  EXPECT_EQ(time_of(x, lead_time::no_time()), std::nullopt);
}

TEST(lead, is_bounded_in_every_field) {
  curation_result document{"r", {}, {lead{}, lead{}}};
  EXPECT_TRUE(check_bounds(document));
  const auto reason = [&] {
    const auto checked = check_bounds(document);
    return checked ? std::string{} : checked.error().what;
  };
  document.leads[1].website = std::string(2049, 'x');
  EXPECT_EQ(reason(), "leads[1].website: expected at most 2048 bytes, got 2049; shorten it or "
                      "leave it out");
  document.leads[1].website.pop_back();
  EXPECT_EQ(reason(), "");
  document.leads[0].curated_by = std::string(129, 'x');
  EXPECT_NE(reason().find("leads[0].curated_by: expected at most 128"), std::string::npos);
  document.leads[0].curated_by = "";
  document.leads[0].owner_email = std::string(255, 'x');
  EXPECT_NE(reason().find("leads[0].owner_email: expected at most 254"), std::string::npos);
  document.leads[0].owner_email = "";
  document.leads[0].created_at = lead_time::of_text(std::string(65, '1'));
  EXPECT_NE(reason().find("leads[0].created_at: expected at most 64"), std::string::npos);
  document.leads[0].created_at = {};
  document.leads[0].llm_score = NAN;
  EXPECT_NE(reason().find("leads[0].llm_score: expected a finite number"), std::string::npos);
  document.leads[0].llm_score = 1.0;
  document.request_id = std::string(129, 'x');
  EXPECT_NE(reason().find("request_id: expected at most 128"), std::string::npos);
  document.request_id = "r";
  document.timestamp = lead_time::of_text(std::string(65, '1'));
  EXPECT_NE(reason().find("timestamp: expected at most 64"), std::string::npos);
  document.timestamp = {};
  document.leads.resize(10'001);
  EXPECT_NE(reason().find("leads: expected at most 10000, got 10001"), std::string::npos);
}

} // namespace
} // namespace sluice
