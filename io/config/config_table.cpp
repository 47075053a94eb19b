#include "io/config/config_table.hpp"

#include "io/text/lines.hpp"
#include "rules/address_check.hpp"
#include "rules/nearest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sluice::io {
namespace {

std::string shown_toml(double x) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, x).ptr;
  return {text, end};
}

std::string shown_toml(const toml::node& node) {
  if (const auto* text = node.as_string())
    return io::quoted(text->get());
  if (const auto* number = node.as_integer())
    return std::to_string(number->get());
  if (const auto* number = node.as_floating_point())
    return shown_toml(number->get());
  if (const auto* truth = node.as_boolean())
    return truth->get() ? "true" : "false";
  if (node.is_table())
    return "a table";
  if (node.is_array())
    return "an array";
  return "a date or time";
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_allowed(std::string_view text, config_table::letters allowed) {
  using letters = config_table::letters;
  const auto every = [text](auto f) { return std::all_of(text.begin(), text.end(), f); };
  switch (allowed) {
  case letters::any:
    return every([](char c) { return static_cast<uint8_t>(c) >= 0x20 && c != 0x7f; });
  case letters::name:
    return !text.empty() && every([](char c) {
      return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
    });
  case letters::token:
    return !text.empty() && every([](char c) { return c > 0x20 && c < 0x7f; });
  case letters::hotkey:
    return is_allowed(text, letters::token) && address_fault(text).empty();
  case letters::address:
    return text.size() == 42 && text.starts_with("0x")
           && std::all_of(text.begin() + 2, text.end(), is_hex);
  case letters::path:
    return !text.empty() && every([](char c) { return c != '\0' && c != '\n'; });
  }
  return false;
}

/// Where the value of a key comes from, or of the entry of a list; null: from the file.
const std::string* origin_of(const config_trouble& trouble, std::string_view path) {
  for (const auto& [key, from] : trouble.origins)
    if (path == key || (path.starts_with(key) && path[key.size()] == '['))
      return &from;
  return nullptr;
}

std::string description(config_table::letters allowed, size_t bytes_max) {
  using letters = config_table::letters;
  const auto up_to = std::to_string(bytes_max);
  switch (allowed) {
  case letters::any:
    return "a text of at most " + up_to + " bytes";
  case letters::name:
    return "a name of 1 to " + up_to + " characters out of a-z 0-9 . _ -";
  case letters::token:
  case letters::hotkey:
    return "a word of 1 to " + up_to + " printable characters without spaces";
  case letters::address:
    return "an address: 0x and 40 hexadecimal digits";
  case letters::path:
    return "a file name";
  }
  return {};
}

/// What a text should have been.
std::string expected_text(std::string_view text, config_table::letters allowed, size_t bytes_max) {
  if (allowed == config_table::letters::hotkey)
    if (auto wrong = address_fault(text); !wrong.empty())
      return wrong;
  return description(allowed, bytes_max);
}

} // namespace

config_table::config_table(const toml::table& table, std::string path, config_trouble& trouble)
  : table_(table), path_(std::move(path)), trouble_(&trouble) {}

std::string config_table::path_of(std::string_view key) const {
  return path_.empty() ? std::string{key} : path_ + '.' + std::string{key};
}

void config_table::refuse_at(const toml::source_region& where, std::string_view path,
                             std::string_view expected, std::string_view got,
                             std::string_view hint) {
  if (trouble_->first)
    return;
  std::string what = trouble_->file;
  if (const auto* origin = origin_of(*trouble_, path))
    what = *origin;
  else if (where.begin.line != 0)
    what += ':' + std::to_string(where.begin.line) + ':' + std::to_string(where.begin.column);
  what += ": ";
  what += path;
  what += ": expected ";
  what += expected;
  what += ", got ";
  what += got;
  if (!hint.empty()) {
    what += "; ";
    what += hint;
  }
  trouble_->first = fault{ec::bad_input, std::move(what)};
}

void config_table::refuse(std::string_view key, std::string_view expected, std::string_view got,
                          std::string_view hint) {
  const auto* node = table_.get(key);
  refuse_at(node ? node->source() : table_.source(), path_of(key), expected,
            !got.empty() ? std::string{got}
            : node       ? shown_toml(*node)
                         : "nothing",
            hint);
}

void config_table::allow(std::span<const std::string_view> keys) {
  for (const auto& [key, node] : table_) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end())
      continue;
    const auto near = nearest(key.str(), std::span{keys.begin(), keys.size()});
    std::string list;
    for (const auto known : keys)
      list += (list.empty() ? "" : " ") + std::string{known};
    const std::string shown_key
      = is_allowed(key.str(), letters::name) ? std::string{key.str()} : io::quoted(key.str());
    refuse_at(key.source(), path_of(shown_key), "one of " + list, "an unknown key",
              near ? "did you mean " + std::string{*near} + "?" : "");
    return;
  }
}

void config_table::require(std::string_view key) {
  if (!has(key))
    refuse(key, "a value", "nothing", "this key is required");
}

void config_table::read(std::string_view key, bool& out) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  if (const auto* truth = node->as_boolean())
    out = truth->get();
  else
    refuse(key, "true or false");
}

void config_table::read(std::string_view key, double& out, double least, double most) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  if (value && *value >= least && *value <= most)
    out = *value;
  else
    refuse(key, "a number from " + shown_toml(least) + " to " + shown_toml(most));
}

