#include "io/config/config_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace sluice::io {
namespace {

/// The first mistake that `read` finds in a text, "" when there is none.
std::string mistake(std::string_view text, const std::function<void(config_table&)>& read) {
  const toml::table table = toml::parse(text);
  config_trouble trouble{"x.toml", {}};
  config_table root{table, "", trouble};
  read(root);
  EXPECT_EQ(root.fine(), !trouble.first.has_value());
  if (!trouble.first)
    return "";
  EXPECT_EQ(trouble.first->code, ec::bad_input);
  return trouble.first->what;
}

TEST(config_table, what_is_absent_stays_as_it_was) {
  EXPECT_EQ(mistake("other = 1",
                    [](auto& t) {
                      bool truth = true;
                      double real = 0.5;
                      u256 amount = 7;
                      uint16_t number = 9;
                      std::string text = "before";
                      std::vector<std::string> texts{"before"};
                      t.read("a", truth);
                      t.read("a", real, 0, 1);
                      t.read("a", amount, u256::max());
                      t.read("a", number, 0, 10);
                      t.read("a", text, config_table::letters::any, 10);
                      t.read("a", texts, config_table::letters::any, 10, 10);
                      EXPECT_FALSE(t.table("a"));
                      EXPECT_TRUE(t.tables("a", 10).empty());
                      EXPECT_TRUE(truth);
                      EXPECT_EQ(real, 0.5);
                      EXPECT_EQ(amount, u256{7});
                      EXPECT_EQ(number, 9);
                      EXPECT_EQ(text, "before");
                      EXPECT_EQ(texts, std::vector<std::string>{"before"});
                    }),
            "");
}

TEST(config_table, integers_come_as_integers_or_as_decimal_strings) {
  EXPECT_EQ(mistake("a = 5\nb = \"18446744073709551615\"\nc = -7\nd = \"0\"",
                    [](auto& t) {
                      uint64_t a = 0;
                      uint64_t b = 0;
                      int32_t c = 0;
                      uint8_t d = 1;
                      t.read("a", a, 5, 5);
                      t.read("b", b, 0, UINT64_MAX);
                      t.read("c", c, -7, 7);
                      t.read("d", d, 0, 255);
                      EXPECT_EQ(a, 5U);
                      EXPECT_EQ(b, UINT64_MAX);
                      EXPECT_EQ(c, -7);
                      EXPECT_EQ(d, 0);
                    }),
            "");
  const auto read = [](config_table& t) {
    uint32_t x = 0;
    t.read("a", x, 1, 100);
  };
  const std::string wanted = "x.toml:1:5: a: expected an integer from 1 to 100, got ";
  EXPECT_EQ(mistake("a = 0", read), wanted + "0");
  EXPECT_EQ(mistake("a = 101", read), wanted + "101");
  EXPECT_EQ(mistake("a = -1", read), wanted + "-1");
  EXPECT_EQ(mistake("a = 1.0", read), wanted + "1");
  EXPECT_EQ(mistake("a = true", read), wanted + "true");
  EXPECT_EQ(mistake("a = \"1x\"", read), wanted + "\"1x\"");
  EXPECT_EQ(mistake("a = \"-1\"", read), wanted + "\"-1\"");
  EXPECT_EQ(mistake("a = \"18446744073709551617\"", read), wanted + "\"18446744073709551617\"");
  EXPECT_EQ(mistake("a = [1]", read), wanted + "an array");
  EXPECT_EQ(mistake("a = {}", read), wanted + "a table");
  EXPECT_EQ(mistake("a = 2020-01-01", read), wanted + "a date or time");
  const auto below = [](config_table& t) {
    int32_t x = 0;
    t.read("a", x, -5, 5);
  };
  EXPECT_EQ(mistake("a = -6", below), "x.toml:1:5: a: expected an integer from -5 to 5, got -6");
  EXPECT_NE(mistake("a = -9223372036854775808", below), "");
}

TEST(config_table, numbers_are_within_their_bounds_and_finite) {
  const auto read = [](config_table& t) {
    double x = 0;
    t.read("a", x, -0.5, 2);
  };
  const std::string wanted = "x.toml:1:5: a: expected a number from -0.5 to 2, got ";
  EXPECT_EQ(mistake("a = 2", read), "");
  EXPECT_EQ(mistake("a = -0.5", read), "");
  EXPECT_EQ(mistake("a = 2.5", read), wanted + "2.5");
  EXPECT_EQ(mistake("a = nan", read), wanted + "nan");
  EXPECT_EQ(mistake("a = inf", read), wanted + "inf");
  EXPECT_EQ(mistake("a = \"1\"", read), wanted + "\"1\"");
}

TEST(config_table, amounts_are_never_negative_and_never_too_large) {
  u256 x;
  const auto read = [&](config_table& t) { t.read("a", x, u256{1000}); };
  EXPECT_EQ(mistake("a = 1000", read), "");
  EXPECT_EQ(x, u256{1000});
  EXPECT_EQ(mistake("a = \"12\"", read), "");
  EXPECT_EQ(x, u256{12});
  for (const auto* bad : {"a = -1", "a = 1001", "a = \"1e3\"", "a = \"\"", "a = 1.0"})
    EXPECT_NE(mistake(bad, read).find("x.toml:1:5: a: expected an amount"), std::string::npos)
      << bad;
  u128 y = 0;
  EXPECT_EQ(mistake("a = \"340282366920938463463374607431768211455\"",
                    [&](config_table& t) { t.read("a", y); }),
            "");
  EXPECT_TRUE(y == u128_max);
  EXPECT_NE(mistake("a = \"340282366920938463463374607431768211456\"",
                    [&](config_table& t) { t.read("a", y); }),
            "");
}

TEST(config_table, texts_have_the_letters_they_may_have) {
  using letters = config_table::letters;
  const auto fine = [](const std::string& value, letters allowed, size_t most) {
    return mistake("a = '" + value + "'",
                   [&](config_table& t) {
                     std::string out;
                     t.read("a", out, allowed, most);
                   })
           == "";
  };
  EXPECT_TRUE(fine("a.b-c_9", letters::name, 7));
  EXPECT_FALSE(fine("a.b-c_9", letters::name, 6));
  EXPECT_FALSE(fine("A", letters::name, 64));
  EXPECT_FALSE(fine("a/b", letters::name, 64));
  EXPECT_FALSE(fine("", letters::name, 64));
  EXPECT_TRUE(fine("x=1,y", letters::token, 64));
  EXPECT_FALSE(fine("x y", letters::token, 64));
  EXPECT_TRUE(fine("0x92560C178cE069CC014138eD3C2F5221Ba71f58a", letters::address, 42));
  EXPECT_FALSE(fine("0x92560C178cE069CC014138eD3C2F5221Ba71f58", letters::address, 42));
  EXPECT_FALSE(fine("0x92560C178cE069CC014138eD3C2F5221Ba71f58g", letters::address, 42));
  EXPECT_TRUE(fine("a folder/file.csv", letters::path, 64));
  EXPECT_FALSE(fine("", letters::path, 64));
  EXPECT_TRUE(fine("", letters::any, 64));
}

TEST(config_table, lists_of_texts_name_the_entry_that_is_wrong) {
  const auto read = [](config_table& t) {
    std::vector<std::string> out;
    t.read("a", out, config_table::letters::name, 3, 2);
  };
  EXPECT_EQ(mistake("a = []", read), "");
  EXPECT_EQ(mistake("a = ['x', 'y']", read), "");
  EXPECT_EQ(mistake("a = 'x'", read),
            "x.toml:1:5: a: expected an array of at most 2 texts, got \"x\"");
  EXPECT_EQ(mistake("a = ['x', 'y', 'z']", read),
            "x.toml:1:5: a: expected an array of at most 2 texts, got an array of 3");
  EXPECT_EQ(mistake("a = ['x', 7]", read),
            "x.toml:1:11: a[1]: expected a name of 1 to 3 characters out of a-z 0-9 . _ -, got 7");
}

TEST(config_table, unknown_keys_are_refused_with_the_nearest_one) {
  const auto read = [](config_table& t) { t.allow({"seed", "price"}); };
  EXPECT_EQ(mistake("seed = 1\nprice = 2", read), "");
  EXPECT_EQ(mistake("seed = 1\n  prise = 2", read),
            "x.toml:2:3: prise: expected one of seed price, got an unknown key; did you mean "
            "price?");
  EXPECT_EQ(mistake("\nwhatever = 2", read),
            "x.toml:2:1: whatever: expected one of seed price, got an unknown key");
}

TEST(config_table, choices_are_listed_and_the_nearest_is_named) {
  int out = 0;
  const auto read = [&](config_table& t) {
    t.choose<int>("a", out, {{"market", 1}, {"events", 2}});
  };
  EXPECT_EQ(mistake("a = 'events'", read), "");
  EXPECT_EQ(out, 2);
  EXPECT_EQ(mistake("a = 'event'", read),
            "x.toml:1:5: a: expected \"market\" or \"events\", got \"event\"; did you mean "
            "\"events\"?");
  EXPECT_EQ(mistake("a = 3", read), "x.toml:1:5: a: expected \"market\" or \"events\", got 3");
}

TEST(config_table, keys_inside_tables_carry_their_path) {
  const auto read = [](config_table& t) {
    for (auto& job : t.tables("jobs", 2))
      if (auto pool = job.table("pool")) {
        uint32_t fee = 0;
        pool->read("fee", fee, 0, 10);
        pool->require("fee");
      }
  };
  EXPECT_EQ(mistake("[[jobs]]\n[[jobs]]\n[jobs.pool]\nfee = 11", read),
            "x.toml:4:7: jobs[1].pool.fee: expected an integer from 0 to 10, got 11");
  EXPECT_EQ(mistake("[[jobs]]\n[jobs.pool]\nfe = 11", read),
            "x.toml:2:1: jobs[0].pool.fee: expected a value, got nothing; this key is required");
  EXPECT_EQ(mistake("jobs = 3", read),
            "x.toml:1:8: jobs: expected at most 2 tables: [[jobs]], got 3");
  EXPECT_EQ(mistake("jobs = [1]", read),
            "x.toml:1:9: jobs: expected at most 2 tables: [[jobs]], got 1");
  EXPECT_EQ(mistake("[[jobs]]\n[[jobs]]\n[[jobs]]", read),
            "x.toml:1:1: jobs: expected at most 2 tables: [[jobs]], got 3 of them");
  EXPECT_EQ(mistake("[[jobs]]\npool = 1", read),
            "x.toml:2:8: jobs[0].pool: expected a table: [jobs[0].pool], got 1");
}

TEST(config_table, only_the_first_mistake_is_reported) {
  EXPECT_EQ(mistake("a = 1\nb = 2",
                    [](auto& t) {
                      bool x = false;
                      t.read("b", x);
                      t.read("a", x);
                    }),
            "x.toml:2:5: b: expected true or false, got 2");
}

} // namespace
} // namespace sluice::io
