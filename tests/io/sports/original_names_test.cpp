// The names of the original, and docs/sports-settings.md, which lists them and all keys.
#include "io/config/config_text.hpp"
#include "io/config/setting_override.hpp"
#include "io/sports/original_names.hpp"
#include "io/sports/section.hpp"
#include "rules/sports/node_settings.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace {

using namespace sluice;
using namespace sluice::io;

const original_name* sports_name_of(std::string_view flag, std::string_view variable = {}) {
  static const auto all = sports_original_names();
  const auto at = std::ranges::find_if(all, [&](const original_name& x) {
    return x.place == original_place::node
           && (flag.empty() ? x.variable == variable : x.flag == flag);
  });
  return at == all.end() ? nullptr : &*at;
}

/// The settings of [sports] with what these names set beside an empty table.
result<sports_node_settings> sports_set_by(const std::vector<setting_override>& set) {
  const std::vector sections{sports_section()};
  auto root = toml_of("[sports]\n", "x.toml");
  if (!root)
    return root.error();
  auto origins = apply_overrides(*root, set, sections, nullptr);
  if (!origins)
    return origins.error();
  config_trouble trouble{"x.toml", {}, *std::move(origins)};
  auto table = config_table{*root, {}, trouble}.table("sports");
  const auto made = sections.front().read(*table);
  if (trouble.first)
    return *trouble.first;
  return *made.find<sports_node_settings>();
}

std::vector<setting_override> by_original(std::string_view flag, std::string_view value) {
  const auto* name = sports_name_of(flag);
  EXPECT_NE(name, nullptr) << flag;
  return {override_of(*name, "sports", value, false)};
}

/// Leaves of a table with their paths.
void leaves_of(const toml::table& table, const std::string& path, std::set<std::string>& out) {
  for (const auto& [key, node] : table) {
    const auto inner = path + '.' + std::string{key.str()};
    if (const auto* more = node.as_table())
      leaves_of(*more, inner, out);
    else
      out.insert(inner);
  }
}

/// Every key of [sports] that there is.
std::set<std::string> all_sports_keys() {
  sports_node_settings full;
  full.transport.key_file = "a";
  full.feed.url = "https://a";
  full.feed.key_file = "b";
  full.feed.ca_file = "c";
  full.world = sports_world{};
  toml_text text;
  sports_section().write(text, mechanism_settings::of(std::move(full)));
  const auto table = toml_of(std::move(text).take(), "written");
  std::set<std::string> keys;
  if (table)
    leaves_of(*table->get("sports")->as_table(), "sports", keys);
  return keys;
}

std::string variable_of_key(const std::string& key) {
  std::string name = "SLUICE_";
  for (const char c : key)
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string settings_page() {
  return test::file_bytes(SOURCE_DIR "/docs/sports-settings.md");
}

TEST(sports_original_names, are_the_settings_of_the_original) {
  const auto set = [](std::string_view flag, std::string_view value) {
    auto made = sports_set_by(by_original(flag, value));
    EXPECT_TRUE(made) << flag << ": " << made.error().what;
    return made ? *std::move(made) : sports_node_settings{};
  };
  EXPECT_EQ(set("max_targets", "128").rules.slots, 128U);
  EXPECT_EQ(set("alpha", "0.8").rules.blacklist_alpha, 0.8);
  EXPECT_FALSE(set("websocket.enabled", "False").transport.websocket);
  EXPECT_TRUE(set("websocket.enabled", "").transport.websocket);
  EXPECT_EQ(set("websocket.heartbeat_interval", "30").transport.websocket_heartbeat_s, 30U);
  EXPECT_EQ(set("websocket.connection_timeout", "120.0").transport.websocket_timeout_s, 120U);
  EXPECT_EQ(set("event_driven.scoring_interval", "1800").rules.scoring_s, 1800U);
  EXPECT_EQ(set("event_driven.weights_interval", "3600").rules.weights_s, 3600U);
  EXPECT_EQ(set("event_driven.game_data_interval", "300").feed.interval_s, 300U);
  EXPECT_FALSE(set("event_driven.http_fallback", "no").transport.http_fallback);
  ASSERT_NE(sports_name_of("netuid"), nullptr);
  EXPECT_EQ(sports_name_of("netuid")->key, "chain.netuid");
}

TEST(sports_original_names, with_their_usual_values_change_nothing) {
  for (const auto& x : sports_original_names()) {
    if (x.place != original_place::node || !x.key.starts_with("sports."))
      continue;
    const auto made = sports_set_by({override_of(x, "sports", x.usual, false)});
    ASSERT_TRUE(made) << x.flag << ": " << made.error().what;
    EXPECT_EQ(*made, sports_node_settings{}) << x.flag;
  }
}

TEST(sports_original_names, refuse_what_has_no_meaning_here) {
  const auto* driven = sports_name_of("", "USE_EVENT_DRIVEN");
  ASSERT_NE(driven, nullptr);
  EXPECT_TRUE(sports_set_by({override_of(*driven, "sports", "True", true)}));
  const auto refused = sports_set_by({override_of(*driven, "sports", "False", true)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what,
            "USE_EVENT_DRIVEN: expected True: the mechanism is driven by events; it has no polling "
            "mode to fall back to");
  EXPECT_FALSE(sports_set_by(by_original("load_state", "False")));
  EXPECT_FALSE(sports_set_by(by_original("websocket.enabled", "maybe")));
  EXPECT_FALSE(sports_set_by(by_original("event_driven.scoring_interval", "1.5")));
  EXPECT_FALSE(sports_set_by(by_original("event_driven.scoring_interval", "-1")));
  EXPECT_FALSE(sports_set_by(by_original("event_driven.scoring_interval", "0")));
}

TEST(sports_original_names, name_a_folder_for_a_database) {
  const auto path = [](std::string_view value) { return by_original("db", value).front(); };
  EXPECT_EQ(path("./state/validator.db").value, "./state/validator");
  EXPECT_EQ(path("./state").value, "./state");
  EXPECT_TRUE(path(".db").wrong);
  EXPECT_TRUE(path("").wrong);
}

TEST(sports_settings_page, lists_every_original_name_with_its_meaning) {
  const auto page = settings_page();
  for (const auto& x : sports_original_names()) {
    const auto cell = [](std::string_view name, const std::string& dashes) {
      return name.empty() ? std::string{"-"} : '`' + dashes + std::string{name} + '`';
    };
    const auto row = "| " + cell(x.flag, "--") + " | " + cell(x.variable, "") + " | "
                     + cell(x.usual, "") + " | " + cell(x.key, "") + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(sports_settings_page, lists_every_key_with_its_variable) {
  const auto page = settings_page();
  const auto keys = all_sports_keys();
  EXPECT_GT(keys.size(), 50U);
  for (const auto& key : keys) {
    const auto row = "| `" + key + "` | `" + variable_of_key(key) + "` |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(sports_settings, are_each_a_variable_of_the_environment) {
  const std::vector sections{sports_section()};
  for (const auto& key : all_sports_keys()) {
    const auto set = overrides_in_environment(std::vector{variable_of_key(key) + "=1"}, sections);
    ASSERT_TRUE(set);
    ASSERT_EQ(set->size(), 1U) << key;
    EXPECT_EQ(set->front().key, key);
  }
}

} // namespace
