#include "tools/shell/cells.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;

TEST(shell_cells, show_durations_in_two_units) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(0.0000042), "4.2 us");
  EXPECT_EQ(duration_text(0.00042), "420 us");
  EXPECT_EQ(duration_text(0.0042), "4.2 ms");
  EXPECT_EQ(duration_text(0.42), "420 ms");
  EXPECT_EQ(duration_text(4.25), "4.2 s");
  EXPECT_EQ(duration_text(42), "42 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(18'720), "5 h 12 min");
  EXPECT_EQ(duration_text(273'600), "3 d 4 h");
  EXPECT_EQ(duration_text(-1), "-");
}

TEST(shell_cells, show_bytes_and_counts) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(512), "512 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(249'856), "244 KiB");
  EXPECT_EQ(bytes_text(64.0 * (1ULL << 30)), "64.0 GiB");
  EXPECT_EQ(count_text(7), "7");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
}

TEST(shell_cells, take_the_unit_from_the_key) {
  EXPECT_EQ(cell_text("age_s", 200), "3 min 20 s");
  EXPECT_EQ(cell_text("took_us", 1500), "1.5 ms");
  EXPECT_EQ(cell_text("response_ms", 2.5), "2.5 ms");
  EXPECT_EQ(cell_text("size_bytes", 4096), "4.0 KiB");
  EXPECT_EQ(cell_text("messages_per_s", 12345.6), "12,346");
  EXPECT_EQ(cell_text("messages_per_s", 2.25), "2.2");
  EXPECT_EQ(cell_text("busy_percent", 12.345), "12.3 %");
  EXPECT_EQ(cell_text("price_at_start", 0.00041012345), "0.000410123");
}

TEST(shell_cells, show_plain_values_as_they_are) {
  EXPECT_EQ(cell_text("x", nullptr), "-");
  EXPECT_EQ(cell_text("x", true), "yes");
  EXPECT_EQ(cell_text("x", 18'446'744'073'709'551'615ULL), "18446744073709551615");
  EXPECT_EQ(cell_text("block", 123'456'789), "123456789");
  EXPECT_EQ(cell_text("score", 0.0098002488), "0.009800");
  EXPECT_EQ(cell_text("time", "2026-11-21T12:00:00Z"), "2026-11-21 12:00:00");
  EXPECT_EQ(cell_text("x", json::array()), "-");
  EXPECT_EQ(cell_text("x", json::parse(R"([1,{"a":2}])")), "1, {a=2}");
  EXPECT_EQ(cell_text("x", "a\x1b[2Jb\nc"), "a [2Jb c");
}

TEST(shell_cells, shorten_amounts_but_never_before_the_point) {
  EXPECT_EQ(cell_text("fees0", "1.234567890123456789"), "1.234567");
  EXPECT_EQ(cell_text("fees0", "-0.000005234823456789"), "-0.000005234823");
  EXPECT_EQ(cell_text("vault1", "123456789.75"), "123456789");
  EXPECT_EQ(cell_text("vault1", "30000"), "30000");
  EXPECT_EQ(cell_text("version", "0.1.0"), "0.1.0");
}

TEST(shell_cells, put_numbers_to_the_right_and_words_to_the_left) {
  for (const json& x : {json(1), json(1.5), json("1.5"), json("-30000")})
    EXPECT_TRUE(is_number_like(x)) << x;
  for (const json& x : {json("a"), json(""), json("-"), json("1."), json(".5"), json(true), json()})
    EXPECT_FALSE(is_number_like(x)) << x;
}

TEST(shell_cells, title_a_column_without_its_unit) {
  EXPECT_EQ(title_of("messages_per_s"), "messages/s");
  EXPECT_EQ(title_of("age_s"), "age");
  EXPECT_EQ(title_of("disk_free_bytes"), "disk free");
  EXPECT_EQ(title_of("busy_percent"), "busy %");
  EXPECT_EQ(title_of("next_due_block"), "next due block");
}

} // namespace

} // namespace sluice::tools
