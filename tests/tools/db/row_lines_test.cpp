#include "tests/storage/whole_folder.hpp"
#include "tools/db/db_work.hpp"
#include "tools/db/row_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::tools {
namespace {

namespace fs = std::filesystem;
namespace tables = storage::tables;
using storage::test::content;
using storage::test::fill_folder;
using storage::test::put_content;
using storage::test::rows_in;
using storage::test::temp_folder;

result<line_report> exported(const fs::path& data, const fs::path& to,
                             const std::string& store = "", const std::string& table = "") {
  return export_folder({data, store, table, tables::schema_version}, to.string(), {});
}

result<line_report> imported(const fs::path& from, const fs::path& data) {
  return import_lines({from, data, tables::schema_version});
}

std::vector<std::string> lines_in(const fs::path& file) {
  std::vector<std::string> all;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    all.push_back(line);
  return all;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  return text;
}

class row_lines : public testing::Test {
protected:
  row_lines() {
    fill_folder(temp / "data", 1, 40);
    const auto report = exported(temp / "data", temp / "rows.jsonl");
    EXPECT_TRUE(report) << report.error().what;
    lines = lines_in(temp / "rows.jsonl");
  }
  fault refusal(const std::vector<std::string>& changed) {
    put_content(temp / "changed.jsonl", joined_lines(changed));
    const auto report = imported(temp / "changed.jsonl", temp / "new");
    EXPECT_FALSE(report);
    EXPECT_FALSE(fs::exists(temp / "new"));
    EXPECT_FALSE(fs::exists(temp / "new.importing"));
    return report ? fault{} : report.error();
  }
  temp_folder temp;
  std::vector<std::string> lines;
};

TEST_F(row_lines, make_a_folder_with_the_same_rows) {
  const auto made = imported(temp / "rows.jsonl", temp / "new");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(rows_in(temp / "new"), rows_in(temp / "data"));
  EXPECT_EQ(content(temp / "new" / "SLUICE"), content(temp / "data" / "SLUICE"));
  ASSERT_TRUE(exported(temp / "new", temp / "again.jsonl"));
  EXPECT_EQ(content(temp / "again.jsonl"), content(temp / "rows.jsonl"));
  fill_folder(temp / "new", 41, 42); // a node goes on in it
}

TEST_F(row_lines, have_each_row_once_and_in_hexadecimals) {
  const auto rows = rows_in(temp / "data");
  size_t with_key = 0;
  for (const auto& line : lines)
    with_key += line.find("\"key\":") != std::string::npos ? 1 : 0;
  EXPECT_EQ(with_key, rows.size());
  const auto key = storage::encode_key(std::string{"m"});
  const auto& value = rows.at("node score_sheets " + storage::to_hex(key));
  const auto expected = R"({"store":"node","table":"score_sheets","key":")" + storage::to_hex(key)
                        + R"(","value":")" + storage::to_hex(value) + R"("})";
  EXPECT_EQ(std::count(lines.begin(), lines.end(), expected), 1);
}

TEST_F(row_lines, of_one_table_are_no_folder) {
  const auto report = exported(temp / "data", temp / "part.jsonl", "pool_events", "checkpoints");
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->rows, 40U);
  const auto refused = imported(temp / "part.jsonl", temp / "new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::bad_input);
  EXPECT_EQ(exported(temp / "data", temp / "x", "pool-events").error().code, ec::no_such_key);
  EXPECT_EQ(exported(temp / "data", temp / "x", "", "jbos").error().code, ec::no_such_key);
  EXPECT_FALSE(fs::exists(temp / "x"));
}

TEST_F(row_lines, that_were_changed_lost_or_doubled_are_refused_with_their_place) {
  size_t row = 0;
  while (lines[row].find("checkpoints\",\"key\"") == std::string::npos)
    ++row;
  const auto expect = [&](std::vector<std::string> changed, const char* part) {
    const auto why = refusal(changed);
    EXPECT_EQ(why.code, ec::bad_input) << why.what;
    EXPECT_NE(why.what.find("changed.jsonl"), std::string::npos) << why.what;
    EXPECT_NE(why.what.find(part), std::string::npos) << why.what;
  };
  const auto place = ':' + std::to_string(row + 1) + ": ";
  auto other = lines;
  other[row].replace(other[row].size() - 3, 1,
                     other[row][other[row].size() - 3] == '0' ? "1" : "0");
  expect(other, "not those that were exported");
  other = lines;
  other.erase(other.begin() + static_cast<ptrdiff_t>(row));
  expect(other, "not those that were exported");
  other = lines;
  other.insert(other.begin() + static_cast<ptrdiff_t>(row), lines[row]);
  expect(other, "in the order of their keys");
  other = lines;
  std::swap(other[row], other[row + 1]);
  expect(other, "in the order of their keys");
  other = lines;
  other.pop_back();
  expect(other, "cut short");
  other = lines;
  other[row] = R"({"store":"elsewhere","table":"t","key":"00","value":""})";
  expect(other, (place + "store: expected").c_str());
  other[row] = R"({"store":"node","table":"../t","key":"00","value":""})";
  expect(other, (place + "table: expected").c_str());
  other[row] = R"({"store":"node","table":"t","key":"0g","value":""})";
  expect(other, (place + "key: expected").c_str());
  other[row] = R"({"store":"node","table":"t","key":"00","value":"123"})";
  expect(other, (place + "value: expected").c_str());
  other[row] = "[";
  expect(other, place.c_str());
  other = lines;
  other[0] = "{}";
  expect(other, "first line of an export");
  other = lines;
  other.push_back("{}");
  expect(other, "nothing behind");
}

TEST_F(row_lines, are_not_imported_over_anything) {
  put_content(temp / "file", "mine");
  EXPECT_EQ(imported(temp / "rows.jsonl", temp / "file").error().code, ec::refused);
  EXPECT_EQ(imported(temp / "rows.jsonl", temp / "data").error().code, ec::refused);
  EXPECT_EQ(content(temp / "file"), "mine");
  fs::create_directory(temp / "empty");
  EXPECT_TRUE(imported(temp / "rows.jsonl", temp / "empty"));
  EXPECT_EQ(imported(temp / "nowhere.jsonl", temp / "new").error().code, ec::unreachable);
}

TEST_F(row_lines, of_a_newer_version_are_refused_by_number) {
  auto other = lines;
  const auto at = other[0].find("\"schema\":");
  other[0].replace(at, other[0].find(',', at) - at, "\"schema\":99");
  const auto why = refusal(other);
  EXPECT_EQ(why.code, ec::schema_mismatch) << why.what;
}

} // namespace
} // namespace sluice::tools
