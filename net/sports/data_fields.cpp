#include "net/sports/data_fields.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/moment.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::net {

namespace {

constexpr canonical_bounds data_bounds{16, 1024, canonical_digits_max};

} // namespace

data_fields::data_fields(std::string_view object) {
  if (auto members = canonical_members(object, data_bounds))
    members_ = *std::move(members);
  else
    error_ = fault{ec::bad_input, members.error().what};
}

std::string_view data_fields::raw(std::string_view name) const {
  const auto at = std::ranges::lower_bound(members_, name, {},
                                           [](const auto& x) { return std::string_view{x.first}; });
  if (error_ || at == members_.end() || at->first != name || at->second == "null")
    return {};
  return at->second;
}

std::string data_fields::text(std::string_view name, size_t bytes_max) {
  const auto value = raw(name);
  if (value.empty())
    return {};
  auto made = value.front() == '"' ? decoded_text(value) : std::string{};
  if (value.front() != '"' || made.size() > bytes_max) {
    wrong(name, "a text of at most " + std::to_string(bytes_max) + " bytes");
    return {};
  }
  return made;
}

int64_t data_fields::whole(std::string_view name, int64_t least, int64_t most) {
  const auto value = raw(name);
  int64_t x = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), x);
  if (value.empty() || read.ec != std::errc{} || read.ptr != value.data() + value.size()
      || x < least || x > most) {
    wrong(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return 0;
  }
  return x;
}

bool data_fields::flag(std::string_view name, bool otherwise) {
  const auto value = raw(name);
  if (value.empty())
    return otherwise;
  if (value == "true" || value == "1")
    return true;
  if (value != "false" && value != "0")
    wrong(name, "true or false");
  return false;
}

std::optional<nano> data_fields::amount(std::string_view name) {
  const auto value = raw(name);
  if (value.empty())
    return {};
  const auto x = nano_of(value);
  if (!x) {
    wrong(name, "a number");
    return {};
  }
  return *x;
}

int64_t data_fields::moment(std::string_view name) {
  const auto value = text(name, 64);
  if (value.empty())
    return 0;
  const auto at = read_sports_moment(value);
  if (!at)
    wrong(name, "a moment, as 2025-04-01T12:00:00+00:00");
  return at ? at->us : 0;
}

size_t data_fields::one_of(std::string_view name, std::span<const std::string_view> names,
                           size_t otherwise) {
  const auto value = text(name, 64);
  if (value.empty())
    return otherwise;
  const auto at = std::ranges::find(names, value);
  if (at != names.end())
    return static_cast<size_t>(at - names.begin());
  std::string all;
  for (const auto x : names)
    all.append(all.empty() ? "" : ", ").append(x);
  wrong(name, "one of " + all);
  return otherwise;
}

void data_fields::wrong(std::string_view name, std::string_view expected) {
  if (error_)
    return;
  auto what = std::string{name}.append(": expected ").append(expected);
  const auto got = raw(name);
  error_ = fault{ec::bad_input,
                 what.append(", got ").append(got.empty() ? "nothing" : got.substr(0, 60))};
}

result<std::vector<std::string>> list_of_data(data_fields& in, std::string_view name, size_t most) {
  const auto value = in.raw(name);
  const auto expected = "a list of 1 to " + std::to_string(most);
  auto items = canonical_items(value, data_bounds);
  if (!items || items->empty() || items->size() > most)
    in.wrong(name, expected);
  if (in.error())
    return *in.error();
  return items;
}

} // namespace sluice::net
