#include "io/text/json_fields.hpp"

#include "io/text/hex.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sluice::io {

namespace {

const json nothing_there; // what a failed part() refers to

std::optional<u256> as_whole(const json& x) {
  if (x.is_number_unsigned())
    return u256{x.get<uint64_t>()};
  if (x.is_string())
    return u256::parse(x.get_ref<const std::string&>());
  return {};
}

std::optional<i256> as_integer(const json& x) {
  if (x.is_number_unsigned())
    return i256::from_u256(u256{x.get<uint64_t>()});
  if (x.is_number_integer())
    return i256{x.get<int64_t>()};
  if (x.is_string())
    return i256::parse(x.get_ref<const std::string&>());
  return {};
}

} // namespace

std::string shown(const json& x) {
  if (x.is_string())
    return io::quoted(x.get_ref<const std::string&>());
  if (x.is_object() || x.is_array())
    return x.is_object() ? "an object" : "a list";
  return x.dump();
}

result<json> parse_object(const line_reader& lines, std::string_view text) {
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_object())
    return parsed;
  if (parsed.is_discarded() && lines.cut())
    return bad_line(lines.path(), lines.number(), "", "a JSON object",
                    "a line that ends with the file",
                    "the file is truncated: fetch or export it again");
  return bad_line(lines.path(), lines.number(), "", "a JSON object",
                  parsed.is_discarded() ? io::quoted(text) : shown(parsed),
                  "check that this is a JSON lines file");
}

std::optional<address> parse_address(std::string_view text) {
  if (text.starts_with("0x"))
    text.remove_prefix(2);
  address x{};
  if (text.size() != 2 * x.size())
    return {};
  for (size_t i = 0; i < x.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return {};
    x[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return x;
}

std::optional<uint64_t> parse_time(std::string_view text) {
  constexpr std::string_view pattern = "dddd-dd-dd dd:dd:dd";
  if (text.size() < pattern.size())
    return {};
  std::array<int, 6> parts{};
  size_t part = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = text[i];
    if (pattern[i] != 'd') {
      if (c != pattern[i] && !(pattern[i] == ' ' && c == 'T'))
        return {};
      ++part;
    } else {
      if (c < '0' || c > '9')
        return {};
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  auto rest = text.substr(pattern.size());
  if (rest.starts_with('.'))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  if (!rest.empty() && rest != "Z" && rest != " UTC" && rest != "+00:00")
    return {};
  const std::chrono::year_month_day day{std::chrono::year{parts[0]},
                                        std::chrono::month{static_cast<unsigned>(parts[1])},
                                        std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!day.ok() || parts[0] < 1970 || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
    return {};
  const auto days = std::chrono::sys_days{day}.time_since_epoch().count();
  return static_cast<uint64_t>(days) * 86'400
         + static_cast<uint64_t>(parts[3] * 3600 + parts[4] * 60 + parts[5]);
}

std::string to_text(const address& x) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "0x";
  for (auto byte : x) {
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

void json_fields::fail(std::string_view field, std::string_view expected, std::string_view got,
                       std::string_view what_to_do) {
  if (!error_)
    error_ = bad_line(file_, line_, prefix_ + std::string{field}, expected, got, what_to_do);
}

const json* json_fields::find(std::string_view name, std::string_view expected) {
  const auto at = object_->find(name);
  if (at != object_->end())
    return &*at;
  fail(name, expected, "nothing", correct_it);
  return nullptr;
}

void json_fields::wrong(std::string_view name, std::string_view expected, const json& got) {
  fail(name, expected, shown(got), correct_it);
}

bool json_fields::has(std::string_view name) const {
  return object_->is_object() && object_->contains(name);
}

std::string json_fields::text(std::string_view name) {
  const auto* x = find(name, "a text");
  if (x && x->is_string())
    return x->get<std::string>();
  if (x)
    wrong(name, "a text", *x);
  return {};
}

bool json_fields::flag(std::string_view name) {
  const auto* x = find(name, "true or false");
  if (x && x->is_boolean())
    return x->get<bool>();
  if (x)
    wrong(name, "true or false", *x);
  return false;
}

u256 json_fields::whole(std::string_view name, unsigned bits) {
  const auto* x = find(name, "a whole number");
  if (!x)
    return {};
  const auto value = as_whole(*x);
  if (value && value->bit_width() <= bits)
    return *value;
  wrong(name, "a whole number from 0 to 2^" + std::to_string(bits) + "-1 (beyond 2^64 as a string)",
        *x);
  return {};
}

i256 json_fields::integer(std::string_view name) {
  const auto* x = find(name, "an integer");
  if (!x)
    return {};
  if (const auto value = as_integer(*x))
    return *value;
  wrong(name, "an integer from -2^255 to 2^255-1 (beyond 2^63 as a string)", *x);
  return {};
}

int64_t json_fields::number(std::string_view name, int64_t min, int64_t max) {
  const auto* x = find(name, "an integer");
  if (!x)
    return min;
  const auto value = as_integer(*x);
  if (value && *value >= i256{min} && *value <= i256{max})
    return static_cast<int64_t>(static_cast<uint64_t>(value->bits()));
  wrong(name, "an integer from " + std::to_string(min) + " to " + std::to_string(max), *x);
  return min;
}

address json_fields::account(std::string_view name) {
  const auto* x = find(name, "an address");
  if (!x)
    return {};
  if (x->is_string())
    if (const auto value = parse_address(x->get_ref<const std::string&>()))
      return *value;
  wrong(name, "an address of 40 hexadecimal digits", *x);
  return {};
}

uint64_t json_fields::time(std::string_view name) {
  constexpr std::string_view expected = "a time \"YYYY-MM-DD hh:mm:ss\" or unix seconds";
  const auto* x = find(name, expected);
  if (!x)
    return 0;
  if (const auto seconds = as_whole(*x); seconds && *seconds <= u256{UINT32_MAX})
    return static_cast<uint64_t>(*seconds);
  if (x->is_string())
    if (const auto time = parse_time(x->get_ref<const std::string&>()))
      return *time;
  wrong(name, expected, *x);
  return 0;
}

const json& json_fields::part(std::string_view name, bool list) {
  const auto* x = find(name, list ? "a list" : "an object");
  if (x && (list ? x->is_array() : x->is_object()))
    return *x;
  if (x)
    wrong(name, list ? "a list" : "an object", *x);
  return nothing_there;
}

} // namespace sluice::io
