#include "storage/marker.hpp"

#include "storage/folder_id.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::storage {

namespace {

constexpr size_t marker_bytes_max = 4096;
constexpr std::string_view title = "sluice data folder";
constexpr std::array<std::string_view, 3> stores_states{"ready", "making", "sealing"};

std::string_view to_string(stores_state x) {
  return stores_states.at(static_cast<size_t>(x));
}

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
  fault too_long() const {
    return {ec::corrupt_data,
            std::string{name_} + ':' + std::to_string(number_ + 1) + ": expected nothing more"};
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
  auto text = std::string{title} + "\nschema " + std::to_string(x.schema) + "\nversion "
              + x.who.version + "\nseed " + std::to_string(x.who.seed) + "\nconfig "
              + x.who.config_digest + '\n';
  if (x.schema >= stamped_since || !x.folder.empty())
    text += "folder " + x.folder + "\nstores " + std::string{to_string(x.stores)} + '\n';
  return text;
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
  const bool just_sealed = x.schema + 1 == stamped_since && !lines.at_end();
  if (x.schema >= stamped_since || just_sealed) {
    if (!lines.next("folder", value) || !is_folder_id(value))
      return lines.wrong();
    x.folder = value;
    if (!lines.next("stores", value))
      return lines.wrong();
    const auto state = std::ranges::find(stores_states, value);
    if (state == stores_states.end())
      return lines.wrong();
    x.stores = static_cast<stores_state>(state - stores_states.begin());
  }
  if (!lines.at_end())
    return lines.too_long();
  return x;
}

result<std::optional<marker>>
read_marker(const std::filesystem::path& folder, uint32_t schema_max) {
  const auto file = folder / marker_name;
  std::error_code unreadable;
  const auto there = std::filesystem::symlink_status(file, unreadable);
  if (there.type() == std::filesystem::file_type::not_found)
    return std::optional<marker>{};
  const auto text = read_whole(file, marker_bytes_max);
  if (!text)
    return text.error();
  auto x = parse_marker(*text, file.string(), schema_max);
  if (!x)
    return x.error();
  return std::optional{*std::move(x)};
}

result<nothing>
write_marker(const std::filesystem::path& folder, const marker& x, uint32_t file_mode) {
  if (x.schema >= stamped_since && !is_folder_id(x.folder))
    return fault{ec::invalid_argument,
                 folder.string() + ": a folder's id is 32 hexadecimal digits"};
  if (!is_plain(x.who.version) || !is_plain(x.who.config_digest))
    return fault{ec::invalid_argument,
                 folder.string() + ": version and config digest are letters, digits, '.+-'"};
  return write_whole(folder / marker_name, to_text(x), file_mode);
}

} // namespace sluice::storage
