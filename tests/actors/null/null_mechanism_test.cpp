// A mechanism that has no folder but this one runs in a node, alone and beside another.
#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "storage/tables.hpp"
#include "tests/actors/null/null_mechanism.hpp"
#include "tests/support/node_world.hpp"

#include <array>

namespace sluice::test {

namespace {

/// The list of this program: a line each.
mechanism_list with_null() {
  static const std::array all{
    all_mechanisms().front(),
    &null_module(),
  };
  return all;
}

mechanism_list null_alone() {
  static const std::array all{&null_module()};
  return all;
}

constexpr std::string_view text = R"(
[validator]
hotkey = "validator"
[[neurons]]
uid = 0
hotkey = "burn"
[[neurons]]
uid = 1
hotkey = "a"
[[neurons]]
uid = 2
hotkey = "b"
[[neurons]]
uid = 3
hotkey = "validator"
stake = "1000000000000"
permit = true
[null]
miners = 2
)";

node_config config_of(mechanism_list mechanisms) {
  const auto config = io::parse_config(text, "null.toml", sections_of(mechanisms));
  EXPECT_TRUE(config) << config.error().what;
  return *config;
}

class null_mechanism : public node_test {
protected:
  /// Both uids that score have the same weight after some steps.
  void expect_equal_weights(const publish_record& record) {
    EXPECT_EQ(record.status, publish_status::confirmed) << record.reason;
    EXPECT_EQ(record.row, (weight_row{{1, 65535}, {2, 65535}}));
    EXPECT_EQ(record.read_back, record.row);
  }
};

} // namespace

TEST_F(null_mechanism, publishes_weights_alone) {
  mechanisms = null_alone();
  const auto end = run(config_of(mechanisms), 3, "alone", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0);
  ASSERT_EQ(end.steps.size(), 3U);
  ASSERT_EQ(end.steps.back().mechanisms.size(), 1U);
  EXPECT_EQ(end.steps.back().mechanisms.front().mechanism, "null");
  ASSERT_TRUE(end.steps.back().published);
  expect_equal_weights(*end.steps.back().published);
}

TEST_F(null_mechanism, is_blended_with_another) {
  mechanisms = with_null();
  auto config = short_config();
  config.mechanisms["null"] = mechanism_settings::of(null_settings{2});
  config.weights.shares = {{std::string{with_null().front()->name()}, 0.0}, {"null", 1.0}};
  const auto end = run(config, 3, "both", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  ASSERT_EQ(end.steps.size(), 3U);
  ASSERT_EQ(end.steps.back().mechanisms.size(), 2U);
  ASSERT_TRUE(end.steps.back().published);
  expect_equal_weights(*end.steps.back().published);
}

TEST_F(null_mechanism, is_read_and_written_like_any_other) {
  const auto config = config_of(null_alone());
  EXPECT_EQ(config.mechanisms.at("null").find<null_settings>()->miners, 2U);
  EXPECT_EQ(config.weights.shares, (mechanism_shares{{"null", 1.0}}));
  const auto sections = sections_of(null_alone());
  const auto again = io::parse_config(io::write_config(config, sections), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, config);
}

TEST_F(null_mechanism, is_refused_where_the_program_does_not_have_it) {
  const auto config = io::parse_config(text, "null.toml", sections_of(all_mechanisms()));
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().what.find("null"), std::string::npos) << config.error().what;
}

} // namespace sluice::test
