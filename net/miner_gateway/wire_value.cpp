#include "net/miner_gateway/wire_value.hpp"

namespace sluice::net::wire {

namespace {

/// The first byte that a terminal would not just show: U+0000-001F, 007F, 0080-009F in UTF-8.
std::optional<size_t> first_control(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0xffU;
    if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0))
      return i;
  }
  return {};
}

} // namespace

void reader::fail(std::string_view expected, std::string_view got) {
  if (!error_)
    error_ = fault{ec::bad_input, io::to_text(path_) + ": expected " + std::string{expected}
                                    + ", got " + std::string{got}};
}

void reader::fail_at(std::string_view name, std::string_view expected, std::string_view got) {
  path_.emplace_back(std::string{name});
  fail(expected, got);
  path_.pop_back();
}

size_t reader::take_name(const io::json& from, names all) {
  if (from.is_string()) {
    const auto& text = from.get_ref<const std::string&>();
    if (const auto at = std::ranges::find(all, text); at != all.end())
      return static_cast<size_t>(at - all.begin());
  }
  std::string list;
  for (size_t i = 0; i < all.size(); ++i)
    list.append(i == 0 ? "" : i + 1 == all.size() ? " or " : ", ").append(all[i]);
  auto got = io::shown(from);
  if (from.is_string())
    if (const auto near = nearest(from.get_ref<const std::string&>(), all))
      got += "; did you mean " + std::string{*near} + "?";
  fail(list, got);
  return 0;
}

void reader::take_whole(const io::json& from, u256& x, bool narrow) {
  std::optional<u256> whole;
  if (from.is_number_unsigned())
    whole = u256{from.get<uint64_t>()};
  else if (from.is_string())
    whole = u256::parse(from.get_ref<const std::string&>());
  if (whole && (!narrow || whole->fits_u128()))
    x = *whole;
  else
    wrong(narrow ? "a whole number from 0 to 2^128-1, in quotes"
                 : "a whole number from 0 to 2^256-1, in quotes",
          from);
}

void reader::take_text(const io::json& from, std::string& x) {
  if (!from.is_string())
    return wrong("a text", from);
  const auto& text = from.get_ref<const std::string&>();
  if (text.size() > wire_text_bytes_max)
    return fail("at most " + std::to_string(wire_text_bytes_max) + " bytes",
                std::to_string(text.size()));
  if (const auto at = first_control(text))
    return fail("a text without control characters", "one at byte " + std::to_string(*at + 1));
  x = text;
}

void reader::refuse_unknown(const io::json& object, const std::vector<std::string_view>& known,
                            names skip) {
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(skip, name) != skip.end()
        || std::ranges::find(known, name) != known.end())
      continue;
    const auto near = nearest(name, known);
    return fail_at(is_gateway_id(name) ? name : io::quoted(name),
                   "only fields that docs/wire.md knows",
                   "this one" + (near ? "; did you mean " + std::string{*near} + "?" : ""));
  }
}

} // namespace sluice::net::wire
