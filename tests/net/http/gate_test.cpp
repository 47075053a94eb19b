#include "net/http/gate.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(http_gate, finds_a_key_in_a_query_and_takes_it_out) {
  struct query_case {
    std::string_view query, key, rest;
  };
  for (const auto& x : std::vector<query_case>{
         {"", "", ""},
         {"api_key=abc", "abc", ""},
         {"limit=3&api_key=abc", "abc", "limit=3"},
         {"api_key=abc&limit=3", "abc", "limit=3"},
         {"a=1&api_key=abc&b=2&api_key=def", "abc", "a=1&b=2"},
         {"api_key", "", ""},
         {"api_key=", "", ""},
         {"my_api_key=abc", "", "my_api_key=abc"},
         {"api_keys=abc&x", "", "api_keys=abc&x"},
       }) {
    EXPECT_EQ(api_key_of_query(x.query), x.key) << x.query;
    EXPECT_EQ(query_without_api_key(x.query), x.rest) << x.query;
  }
}

TEST(http_gate, is_asked_with_the_first_value_of_each_header) {
  http_request request;
  request.method = "GET";
  request.query = "q";
  request.network = "10.0.0.1";
  request.headers = {{"host", "here"},
                     {"x-api-key", "one"},
                     {"origin", "https://a.test"},
                     {"x-api-key", "two"},
                     {"access-control-request-method", "POST"}};
  const auto x = question_of(request, nullptr);
  EXPECT_EQ(x.method, "GET");
  EXPECT_EQ(x.query, "q");
  EXPECT_EQ(x.network, "10.0.0.1");
  EXPECT_EQ(x.api_key, "one");
  EXPECT_EQ(x.origin, "https://a.test");
  EXPECT_EQ(x.preflight, "POST");
  EXPECT_EQ(x.route, nullptr);
}

} // namespace
} // namespace sluice::net
