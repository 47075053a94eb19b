#include "rules/api/cors.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice {
namespace {

const std::vector<std::string> two{"https://a.test", "http://b.test:8080"};

TEST(cors, takes_whole_origins_only) {
  for (const auto* good : {"https://a.test", "http://b.test:8080", "http://[::1]:3000"})
    EXPECT_EQ(trouble_of_origin(good), std::nullopt) << good;
  for (const auto* bad :
       {"", "*", "null", "a.test", "https://", "https://A.test", "ftp://a.test", "https://a.test/",
        "https://a.test/path", "https://a b", "https://a\r\nX"})
    EXPECT_TRUE(trouble_of_origin(bad)) << bad;
}

TEST(cors, is_off_unless_it_is_configured) {
  EXPECT_EQ(cors_lines({}, "https://a.test", false), "");
  EXPECT_EQ(cors_lines({}, "https://a.test", true), "");
}

TEST(cors, answers_the_origin_that_asked_when_it_is_one_of_them) {
  EXPECT_EQ(cors_lines(two, "https://a.test", false),
            "Vary: Origin\r\nAccess-Control-Allow-Origin: https://a.test\r\n"
            "Access-Control-Expose-Headers: ETag, Retry-After, X-Request-Id\r\n");
  const auto preflight = cors_lines(two, "http://b.test:8080", true);
  EXPECT_NE(preflight.find("Access-Control-Allow-Origin: http://b.test:8080\r\n"),
            std::string::npos);
  EXPECT_NE(preflight.find("Access-Control-Allow-Headers: "), std::string::npos);
  for (const auto* other : {"", "https://a.test.evil", "https://a.tes", "http://a.test", "null"})
    EXPECT_EQ(cors_lines(two, other, true), "Vary: Origin\r\n") << other;
}

} // namespace
} // namespace sluice