void config_table::read(std::string_view key, u256& out, const u256& most) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  std::optional<u256> value;
  if (const auto* text = node->as_string())
    value = u256::parse(text->get());
  else if (const auto* number = node->as_integer(); number && number->get() >= 0)
    value = u256{static_cast<uint64_t>(number->get())};
  if (value && *value <= most)
    out = *value;
  else
    refuse(key, "an amount in smallest units, as a decimal string or an integer, at most "
                  + to_string(most));
}

void config_table::read(std::string_view key, u128& out) {
  u256 wide = out;
  read(key, wide, u128_max);
  out = static_cast<u128>(wide);
}

bool config_table::integer(std::string_view key, int64_t least, uint64_t most, bool& negative,
                           uint64_t& magnitude) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return false;
  std::optional<u256> size;
  negative = false;
  if (const auto* text = node->as_string()) {
    size = u256::parse(text->get());
  } else if (const auto* number = node->as_integer()) {
    negative = number->get() < 0;
    size = i256{number->get()}.magnitude();
  }
  const bool within = size
                      && (negative ? least < 0 && *size <= i256{least}.magnitude()
                                   : *size <= u256{most} && (least <= 0 || *size >= u256{least}));
  if (within)
    magnitude = static_cast<uint64_t>(*size);
  else
    refuse(key, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  return within;
}

void config_table::read(std::string_view key, std::string& out, letters allowed, size_t bytes_max) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto* text = node->as_string();
  if (text && text->get().size() <= bytes_max && is_allowed(text->get(), allowed))
    out = text->get();
  else
    refuse(key, expected_text(text ? std::string_view{text->get()} : "", allowed, bytes_max));
}

void config_table::read(std::string_view key, std::vector<std::string>& out, letters allowed,
                        size_t bytes_max, size_t count_max) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto* list = node->as_array();
  if (list == nullptr || list->size() > count_max) {
    refuse(key, "an array of at most " + std::to_string(count_max) + " texts",
           list ? "an array of " + std::to_string(list->size()) : std::string{});
    return;
  }
  std::vector<std::string> texts;
  for (const auto& entry : *list) {
    const auto* text = entry.as_string();
    if (!text || text->get().size() > bytes_max || !is_allowed(text->get(), allowed)) {
      refuse_at(entry.source(), path_of(key) + '[' + std::to_string(texts.size()) + ']',
                expected_text(text ? std::string_view{text->get()} : "", allowed, bytes_max),
                shown_toml(entry), {});
      return;
    }
    texts.push_back(text->get());
  }
  out = std::move(texts);
}

void config_table::read(std::string_view key, std::vector<uint64_t>& out, uint64_t least,
                        uint64_t most, size_t count_max) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto* list = node->as_array();
  if (list == nullptr || list->empty() || list->size() > count_max) {
    refuse(key, "an array of 1 to " + std::to_string(count_max) + " integers",
           list ? "an array of " + std::to_string(list->size()) : std::string{});
    return;
  }
  std::vector<uint64_t> numbers;
  for (const auto& entry : *list) {
    const auto* number = entry.as_integer();
    const auto x = number ? number->get() : -1;
    if (x < static_cast<int64_t>(least) || x > static_cast<int64_t>(most)) {
      refuse_at(entry.source(), path_of(key) + '[' + std::to_string(numbers.size()) + ']',
                "an integer from " + std::to_string(least) + " to " + std::to_string(most),
                shown_toml(entry), {});
      return;
    }
    numbers.push_back(static_cast<uint64_t>(x));
  }
  out = std::move(numbers);
}

std::optional<size_t>
config_table::chosen(std::string_view key, std::span<const std::string_view> names) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return std::nullopt;
  const auto* text = node->as_string();
  std::string list;
  for (size_t i = 0; i < names.size(); ++i) {
    if (text && text->get() == names[i])
      return i;
    list += (i == 0 ? "\"" : " or \"") + std::string{names[i]} + '"';
  }
  const auto near = text ? nearest(text->get(), names) : std::nullopt;
  refuse(key, list, {}, near ? "did you mean \"" + std::string{*near} + "\"?" : "");
  return std::nullopt;
}

std::optional<config_table> config_table::table(std::string_view key) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return std::nullopt;
  if (const auto* inner = node->as_table())
    return config_table{*inner, path_of(key), *trouble_};
  refuse(key, "a table: [" + path_of(key) + "]");
  return std::nullopt;
}

std::vector<config_table> config_table::tables(std::string_view key, size_t count_max) {
  std::vector<config_table> all;
  const auto* node = table_.get(key);
  if (node == nullptr)
    return all;
  const auto* list = node->as_array();
  const auto wanted = "at most " + std::to_string(count_max) + " tables: [[" + path_of(key) + "]]";
  if (list == nullptr || list->size() > count_max) {
    refuse(key, wanted, list ? std::to_string(list->size()) + " of them" : std::string{});
    return all;
  }
  for (const auto& entry : *list) {
    const auto* inner = entry.as_table();
    if (inner == nullptr) {
      refuse_at(entry.source(), path_of(key), wanted, shown_toml(entry), {});
      return {};
    }
    all.emplace_back(*inner, path_of(key) + '[' + std::to_string(all.size()) + ']', *trouble_);
  }
  return all;
}

std::vector<std::string> config_table::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, node] : table_)
    names.emplace_back(key.str());
  return names;
}

} // namespace sluice::io
