#include "io/api/key_file.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/api/api_keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {
namespace {

constexpr uint64_t now_ms = 1'764'540'600'000; // 2025-11-30T22:10:00Z

class api_keys_command : public testing::Test {
protected:
  static std::string value(const key_report& report, const std::string& name) {
    for (const auto& [x, text] : report)
      if (x == name)
        return text;
    return {};
  }

  key_report make(const api_key_order& order) {
    auto made = make_api_key(data, order, now_ms);
    EXPECT_TRUE(made) << made.error().what;
    return made ? *made : key_report{};
  }

  std::vector<api_key> stored() const {
    auto all = io::read_api_keys(data);
    EXPECT_TRUE(all) << all.error().what;
    return all ? *all : std::vector<api_key>{};
  }

  api_key_state state(const std::string& text, uint64_t at_ms = now_ms) const {
    return check_api_key(stored(), text, at_ms).state;
  }

  test::scratch_folder folder;
  std::string data = folder.at("data");
};

TEST_F(api_keys_command, makes_a_key_that_is_good_and_stores_no_text_of_it) {
  const auto report = make({.role = "validator", .validator = "5FA9n", .name = "ours"});
  const auto text = value(report, "key");
  EXPECT_TRUE(has_form_of_api_key(text));
  EXPECT_EQ(state(text), api_key_state::good);
  ASSERT_EQ(stored().size(), 1U);
  EXPECT_EQ(stored()[0].validator, hotkey{"5FA9n"});
  EXPECT_EQ(stored()[0].role, api_role::validator);
  EXPECT_EQ(stored()[0].created_ms, now_ms);
  EXPECT_EQ(io::write_api_keys(stored()).find(text.substr(16)), std::string::npos);
  EXPECT_EQ(make({.role = "validator", .validator = "7"}).size(), 5U);
  EXPECT_EQ(stored()[1].validator_uid, miner_uid{7});
  EXPECT_NE(value(make({.role = "client"}), "key"), value(make({.role = "client"}), "key"));
}

TEST_F(api_keys_command, refuses_orders_that_cannot_be) {
  const auto refusal = [&](const api_key_order& order) {
    const auto made = make_api_key(data, order, now_ms);
    EXPECT_FALSE(made);
    EXPECT_EQ(made.error().code, ec::bad_input);
    return made ? std::string{} : made.error().what;
  };
  EXPECT_TRUE(refusal({.role = "root"}).starts_with("--role: "));
  EXPECT_TRUE(refusal({.role = "validator"}).starts_with("--validator: "));
  EXPECT_TRUE(refusal({.role = "client", .validator = "7"}).starts_with("--validator: "));
  EXPECT_TRUE(refusal({.role = "validator", .validator = "65536"}).starts_with("--validator: "));
  EXPECT_TRUE(refusal({.role = "validator", .validator = "a b"}).starts_with("--validator: "));
  EXPECT_TRUE(refusal({.role = "client", .name = std::string(65, 'n')}).starts_with("--name: "));
  EXPECT_TRUE(refusal({.role = "client", .name = "a\nb"}).starts_with("--name: "));
  EXPECT_TRUE(stored().empty());
}

TEST_F(api_keys_command, revokes_once_and_for_ever) {
  const auto report = make({.role = "admin"});
  const auto id = value(report, "id");
  const auto revoked = revoke_api_key_in(data, id, now_ms);
  ASSERT_TRUE(revoked) << revoked.error().what;
  EXPECT_EQ(value(*revoked, "revoked"), "2025-11-30T22:10:00Z");
  EXPECT_EQ(state(value(report, "key")), api_key_state::revoked);
  EXPECT_EQ(*revoke_api_key_in(data, id, now_ms + 5000), *revoked);
  const auto again = rotate_api_key_in(data, id, 0, now_ms);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::refused);
  const auto none = revoke_api_key_in(data, "ffffffff", now_ms);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::no_such_key);
}

TEST_F(api_keys_command, rotates_with_and_without_an_overlap) {
  const auto report = make({.role = "client"});
  const auto id = value(report, "id"), first = value(report, "key");
  const auto second = rotate_api_key_in(data, id, 60'000, now_ms);
  ASSERT_TRUE(second);
  EXPECT_EQ(value(*second, "replaced_until"), "2025-11-30T22:11:00Z");
  EXPECT_EQ(state(first, now_ms + 59'999), api_key_state::good);
  EXPECT_EQ(state(first, now_ms + 60'000), api_key_state::unknown);
  EXPECT_EQ(state(value(*second, "key"), now_ms + 60'000), api_key_state::good);
  const auto third = rotate_api_key_in(data, id, 0, now_ms);
  ASSERT_TRUE(third);
  EXPECT_EQ(state(value(*second, "key")), api_key_state::unknown);
  EXPECT_EQ(state(value(*third, "key")), api_key_state::good);
}

TEST_F(api_keys_command, lists_keys_without_anything_secret) {
  const auto text = value(make({.role = "client", .name = "shown", .expires_in_ms = 1000}), "key");
  const auto json = nlohmann::json::parse(api_keys_json(stored(), now_ms));
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["state"], "active");
  EXPECT_EQ(json[0]["expires"], "2025-11-30T22:10:01Z");
  EXPECT_EQ(nlohmann::json::parse(api_keys_json(stored(), now_ms + 1000))[0]["state"], "expired");
  const auto table = api_keys_table(stored(), now_ms, 120, report::charset::ascii);
  EXPECT_NE(table.find("shown"), std::string::npos) << table;
  for (const auto& shown : {table, api_keys_json(stored(), now_ms)}) {
    EXPECT_EQ(shown.find(text.substr(16)), std::string::npos);
    EXPECT_EQ(shown.find(stored()[0].hash.digest), std::string::npos);
    EXPECT_EQ(shown.find(stored()[0].hash.salt), std::string::npos);
  }
}

TEST_F(api_keys_command, takes_times_with_a_unit) {
  EXPECT_EQ(*api_key_duration("--expires", "30d"), 30ULL * 86'400'000);
  EXPECT_EQ(*api_key_duration("--expires", "12h"), 12ULL * 3'600'000);
  EXPECT_EQ(*api_key_duration("--expires", "45m"), 45ULL * 60'000);
  EXPECT_EQ(*api_key_duration("--expires", "3650d"), 3650ULL * 86'400'000);
  for (const auto* bad :
       {"", "d", "30", "0d", "-1d", "3651d", "1.5h", "1 d", "1w", "99999999999999999999d"})
    EXPECT_FALSE(api_key_duration("--expires", bad)) << bad;
}

} // namespace
} // namespace sluice::tools
