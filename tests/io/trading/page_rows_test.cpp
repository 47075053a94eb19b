#include "io/trading/rows.hpp"
#include "rules/trading/paging.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

const std::string asked = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
const std::string staked_to = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";

std::string row(const std::string& more, const std::string& netuid = "4") {
  return "{" + more + R"("timestamp":"2025-10-09T08:00:00Z","event_id":"StakeAdded","netuid":)"
         + netuid + R"(,"amount_in":1,"amount_out":2,"hotkey":")" + staked_to
         + R"(","extrinsics":"7"})";
}

io::event_page page(const std::string& rows, std::string_view coldkey) {
  io::event_row_options how;
  how.form = io::event_row_form::taoapp;
  how.coldkey = coldkey;
  auto read
    = io::read_event_page("{\"data\":[" + rows + "],\"next_page\":null,\"total\":1}", "page", how);
  EXPECT_TRUE(read) << (read ? "" : read.error().what);
  return read ? *std::move(read) : io::event_page{};
}

TEST(trading_page_rows, state_the_coldkey_or_are_of_the_one_that_was_asked_for) {
  const auto other = R"("coldkey":")" + staked_to + "\",";
  const auto x = page(row("") + "," + row(other), asked);
  ASSERT_EQ(x.events.size(), 2U);
  EXPECT_EQ(x.events[0].coldkey, asked);
  EXPECT_EQ(x.events[1].coldkey, staked_to);
  const auto nobody = page(row(""), "");
  EXPECT_TRUE(nobody.events.empty());
  EXPECT_EQ(nobody.rejected[static_cast<size_t>(row_rejection::key)], 1U);
}

TEST(trading_page_rows, rejected_ones_are_known_by_their_text) {
  const auto x
    = page(row("", "0") + ", " + row("") + "," + row("", "null") + "," + row("", "0"), asked);
  ASSERT_EQ(x.rejected_rows.size(), 3U);
  EXPECT_EQ(x.rejected_rows[0], row_digest(row("", "0")));
  EXPECT_EQ(x.rejected_rows[2], x.rejected_rows[0]);
  EXPECT_NE(x.rejected_rows[1], x.rejected_rows[0]);
}

TEST(trading_page_rows, of_a_page_full_of_rejected_ones_twenty_get_a_sentence) {
  std::string rows;
  for (int i = 0; i < 5'000; ++i)
    rows += (i == 0 ? "" : ",\n") + row("", i % 2 == 0 ? "0" : "4");
  const auto x = page(rows, asked);
  EXPECT_EQ(x.rows, 5'000U);
  EXPECT_EQ(x.events.size(), 2'500U);
  EXPECT_EQ(x.rejected[static_cast<size_t>(row_rejection::netuid)], 2'500U);
  EXPECT_EQ(x.why.size(), 20U);
}

} // namespace
} // namespace sluice::test
