#include "io/text/json_fields.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::json;
using io::json_fields;

const json object = json::parse(R"({"n":5,"m":-5,"s":"340282366920938463463374607431768211455",
  "big":"115792089237316195423570985008687907853269984665640564039457584007913129639935",
  "low":"-57896044618658097711785492504343953926634992332820282019728792003956564819968",
  "f":1.5,"t":"text","yes":true,"a":"0x00000000000000000000000000000000000000Ff","list":[1],
  "object":{},"none":null,"huge":18446744073709551616})");

json_fields fields() {
  return {object, "file", 3};
}

TEST(json_fields, reads_numbers_as_numbers_and_as_strings) {
  auto x = fields();
  EXPECT_EQ(x.whole("n"), u256{5});
  EXPECT_EQ(x.whole128("s"), ~u128{0});
  EXPECT_EQ(x.whole("big"), u256::max());
  EXPECT_EQ(x.integer("m"), i256{-5});
  EXPECT_EQ(x.integer("low"), i256::min());
  EXPECT_EQ(x.number("m", -5, 5), -5);
  EXPECT_EQ(x.number_as<uint8_t>("n"), 5);
  EXPECT_EQ(x.account("a")[19], 0xff);
  EXPECT_TRUE(x.flag("yes"));
  EXPECT_EQ(x.text("t"), "text");
  EXPECT_EQ(x.part("list", true).size(), 1u);
  EXPECT_TRUE(x.part("object").is_object());
  EXPECT_FALSE(x.failed());
}

/// What reading a field with `read` complains of.
template <class F>
std::string complaint(F read) {
  auto x = fields();
  read(x);
  return x.failed() ? x.error().what : "nothing";
}

TEST(json_fields, name_file_line_field_and_what_is_wrong) {
  EXPECT_EQ(complaint([](auto& x) { x.whole("x"); }),
            "file:3: x: expected a whole number, got nothing; correct this line or export the file "
            "again");
  const auto starts = [](const std::string& text, std::string_view with) {
    EXPECT_EQ(text.substr(0, with.size()), with);
  };
  starts(complaint([](auto& x) { x.whole("m"); }), "file:3: m: expected a whole number from 0");
  starts(complaint([](auto& x) { x.whole("s", 127); }),
         "file:3: s: expected a whole number from 0");
  starts(complaint([](auto& x) { x.whole("f"); }), "file:3: f: expected a whole number from 0");
  starts(complaint([](auto& x) { x.whole("huge"); }), "file:3: huge: expected a whole number");
  starts(complaint([](auto& x) { x.integer("big"); }),
         "file:3: big: expected an integer from -2^255");
  starts(complaint([](auto& x) { x.number("n", 0, 4); }),
         "file:3: n: expected an integer from 0 to 4, got 5");
  starts(complaint([](auto& x) { x.account("t"); }), "file:3: t: expected an address");
  starts(complaint([](auto& x) { x.flag("n"); }), "file:3: n: expected true or false, got 5");
  starts(complaint([](auto& x) { x.text("none"); }), "file:3: none: expected a text, got null");
  starts(complaint([](auto& x) { x.part("list"); }),
         "file:3: list: expected an object, got a list");
  starts(complaint([](auto& x) { x.time("t"); }), "file:3: t: expected a time");
}

TEST(json_fields, keep_the_first_complaint) {
  auto x = fields();
  x.whole("first");
  x.whole("second");
  EXPECT_NE(x.error().what.find("first"), std::string::npos);
}

TEST(addresses, come_with_and_without_prefix_and_go_out_in_lower_case) {
  const auto x = io::parse_address("92560C178cE069CC014138eD3C2F5221Ba71f58a");
  ASSERT_TRUE(x);
  EXPECT_EQ(io::to_text(*x), "0x92560c178ce069cc014138ed3c2f5221ba71f58a");
  EXPECT_EQ(io::parse_address(io::to_text(*x)), x);
  EXPECT_FALSE(io::parse_address("0x92560c"));
  EXPECT_FALSE(io::parse_address("0xg2560c178ce069cc014138ed3c2f5221ba71f58a"));
}

TEST(times, are_read_in_utc) {
  // python3: calendar.timegm(time.strptime(...))
  EXPECT_EQ(io::parse_time("2021-11-08 23:54:33"), 1636415673u);
  EXPECT_EQ(io::parse_time("2024-02-29T00:00:00Z"), 1709164800u);
  EXPECT_EQ(io::parse_time("1970-01-01 00:00:01.25 UTC"), 1u);
  EXPECT_EQ(io::parse_time("2024-12-31 23:59:59+00:00"), 1735689599u);
  for (auto bad : {"", "2021-11-08", "2021-13-08 00:00:00", "2023-02-29 00:00:00",
                   "2021-11-08 24:00:00", "2021-11-08 23:60:00", "2021-11-08 23:54:33+01:00",
                   "21-11-08 23:54:33", "1969-12-31 23:59:59"})
    EXPECT_FALSE(io::parse_time(bad)) << bad;
}

} // namespace
