#include "net/http/conditional.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(etag_of, is_the_hash_of_the_bytes) {
  // BLAKE2b with 16 bytes, by Python: hashlib.blake2b(b"...", digest_size=16).hexdigest()
  EXPECT_EQ(etag_of(""), "\"cae66941d9efbd404e4d88758ea67670\"");
  EXPECT_EQ(etag_of("abc"), "\"cf4ab791c62b8d2b2109c90275287816\"");
  EXPECT_EQ(gzip_etag_of("\"abc\""), "\"abc-gz\"");
}

TEST(etag_is_among, finds_a_name_in_a_list) {
  for (const auto* list : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\"", " \"a\" ", "*",
                           "\"b\" , , \"a\"", "\"a,b\", \"a\"", "\"a\", x"})
    EXPECT_TRUE(etag_is_among(list, "\"a\"")) << list;
  for (const auto* list : {"", "a", "\"b\"", "\"a", "\"A\"", "\"a-gz\"", "W/a", "w/\"a\"", "**",
                           "x, \"a\"", "\"b\" \"a\"", "\"b\"x, \"a\"", "\"b, a\"", "*, \"b\""})
    EXPECT_FALSE(etag_is_among(list, "\"a\"")) << list;
  EXPECT_TRUE(etag_is_among("\"x, \"y, z\"", "\"x, \""));
}

} // namespace
} // namespace sluice::net
