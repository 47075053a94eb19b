#include "rules/endpoint.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(endpoint, is_read_from_host_and_port) {
  EXPECT_EQ(*parse_endpoint("127.0.0.1:8700"), (endpoint{"127.0.0.1", 8700}));
  EXPECT_EQ(*parse_endpoint("node-1.example:0"), (endpoint{"node-1.example", 0}));
  EXPECT_EQ(*parse_endpoint("[::1]:65535"), (endpoint{"::1", 65535}));
  EXPECT_EQ(*parse_endpoint("0.0.0.0:80"), (endpoint{"0.0.0.0", 80}));
}

TEST(endpoint, without_a_host_is_this_machine_alone) {
  EXPECT_EQ(*parse_endpoint(":8700"), (endpoint{"127.0.0.1", 8700}));
  EXPECT_EQ(*parse_endpoint("8700"), (endpoint{"127.0.0.1", 8700}));
}

TEST(endpoint, that_cannot_be_is_refused_with_an_example) {
  for (const char* text :
       {"", ":", "localhost", "localhost:", "localhost:65536", "a:-1", "a:+1", "a: 1", "a b:1",
        "::1:8700", "[::1]", "[localhost]:1", "[]:1", "a:1x", "http://a:1", "a/b:1"}) {
    const auto got = parse_endpoint(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_NE(got.error().what.find("expected HOST:PORT such as 127.0.0.1:8700"),
              std::string::npos);
  }
}

TEST(endpoint, reads_back_as_it_is_written) {
  for (const char* text : {"127.0.0.1:8700", "[fe80::1]:1", "a.b:0"})
    EXPECT_EQ(to_string(*parse_endpoint(text)), text);
}

TEST(endpoint, of_loopback_is_distinguished_from_names_that_begin_like_one) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", ":1"})
    EXPECT_TRUE(is_loopback(*parse_endpoint(text))) << text;
  for (const char* text : {"0.0.0.0:1", "127.0.0.1.evil.example:1", "10.0.0.1:1", "[::]:1",
                           "[fe80::1]:1", "localhost.example:1"})
    EXPECT_FALSE(is_loopback(*parse_endpoint(text))) << text;
}

} // namespace
} // namespace sluice
