#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace sluice::io {
namespace {

const std::string node_of_sports
  = "[validator]\nuid = 9\n[weights]\nshares = { sports = 1.0 }\n[sports]\n[sports.world]\n";

result<node_config> with_storage(const std::string& keys) {
  return parse_config(node_of_sports + "[storage]\n" + keys, "n.toml", test::sections());
}

TEST(config_storage, keeps_everything_unless_it_states_otherwise) {
  const auto config = parse_config(node_of_sports, "n.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->storage, storage_settings{});
  EXPECT_EQ(write_config(*config, test::sections()).find("[storage]"), std::string::npos);
}

TEST(config_storage, reads_what_it_writes) {
  const auto config = with_storage("budget = \"20GB\"\nkeep_rounds = 5000\nkeep_epochs = 100\n"
                                   "keep_actions = 7\ncheck_s = 5\ngroup_readable = true\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->storage, (storage_settings{20'000'000'000, 5000, 100, 7, 5, true}));
  const auto again
    = parse_config(write_config(*config, test::sections()), "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
}

/// A folder goes on when only this has changed.
TEST(config_storage, makes_no_other_configuration_of_it) {
  const auto config = with_storage("keep_rounds = 5000\n");
  const auto plain = parse_config(node_of_sports, "n.toml", test::sections());
  ASSERT_TRUE(config && plain);
  EXPECT_EQ(write_scoring_config(*config, test::sections()),
            write_scoring_config(*plain, test::sections()));
}

TEST(config_storage, refuses_what_cannot_be_with_key_and_line) {
  for (const auto& [keys, part] : std::initializer_list<std::pair<std::string, std::string>>{
         {"budget = \"20 apples\"\n", "n.toml:8:10: storage.budget: expected a size such as"},
         {"budget = \"10kB\"\n", "at least 1MB"},
         {"budget = 20\n", "storage.budget"},
         {"keep_epochs = 31\n", "storage.keep_epochs: expected 0 (all), or at least 32"},
         {"keep_rounds = -1\n", "storage.keep_rounds"},
         {"check_s = 0\n", "storage.check_s"},
         {"keep_round = 1\n", "keep_rounds"}}) {
    const auto config = with_storage(keys);
    ASSERT_FALSE(config) << keys;
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_NE(config.error().what.find(part), std::string::npos) << config.error().what;
  }
}

} // namespace
} // namespace sluice::io
