#include "net/keys/certificate_facts.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

constexpr int64_t day = 86'400;
const certificate_facts facts{"node.example, 10.0.0.1", "CN = ca", 1'767'225'600,
                              1'767'225'600 + 30 * day};

TEST(certificate_facts, dates_are_those_of_utc) {
  EXPECT_EQ(utc_text(1'767'225'600), "2026-01-01T00:00:00Z"); // date -u -d @1767225600
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(facts_text(facts), "for node.example, 10.0.0.1, issued by CN = ca, valid from "
                               "2026-01-01T00:00:00Z to 2026-01-31T00:00:00Z");
}

TEST(certificate_facts, state_whether_a_certificate_is_good_now) {
  EXPECT_EQ(date_fault(facts, facts.from_s - 1), "is valid only from 2026-01-01T00:00:00Z");
  EXPECT_EQ(date_fault(facts, facts.from_s), "");
  EXPECT_EQ(date_fault(facts, facts.until_s), "");
  EXPECT_EQ(date_fault(facts, facts.until_s + 1), "expired at 2026-01-31T00:00:00Z");
}

TEST(certificate_facts, warn_for_fourteen_days) {
  EXPECT_EQ(date_warning(facts, facts.until_s - 14 * day), "");
  EXPECT_EQ(date_warning(facts, facts.until_s - 14 * day + 1),
            "expires at 2026-01-31T00:00:00Z, in 13 days");
  EXPECT_EQ(date_warning(facts, facts.until_s - day), "expires at 2026-01-31T00:00:00Z, in 1 day");
  EXPECT_EQ(date_warning(facts, facts.until_s), "expires at 2026-01-31T00:00:00Z, today");
  EXPECT_EQ(date_warning(facts, facts.until_s + 1), "expired at 2026-01-31T00:00:00Z");
}

} // namespace
} // namespace sluice::net
