#include "rules/address_range.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace sluice {

namespace {

/// What the system's own reader makes of it, in the same form.
std::optional<ip_bytes> read_by_system(const std::string& text) {
  ip_bytes out{};
  if (text.find(':') != std::string::npos)
    return ::inet_pton(AF_INET6, text.c_str(), out.data()) == 1 ? std::optional{out} : std::nullopt;
  out[10] = out[11] = 0xff;
  return ::inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1 ? std::optional{out}
                                                                  : std::nullopt;
}

TEST(parse_ip, reads_what_the_system_reads) {
  for (const std::string text : {"203.0.113.7",
                                 "0.0.0.0",
                                 "255.255.255.255",
                                 "256.0.0.1",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "1.2.3.",
                                 "::",
                                 "::1",
                                 "2001:db8::7",
                                 "2001:db8:1:2:3:4:5:6",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1:2:3:4:5:6:7",
                                 "::ffff:203.0.113.7",
                                 "64:ff9b::192.0.2.33",
                                 "1::2::3",
                                 ":1",
                                 "1:",
                                 "12345::",
                                 "g::",
                                 "",
                                 "1.2.3.4 ",
                                 "::1.2.3",
                                 "1:2:3:4:5:6:7::",
                                 "::2:3:4:5:6:7:8",
                                 "1:2:3:4:5:6:1.2.3.4"})
    EXPECT_EQ(parse_ip(text), read_by_system(text)) << text;
}

TEST(parse_ip, reads_any_address_that_the_system_writes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  for (int i = 0; i < 2'000; ++i) {
    ip_bytes bytes{};
    for (auto& x : bytes)
      x = chance() % 2 == 0 ? 0 : static_cast<uint8_t>(chance());
    char text[INET6_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
    EXPECT_EQ(parse_ip(text), bytes) << text;
  }
}

TEST(address_range, holds_what_begins_with_the_same_bits) {
  const auto holds = [](const char* range, const char* address) {
    return contains(*parse_address_range(range), *parse_ip(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("203.0.113.4/30", "203.0.113.7"));
  EXPECT_FALSE(holds("203.0.113.4/30", "203.0.113.8"));
  EXPECT_TRUE(holds("203.0.113.7", "203.0.113.7"));
  EXPECT_FALSE(holds("203.0.113.7", "203.0.113.6"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.6"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:ffff::1"));
  EXPECT_TRUE(holds("::/0", "203.0.113.6"));
  for (const auto* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "host", "::/129"}) {
    const auto no = parse_address_range(text);
    ASSERT_FALSE(no) << text;
    EXPECT_NE(no.error().what.find("such as 10.0.0.0/8"), std::string::npos);
  }
}

TEST(forwarded_for, is_the_last_address_that_no_trusted_proxy_has) {
  const std::vector<address_range> trusted{*parse_address_range("10.0.0.0/8"),
                                           *parse_address_range("::1")};
  const auto whose = [&](const char* header) { return forwarded_for(header, trusted); };
  EXPECT_EQ(whose("203.0.113.7"), parse_ip("203.0.113.7"));
  EXPECT_EQ(whose("198.51.100.1, 203.0.113.7"), parse_ip("203.0.113.7"));
  EXPECT_EQ(whose("203.0.113.7, 10.1.1.1,10.2.2.2"), parse_ip("203.0.113.7"));
  EXPECT_EQ(whose("203.0.113.7:4711, [::1]:80"), parse_ip("203.0.113.7"));
  EXPECT_EQ(whose("[2001:db8::7]:443"), parse_ip("2001:db8::7"));
  EXPECT_EQ(whose("\t2001:db8::7 "), parse_ip("2001:db8::7"));
  for (const auto* nothing :
       {"", "10.1.1.1", "unknown", "203.0.113.7, unknown", "203.0.113.7,", "["})
    EXPECT_EQ(whose(nothing), std::nullopt) << nothing;
}

} // namespace

} // namespace sluice
