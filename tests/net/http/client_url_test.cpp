#include "net/http/client_url.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

std::string shown(const std::string& text) {
  const auto url = net::parse_http_url(text);
  if (!url)
    return "no: " + url.error().what;
  return net::origin_of(*url) + " | " + net::host_header_of(*url) + " | " + url->target;
}

TEST(client_url, has_a_scheme_a_host_and_a_path) {
  EXPECT_EQ(shown("https://api.example"), "https://api.example:443 | api.example | /");
  EXPECT_EQ(shown("http://api.example/a/b?c=d&e"),
            "http://api.example:80 | api.example | /a/b?c=d&e");
  EXPECT_EQ(shown("http://127.0.0.1:8080?x"), "http://127.0.0.1:8080 | 127.0.0.1:8080 | /?x");
  EXPECT_EQ(shown("https://[::1]/x"), "https://[::1]:443 | [::1] | /x");
  EXPECT_EQ(shown("https://[2001:db8::1]:444/"),
            "https://[2001:db8::1]:444 | [2001:db8::1]:444 | /");
  EXPECT_EQ(shown("http://h:443/"), "http://h:443 | h:443 | /");
}

TEST(client_url, states_what_is_wrong) {
  const auto why = [](const std::string& text) {
    const auto url = net::parse_http_url(text);
    return url ? "" : url.error().what.substr(url.error().what.rfind("\": ") + 3);
  };
  EXPECT_EQ(why("ftp://x/"), "the scheme must be http or https");
  EXPECT_EQ(why(""), "the scheme must be http or https");
  EXPECT_EQ(why("https://"), "the host is missing");
  EXPECT_EQ(why("https://:443/"), "the host is missing");
  EXPECT_EQ(why("https://user:pw@host/"), "names and passwords do not belong in a URL");
  EXPECT_EQ(why("https://h/#x"), "a fragment (#) is never sent: leave it out");
  EXPECT_EQ(why("https://h:0/"), "port 0 is nobody's");
  EXPECT_EQ(why("https://h/a b"), "a space, or a character that no URL may have");
  EXPECT_EQ(why("https://h/a\r\nX: y"), "a space, or a character that no URL may have");
  EXPECT_EQ(why("https://h/" + std::string(5000, 'a')), "more than 4096 bytes");
  EXPECT_NE(why("https://h:99999/"), ""); // asio would connect to 34463
  EXPECT_NE(why("https://h%/"), "");
  EXPECT_NE(why("https://[::1/"), "");
}

TEST(client_url, values_of_a_query_are_escaped) {
  EXPECT_EQ(net::query_value("5Abc-._~"), "5Abc-._~");
  EXPECT_EQ(net::query_value("a b&c=d/\xc3\xa4"), "a%20b%26c%3Dd%2F%C3%A4");
}

} // namespace
} // namespace sluice::test
