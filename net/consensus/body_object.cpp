#include "net/consensus/body_object.hpp"

#include "net/miner_gateway/wire_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sluice::net {

namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string all;
  for (const auto name : names)
    all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

} // namespace

result<body_object> body_object::read(std::string_view body) {
  if (body.empty())
    return body_object{io::json::object()};
  if (auto why = wire::bounds_fault(body, task_body_bytes_max, "body"))
    return *std::move(why);
  auto made = wire::parse(body, "body");
  if (!made)
    return made.error();
  return body_object{*std::move(made)};
}

const io::json* body_object::find(std::string_view name) const {
  const auto at = object_.find(name);
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

void body_object::add(std::string_view name, std::string message, std::string kind) {
  issues_.push_back({"body", std::string{name}, std::move(message), std::move(kind)});
}

std::string body_object::text(std::string_view name, size_t least, size_t bytes_max) {
  const auto* at = find(name);
  if (!at) {
    if (least > 0)
      issues_.push_back(missing_field("body", name));
    return {};
  }
  if (!at->is_string())
    return add(name, "str type expected", "type_error.str"), std::string{};
  const auto& text = at->get_ref<const std::string&>();
  if (text.size() >= least && text.size() <= bytes_max)
    return text;
  add(name,
      "ensure this value has from " + std::to_string(least) + " to " + std::to_string(bytes_max)
        + " bytes",
      "value_error.any_str.length");
  return {};
}

uint64_t
body_object::whole(std::string_view name, uint64_t least, uint64_t most, uint64_t otherwise) {
  const auto* at = find(name);
  if (!at)
    return otherwise;
  if (!at->is_number_integer()) {
    issues_.push_back(no_integer("body", name));
    return otherwise;
  }
  const bool fits
    = at->is_number_unsigned() && at->get<uint64_t>() >= least && at->get<uint64_t>() <= most;
  if (fits)
    return at->get<uint64_t>();
  issues_.push_back(out_of_bounds("body", name, least, most));
  return otherwise;
}

size_t body_object::one_of(std::string_view name, std::span<const std::string_view> names,
                           std::optional<size_t> otherwise) {
  const auto* at = find(name);
  if (!at && otherwise)
    return *otherwise;
  if (!at) {
    issues_.push_back(missing_field("body", name));
    return 0;
  }
  if (at->is_string()) {
    const auto found = std::ranges::find(names, at->get_ref<const std::string&>());
    if (found != names.end())
      return static_cast<size_t>(found - names.begin());
  }
  add(name, "value is not one of: " + joined(names), "value_error.const");
  return 0;
}

std::vector<std::pair<uint16_t, double>> body_object::ratings(std::string_view name, size_t most) {
  const auto* at = find(name);
  if (!at)
    return {};
  const auto wrong = [&] {
    add(name,
        "expected an object of at most " + std::to_string(most)
          + R"( miners' uids and their ratings from 0 to 1, as {"51": 0.9})",
        "value_error.ratings");
    return std::vector<std::pair<uint16_t, double>>{};
  };
  if (!at->is_object() || at->size() > most)
    return wrong();
  std::vector<std::pair<uint16_t, double>> made;
  for (const auto& [key, value] : at->items()) {
    std::vector<field_issue> of_key;
    const auto uid = integer_field("body", name, key, std::numeric_limits<uint16_t>::max(), of_key);
    const double rating = value.is_number() ? value.get<double>() : -1;
    if (!of_key.empty() || !std::isfinite(rating) || rating < 0 || rating > 1)
      return wrong();
    made.emplace_back(static_cast<uint16_t>(uid), rating);
  }
  return made;
}

} // namespace sluice::net
