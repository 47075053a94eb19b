#include "storage/backup_digest.hpp"

#include "storage/files.hpp"
#include "storage/key.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr size_t digest_bytes_max = 1 << 20;
constexpr std::string_view digest_head = "backup 1";

std::vector<std::string_view> words_of_line(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::optional<table_digest> table_of_words(const std::vector<std::string_view>& words) {
  table_digest made;
  if (words.size() != 4 || words[0] != "table" || words[1].empty() || words[3].size() != 16)
    return {};
  made.name = words[1];
  const auto rows = std::from_chars(words[2].begin(), words[2].end(), made.rows);
  const auto sum = std::from_chars(words[3].begin(), words[3].end(), made.checksum, 16);
  if (rows.ec != std::errc{} || rows.ptr != words[2].end() || sum.ec != std::errc{}
      || sum.ptr != words[3].end())
    return {};
  return made;
}

} // namespace

std::string digest_text(const stated_digest& x) {
  auto made = std::string{digest_head} + "\nstore " + x.store + '\n';
  for (const auto& one : x.tables) {
    std::string sum;
    append_key(sum, one.checksum);
    made += "table " + one.name + ' ' + std::to_string(one.rows) + ' ' + to_hex(sum) + '\n';
  }
  return made + "end\n";
}

result<stated_digest> read_digest(const fs::path& folder) {
  const auto file = folder / digest_name;
  const auto text = read_whole(file, digest_bytes_max);
  if (!text)
    return text.error();
  stated_digest made;
  std::string_view rest = *text;
  size_t line_number = 0;
  bool ended = false;
  while (!rest.empty() && !ended) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++line_number;
    const auto words = words_of_line(line);
    const auto wrong = fault{ec::corrupt_data, file.string() + ":" + std::to_string(line_number)
                                                 + ": the digest of a backup cannot be read"};
    if (line_number == 1 ? line != digest_head
                         : line_number == 2 && (words.size() != 2 || words[0] != "store"))
      return wrong;
    if (line_number == 2)
      made.store = words[1];
    ended = line_number > 2 && line == "end";
    if (line_number <= 2 || ended)
      continue;
    auto table = table_of_words(words);
    if (!table)
      return wrong;
    made.tables.push_back(*std::move(table));
  }
  if (!ended)
    return fault{ec::corrupt_data, file.string() + ": the digest of a backup is cut short"};
  return made;
}

std::string difference_of_digests(const store_digest& a, const store_digest& b) {
  for (const auto& one : a) {
    const auto other
      = std::find_if(b.begin(), b.end(), [&](const auto& x) { return x.name == one.name; });
    if (other == b.end())
      return "table " + one.name + " is missing";
    if (other->rows != one.rows)
      return "table " + one.name + " has " + std::to_string(other->rows) + " rows, not "
             + std::to_string(one.rows);
    if (other->checksum != one.checksum)
      return "table " + one.name + " has another checksum";
  }
  return a.size() == b.size() ? "" : "there are more tables";
}

} // namespace sluice::storage
