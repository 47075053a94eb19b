#include "net/http/compression.hpp"

#include <gtest/gtest.h>

#include <zlib.h>

namespace sluice::net {
namespace {

/// By zlib's own reader of gzip.
std::string unzipped(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(size_t{4} << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

TEST(gzip_of, gives_what_others_can_read_and_the_same_bytes_every_time) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "{\"uid\":" + std::to_string(i * 7919 % 1000) + "},";
  const auto bytes = gzip_of(text);
  EXPECT_LT(bytes.size(), text.size() / 3);
  EXPECT_EQ(unzipped(bytes), text);
  EXPECT_EQ(gzip_of(text), bytes);
}

TEST(gzip_of, is_nothing_where_nothing_is_gained) {
  EXPECT_EQ(gzip_of(""), "");
  EXPECT_EQ(gzip_of("x"), "");
  std::string noise;
  uint32_t x = 1;
  for (int i = 0; i < 5000; ++i) {
    x = x * 1664525 + 1013904223;
    noise += static_cast<char>(x >> 24);
  }
  EXPECT_EQ(gzip_of(noise), "");
}

TEST(is_compressible, knows_types_and_sizes) {
  for (const auto* type : {"application/json", "text/plain; version=0.0.4", "text/html",
                           "application/json; charset=utf-8", "application/problem+json"})
    EXPECT_TRUE(is_compressible(type, compressible_bytes_min)) << type;
  for (const auto* type : {"image/png", "application/gzip", "application/octet-stream", ""})
    EXPECT_FALSE(is_compressible(type, compressible_bytes_min)) << type;
  EXPECT_FALSE(is_compressible("text/plain", compressible_bytes_min - 1));
  EXPECT_TRUE(is_compressible("text/plain", compressible_bytes_max));
  EXPECT_FALSE(is_compressible("text/plain", compressible_bytes_max + 1));
}

TEST(accepts_gzip, reads_weights) {
  for (const auto* list :
       {"gzip", "GZIP", "x-gzip", "deflate, gzip", "gzip;q=0.001", "gzip ; q=1.000", "*",
        "br;q=1, *;q=0.1", "gzip;q=0.5, identity;q=0.5", "identity;q=0, gzip", ", gzip,,",
        "gzip;Q=1.", "identity;q=0.2, *;q=0.3", "gzip\t;\tq=1"})
    EXPECT_TRUE(accepts_gzip(list)) << list;
  for (const auto* list : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0",
                           "gzip;q=0, *;q=1", "identity, gzip;q=0.5", "gzipped", "deflate, br"})
    EXPECT_FALSE(accepts_gzip(list)) << list;
}

TEST(accepts_gzip, takes_no_list_that_it_cannot_read) {
  for (const auto* list :
       {"gzip;q=2", "gzip;q=1.001", "gzip;q=0.1234", "gzip;q=-1", "gzip;q=", "gzip;q=.5",
        "gzip;q=0,5", "gzip;level=1", "gzip;", ";q=1", "gzip;q=1;q=1", "gzip, br;q=x"})
    EXPECT_FALSE(accepts_gzip(list)) << list;
  std::string many = "gzip";
  for (int i = 0; i < 100; ++i)
    many += ",x";
  EXPECT_FALSE(accepts_gzip(many));
}

} // namespace
} // namespace sluice::net
