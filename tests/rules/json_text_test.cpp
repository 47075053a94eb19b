#include "rules/json_text.hpp"
#include "rules/liquidity/config.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <limits>
#include <random>

namespace sluice {
namespace {

using json = nlohmann::json;

TEST(json_text, text_reads_back_as_it_was) {
  for (const std::string x : {"", "weth-usdc", "a \"quoted\" \\ line\n\ttab", "\x01\x1f",
                              "\xe2\x82\xac", "\xf0\x9f\xa6\x86"})
    EXPECT_EQ(json::parse(json_text(std::string_view{x})).get<std::string>(), x);
}

TEST(json_text, bytes_that_are_no_characters_are_replaced_so_that_any_reader_accepts_it) {
  for (const std::string x :
       {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80z"})
    EXPECT_TRUE(json::accept(json_text(std::string_view{x}))) << json_text(std::string_view{x});
  std::mt19937 random{7};
  for (int i = 0; i < 2000; ++i) {
    std::string x(random() % 12, ' ');
    for (auto& c : x)
      c = static_cast<char>(random());
    ASSERT_TRUE(json::accept(json_text(std::string_view{x}))) << "seed 7, case " << i;
  }
}

TEST(json_text, numbers_read_back_the_same) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 2000; ++i) {
    const auto bits = random();
    double x = 0;
    std::memcpy(&x, &bits, sizeof x);
    if (x == x && x - x == 0) {
      ASSERT_EQ(json::parse(json_text(x)).get<double>(), x) << "seed 11, case " << i;
    }
  }
  EXPECT_EQ(json_text(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_text(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json_of(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
}

TEST(json_text, an_object_keeps_its_members_in_order) {
  EXPECT_EQ(json_object{}.add("b", 1).add("a", "x").add("c", true).raw("d", "[]").text(),
            R"({"b":1,"a":"x","c":true,"d":[]})");
  EXPECT_EQ(json_object{}.text(), "{}");
  EXPECT_EQ(json_list{}.raw("1").raw("{}").text(), "[1,{}]");
}

TEST(json_text, structs_list_their_fields_and_an_id_is_its_value) {
  liquidity_settings settings;
  settings.jobs.resize(1);
  settings.jobs[0].id = job_id{"weth-usdc"};
  settings.jobs[0].start.amount0 = u256{1} << 200;
  const auto read = json::parse(json_of(settings));
  EXPECT_EQ(read["simulators"], 2);
  EXPECT_EQ(read["jobs"][0]["id"], "weth-usdc");
  EXPECT_EQ(read["jobs"][0]["start"]["amount0"], to_string(u256{1} << 200));
  weights_settings weights;
  weights.shares = {{"a", 1.0}};
  EXPECT_EQ(json::parse(json_of(weights))["shares"]["a"], 1.0);
}

TEST(json_text, what_may_be_missing_is_null_and_keys_are_text) {
  EXPECT_EQ(json_of(std::optional<int>{}), "null");
  EXPECT_EQ(json_of(std::optional<int>{3}), "3");
  EXPECT_EQ(json_of(std::array<uint8_t, 3>{0, 0xab, 0xff}), R"("0x00abff")");
  EXPECT_EQ(json_of(std::map<miner_uid, int>{{miner_uid{3}, 4}}), R"({"3":4})");
}

} // namespace
} // namespace sluice
