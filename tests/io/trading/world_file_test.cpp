#include "io/trading/rows.hpp"
#include "io/trading/world_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

class world_file_test : public testing::Test {
protected:
  result<world_file> read(const std::string& text) {
    return read_world_file(folder_.write("world.jsonl", text));
  }

private:
  test::scratch_folder folder_;
};

const std::string metagraph
  = R"({"kind":"metagraph","block":5,"time":"2025-04-01T00:00:00Z","neurons":[)"
    R"({"uid":0,"hotkey":"v","coldkey":"vc","dividends":0.9,"stake":1.5},)"
    R"({"uid":1,"hotkey":"h","coldkey":"c","dividends":0.0,"stake":1.0}]})"
    "\n";

TEST_F(world_file_test, all_records_make_the_world) {
  const auto file = read(
    R"({"kind":"settings","now":"2025-04-13T14:07:00Z","taoapp_mapping":"by_direction",)"
    R"("blacklisted_hotkeys":["bad"]})"
    "\n"
    + metagraph + R"({"kind":"registered","netuid":3,"coldkeys":["a","c"]})" + "\n"
    + R"({"kind":"tracking","hotkey":"h","coldkey":"c","tracking_start":"2025-04-02T00:00:00Z"})");
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(file->now_us, parse_iso_time("2025-04-13T14:07:00Z"));
  EXPECT_EQ(file->mapping, tao_mapping::by_direction);
  EXPECT_EQ(file->world.blacklist, std::set<std::string>{"bad"});
  EXPECT_EQ(file->world.block, 5U);
  ASSERT_EQ(file->world.identities.size(), 1U);
  EXPECT_EQ(file->world.identities[0].tracking_start_us, parse_iso_time("2025-04-02T00:00:00Z"));
  EXPECT_TRUE(facts_of(file->world, "c", 3).registered_there);
  EXPECT_FALSE(facts_of(file->world, "c", 4).registered_known);
}

std::string metagraph_of(int block, const std::string& neurons) {
  return R"({"kind":"metagraph","block":)" + std::to_string(block)
         + R"(,"time":"2025-04-01T00:00:00Z","neurons":)" + neurons + '}';
}

TEST_F(world_file_test, what_is_wrong_is_said_with_line_and_field) {
  const std::vector<std::pair<std::string, std::string>> cases{
    {"{\"kind\":\"weather\"}", "kind"},
    {"{}", "kind"},
    {"no json", "JSON"},
    {R"({"kind":"settings","now":"yesterday"})", "now"},
    {R"({"kind":"settings","taoapp_mapping":"x"})", "taoapp_mapping"},
    {R"({"kind":"settings","blacklisted_hotkeys":[1]})", "blacklisted_hotkeys"},
    {metagraph_of(5, R"({})"), "neurons"},
    {metagraph_of(5, R"([1])"), "neurons[0]"},
    {metagraph_of(5, R"([{"uid":70000,"hotkey":"h","coldkey":"c"}])"), "neurons[0].uid"},
    {metagraph_of(5, R"([{"uid":7,"hotkey":"","coldkey":"c"}])"), "hotkey"},
    {metagraph_of(5, R"([{"uid":7,"hotkey":"h","coldkey":"c","dividends":-1}])"), "dividends"},
    {metagraph_of(4, R"([])"), "rising block"},
    {R"({"kind":"registered","netuid":3,"coldkeys":"c"})", "coldkeys"},
    {R"({"kind":"tracking","hotkey":"h","coldkey":"c","tracking_start":5})", "tracking_start"},
  };
  for (const auto& [text, part] : cases) {
    const auto file = read(metagraph + text);
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, ec::bad_input) << text;
    EXPECT_NE(file.error().what.find("world.jsonl:2"), std::string::npos) << file.error().what;
    EXPECT_NE(file.error().what.find(part), std::string::npos) << file.error().what;
  }
}

TEST_F(world_file_test, a_file_that_is_not_there_is_unreachable) {
  EXPECT_EQ(read_world_file("/nowhere/world.jsonl").error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::io
