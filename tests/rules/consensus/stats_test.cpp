#include "rules/consensus/stats.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice {
namespace {

std::map<std::string, consensus_check> checks_of(const consensus_statistics& x) {
  std::map<std::string, consensus_check> all;
  for (auto& one : check_health(x, {}))
    all[one.name] = one;
  return all;
}

TEST(consensus_health, has_a_check_for_each_figure) {
  consensus_statistics x;
  x.miners_reported = 10;
  x.agreed = 5;
  x.active_validators = 2;
  x.coverage = 0.5;
  x.mean_confidence = 0.7;
  for (const auto& [name, one] : checks_of(x))
    EXPECT_TRUE(one.healthy) << name << ": " << one.says;
  x.coverage = 0.49;
  x.active_validators = 1;
  x.conflict_rate = 0.31;
  x.mean_confidence = 0.69;
  const auto bad = checks_of(x);
  EXPECT_EQ(bad.size(), 4U);
  for (const auto& [name, one] : bad) {
    EXPECT_FALSE(one.healthy) << name;
    EXPECT_NE(one.says.find("sluice consensus"), std::string::npos) << one.says;
  }
  EXPECT_EQ(bad.at("coverage").limit, 0.5);
}

TEST(consensus_health, blames_only_participation_before_anybody_reported) {
  for (const auto& [name, one] : checks_of({}))
    EXPECT_EQ(one.healthy, name != "participation") << name;
}

TEST(consensus_health, names_how_requests_are_served) {
  consensus_statistics x;
  EXPECT_EQ(processing_mode(x), "individual");
  x.by_consensus = true;
  EXPECT_EQ(processing_mode(x), "consensus");
}

} // namespace
} // namespace sluice
