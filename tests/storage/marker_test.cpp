#include "storage/marker.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

const marker sample{1, {"0.1.0", 7, "3f2a"}};
constexpr std::string_view sample_text
  = "sluice data folder\nschema 1\nversion 0.1.0\nseed 7\nconfig 3f2a\n";

TEST(marker, is_a_text_that_people_can_read) {
  EXPECT_EQ(to_text(sample), sample_text);
  EXPECT_EQ(*parse_marker(sample_text, "F", 1), sample);
  const marker bare{0, {"", ~uint64_t{0}, ""}};
  EXPECT_EQ(*parse_marker(to_text(bare), "F", 1), bare);
}

TEST(marker, states_which_line_is_wrong) {
  const auto error_of = [](std::string_view text) {
    const auto x = parse_marker(text, "F", 1);
    EXPECT_FALSE(x) << text;
    return x ? "" : x.error().what;
  };
  EXPECT_EQ(error_of(""), "F:1: expected 'sluice data folder'");
  EXPECT_EQ(error_of("sluice data folders\n"), "F:1: expected 'sluice data folder'");
  EXPECT_EQ(error_of("sluice data folder\nschema one\n"), "F:2: expected 'schema VALUE'");
  EXPECT_EQ(error_of("sluice data folder\nschema 4294967296\n"), "F:2: expected 'schema VALUE'");
  EXPECT_EQ(error_of("sluice data folder\nschema 1\nversion a b\n"),
            "F:3: expected 'version VALUE'");
  EXPECT_EQ(error_of("sluice data folder\nschema 1\nversion 0.1.0\nseed -1\n"),
            "F:4: expected 'seed VALUE'");
  EXPECT_EQ(error_of("sluice data folder\nschema 1\nversion 0.1.0\nseed 7\nconfig 3f2a"),
            "F:5: expected 'config VALUE'");
  EXPECT_EQ(error_of(std::string{sample_text} + "more\n"), "F:6: expected nothing more");
}

TEST(marker, refuses_every_cut) {
  for (size_t n = 0; n < sample_text.size(); ++n)
    EXPECT_EQ(parse_marker(sample_text.substr(0, n), "F", 1).error().code, ec::corrupt_data) << n;
}

TEST(marker, of_a_newer_schema_may_contain_more) {
  const auto x = parse_marker("sluice data folder\nschema 9\nversion 4.0\nsalt 1\n", "F", 1);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->schema, 9u);
  EXPECT_EQ(x->who.version, "4.0");
}

TEST(marker, states_the_id_of_the_folder_since_schema_5) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  marker x{stamped_since, {"0.3.0", 7, "3f2a"}, id, stores_state::making};
  const std::string begin = "sluice data folder\nschema 5\nversion 0.3.0\nseed 7\nconfig 3f2a\n";
  EXPECT_EQ(to_text(x), begin + "folder " + id + "\nstores making\n");
  for (const auto state : {stores_state::ready, stores_state::making, stores_state::sealing}) {
    x.stores = state;
    EXPECT_EQ(*parse_marker(to_text(x), "F", 5), x);
    auto before = x; // while its stores get their stamps
    before.schema = stamped_since - 1;
    EXPECT_EQ(*parse_marker(to_text(before), "F", 5), before);
  }
  const auto error_of = [&](const std::string& rest) {
    const auto read = parse_marker(begin + rest, "F", 5);
    return read ? "" : read.error().what;
  };
  EXPECT_EQ(error_of(""), "F:6: expected 'folder VALUE'");
  EXPECT_EQ(error_of("folder 12\nstores ready\n"), "F:6: expected 'folder VALUE'");
  EXPECT_EQ(error_of("folder " + id + "\nstores open\n"), "F:7: expected 'stores VALUE'");
  EXPECT_EQ(error_of("folder " + id + "\nstores ready\nmore\n"), "F:8: expected nothing more");
  test::temp_folder temp;
  x.folder = "short";
  EXPECT_EQ(write_marker(temp.path(), x).error().code, ec::invalid_argument);
}

TEST(marker, is_none_where_there_is_none) {
  test::temp_folder temp;
  EXPECT_FALSE(read_marker(temp.path(), 1)->has_value());
  ASSERT_TRUE(write_marker(temp.path(), sample));
  EXPECT_EQ(read_marker(temp.path(), 1)->value(), sample);
  EXPECT_EQ(test::names_below(temp.path()), std::set<std::string>{"SLUICE"});
  test::put_content(temp / "SLUICE", std::string(100'000, 'x'));
  EXPECT_EQ(read_marker(temp.path(), 1).error().code, ec::corrupt_data);
}

} // namespace
} // namespace sluice::storage
