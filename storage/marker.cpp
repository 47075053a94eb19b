#include "storage/marker.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::storage {

namespace {

constexpr size_t marker_bytes_max = 4096;
constexpr std::string_view title = "sluice data folder";

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'
           || c == '+' || c == '-';
  });
}

template <class T>
bool to_number(std::string_view text, T& x) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), x);
  return code == std::errc{} && end == text.data() + text.size();
}

/// Takes the text apart line by line, counting.
class line_reader {
public:
  line_reader(std::string_view text, std::string_view name) : rest_(text), name_(name) {}

  /// The next line when it is `tag` or `tag VALUE`; false and a fault in `wrong()` otherwise.
  bool next(std::string_view tag, std::string_view& value) {
    ++number_;
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    tag_ = tag;
    if (end == rest_.npos || !line.starts_with(tag))
      return false;
    value = line.substr(tag.size());
    if (value.empty())
      return true;
    const bool spaced = value.front() == ' ';
    value.remove_prefix(1);
    return spaced && is_plain(value);
  }
  fault wrong() const {
    return {ec::corrupt_data, std::string{name_} + ':' + std::to_string(number_) + ": expected '"
                                + std::string{tag_} + (tag_ == title ? "'" : " VALUE'")};
  }
  bool at_end() const { return rest_.empty(); }

private:
  std::string_view rest_;
  std::string_view name_;
  std::string_view tag_;
  int number_ = 0;
};

} // namespace

std::string to_text(const marker& x) {
  return std::string{title} + "\nschema " + std::to_string(x.schema) + "\nversion " + x.who.version
         + "\nseed " + std::to_string(x.who.seed) + "\nconfig " + x.who.config_digest + '\n';
}

result<marker> parse_marker(std::string_view text, std::string_view name, uint32_t schema_max) {
  line_reader lines{text, name};
  std::string_view value;
  marker x;
  if (!lines.next(title, value) || !value.empty())
    return lines.wrong();
  if (!lines.next("schema", value) || !to_number(value, x.schema))
    return lines.wrong();
  if (!lines.next("version", value))
    return lines.wrong();
  x.who.version = value;
  if (x.schema > schema_max)
    return x; // what else it contains is for its own version to understand
  if (!lines.next("seed", value) || !to_number(value, x.who.seed))
    return lines.wrong();
  if (!lines.next("config", value))
    return lines.wrong();
  x.who.config_digest = value;
  if (!lines.at_end())
    return fault{ec::corrupt_data, std::string{name} + ":6: expected nothing more"};
  return x;
}

result<std::optional<marker>>
read_marker(const std::filesystem::path& folder, uint32_t schema_max) {
  const auto file = folder / marker_name;
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable) && !unreadable)
    return std::optional<marker>{};
  const auto text = read_whole(file, marker_bytes_max);
  if (!text)
    return text.error();
  auto x = parse_marker(*text, file.string(), schema_max);
  if (!x)
    return x.error();
  return std::optional{*std::move(x)};
}

result<nothing> write_marker(const std::filesystem::path& folder, const marker& x) {
  if (!is_plain(x.who.version) || !is_plain(x.who.config_digest))
    return fault{ec::invalid_argument,
                 folder.string() + ": version and config digest are letters, digits, '.+-'"};
  return write_whole(folder / marker_name, to_text(x));
}

} // namespace sluice::storage
