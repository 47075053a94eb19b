#include "tools/miner/miner_event.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {
namespace {

TEST(miner_event, is_a_line_for_people_that_steers_no_terminal) {
  const miner_event x{"answer", "r\x1b[2J\n"};
  EXPECT_EQ(line_of(x, false, {}), "answer    r?[2J?\n");
  const auto timed = line_of(x, false, [] { return uint64_t{0}; });
  EXPECT_TRUE(timed.ends_with("  answer    r?[2J?\n")) << timed;
  EXPECT_EQ(timed.size(), 10 + line_of(x, false, {}).size()) << "hh:mm:ss and two spaces";
}

TEST(miner_event, is_an_object_for_programs) {
  miner_event x{"answer", "text"};
  x.object["leads"] = 3;
  x.object["bytes"] = "\xff";
  EXPECT_EQ(line_of(x, true, {}),
            "{\"event\":\"answer\",\"leads\":3,\"bytes\":\"\xef\xbf\xbd\"}\n");
  EXPECT_EQ(line_of(miner_event{"a", ""}, true, [] { return uint64_t{5}; }),
            "{\"event\":\"a\",\"time_ms\":5}\n");
}

} // namespace
} // namespace sluice::tools
