#include "io/liquidity/plan_file.hpp"

#include "io/text/json_fields.hpp"
#include "io/text/json_keys.hpp"
#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "rules/limits.hpp"

#include <algorithm>
#include <initializer_list>

namespace sluice::io {

namespace {

constexpr size_t text_bytes_max = size_t{64} << 20;

/// Reads values at paths; the first thing that is wrong sticks.
class plan_parser {
public:
  plan_parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  result<plan> read() {
    json root;
    if (!parse(root))
      return *error_;
    plan made;
    if (keys(root, {"inventory", "positions", "rebalances"})) {
      within("inventory", root, [&](const json& x) { made.start = read_inventory(x); });
      each("positions", root, limits::positions_max,
           [&](const json& x) { made.positions.push_back(read_position(x)); });
      each("rebalances", root, limits::rebalances_max,
           [&](const json& x) { made.rebalances.push_back(read_rebalance(x, made)); });
    }
    if (error_)
      return *error_;
    return made;
  }

private:
  /// Keys that come twice are an error too: the parser would silently drop the first.
  bool parse(json& root) {
    std::optional<std::string> twice;
    try { // the only way to learn where the text breaks
      root = parse_keys_once(text_, twice);
    } catch (const json::parse_error& e) {
      error_at(place_of_byte(text_, e.byte > 0 ? e.byte - 1 : 0), "", "JSON",
               e.byte > text_.size() ? "the end of the file"
                                     : io::quoted(text_.substr(e.byte - 1), 20),
               e.byte > text_.size() ? "the file is truncated" : "correct this place");
      return false;
    }
    if (twice)
      error_at(place_of_byte(text_, text_.rfind('"' + *twice + '"')), *twice, "every key once",
               "it twice", "remove one");
    return !twice;
  }

  inventory read_inventory(const json& x) {
    inventory made;
    if (keys(x, {"amount0", "amount1"})) {
      made.amount0 = amount("amount0", x);
      made.amount1 = amount("amount1", x);
    }
    return made;
  }

  start_position read_position(const json& x) {
    start_position made;
    if (keys(x, {"tick_lower", "tick_upper", "liquidity"})) {
      made.tick_lower = tick("tick_lower", x);
      made.tick_upper = tick("tick_upper", x);
      made.liquidity = static_cast<u128>(amount("liquidity", x));
      if (made.liquidity == 0)
        within("liquidity", x, [&](const json& value) { wrong("more than 0", value); });
    }
    return made;
  }

  rebalance read_rebalance(const json& x, const plan& so_far) {
    rebalance made;
    if (!keys(x, {"block", "desired_positions"}))
      return made;
    within("block", x, [&](const json& value) {
      if (!value.is_number_unsigned())
        wrong("a block number", value);
      else
        made.block = value.get<uint64_t>();
      if (!so_far.rebalances.empty() && made.block <= so_far.rebalances.back().block)
        wrong("a block after " + std::to_string(so_far.rebalances.back().block), value);
    });
    if (!x.contains("desired_positions"))
      fail("the key desired_positions", "nothing", "an empty list takes everything out");
    each("desired_positions", x, size_t{1000},
         [&](const json& each) { made.desired_positions.push_back(read_desired(each)); });
    return made;
  }

  desired_position read_desired(const json& x) {
    desired_position made;
    if (!keys(x, {"tick_lower", "tick_upper", "allocation0", "allocation1", "confidence"}))
      return made;
    made.tick_lower = tick("tick_lower", x);
    made.tick_upper = tick("tick_upper", x);
    made.allocation0 = amount("allocation0", x);
    made.allocation1 = amount("allocation1", x);
    if (x.contains("confidence"))
      within("confidence", x, [&](const json& value) {
        const double level = value.is_number() ? value.get<double>() : -1;
        if (level < 0 || level > 1)
          wrong("a number from 0 to 1", value);
        made.confidence = level;
      });
    return made;
  }

  u256 amount(const char* key, const json& x) {
    u256 made;
    within(key, x, [&](const json& value) {
      std::optional<u256> number;
      if (value.is_number_unsigned())
        number = u256{value.get<uint64_t>()};
      else if (value.is_string())
        number = u256::parse(value.get_ref<const std::string&>());
      if (!number || !number->fits_u128())
        wrong("a whole number from 0 to 2^128-1, in quotes", value);
      else
        made = *number;
    });
    return made;
  }

  int32_t tick(const char* key, const json& x) {
    int32_t made = 0;
    within(key, x, [&](const json& value) {
      if (!value.is_number_integer() || value < -887272 || value > 887272)
        wrong("a tick from -887272 to 887272", value);
      else
        made = value.get<int32_t>();
    });
    return made;
  }

  /// An object that has nothing but these keys?
  bool keys(const json& x, std::initializer_list<std::string_view> known) {
    if (error_)
      return false;
    if (!x.is_object()) {
      wrong("an object", x);
      return false;
    }
    std::string all;
    for (const auto key : known)
      all.append(all.empty() ? "" : ", ").append(key);
    for (const auto& [key, value] : x.items())
      if (std::ranges::find(known, key) == known.end()) {
        path_.emplace_back(key);
        fail("only the keys " + all, io::quoted(key), "remove it or correct its name");
        path_.pop_back();
        return false;
      }
    return true;
  }

  template <class F>
  void within(const char* key, const json& x, F&& read_value) {
    if (error_)
      return;
    const auto at = x.find(key);
    if (at == x.end())
      return fail(std::string{"the key "} + key, "nothing", "add it");
    path_.emplace_back(key);
    read_value(*at);
    path_.pop_back();
  }

  template <class F>
  void each(const char* key, const json& x, size_t most, F&& read_entry) {
    if (error_ || !x.contains(key))
      return;
    within(key, x, [&](const json& list) {
      if (!list.is_array())
        return wrong("a list", list);
      if (list.size() > most)
        return fail("at most " + std::to_string(most) + " entries", std::to_string(list.size()),
                    "remove the others");
      for (size_t i = 0; i < list.size() && !error_; ++i) {
        path_.emplace_back(i);
        read_entry(list[i]);
        path_.pop_back();
      }
    });
  }

  void wrong(const std::string& expected, const json& got) {
    fail(expected, shown(got), "correct the plan");
  }

  void fail(const std::string& expected, const std::string& got, std::string_view what_to_do) {
    if (!error_)
      error_at(place_of(text_, path_), to_text(path_), expected, got, what_to_do);
  }

  void error_at(const text_place& place, const std::string& field, std::string_view expected,
                std::string_view got, std::string_view what_to_do) {
    error_ = bad_line(name_ + ":" + std::to_string(place.line), place.column, field, expected, got,
                      what_to_do);
  }

  std::string_view text_;
  const std::string& name_;
  json_path path_;
  std::optional<fault> error_;
};

} // namespace

result<plan> parse_plan(std::string_view text, const std::string& name) {
  return plan_parser(text, name).read();
}

result<plan> read_plan(const std::string& path) {
  auto lines = line_reader::open(path, text_bytes_max);
  if (!lines)
    return lines.error();
  std::string text;
  for (uint32_t passed = 1;; ++passed) {
    const auto line = lines->next();
    if (!line)
      return line.error();
    if (!line->has_value())
      break;
    for (; passed < lines->number(); ++passed)
      text += '\n'; // blank lines, passed over by the reader
    text.append(**line).append("\n");
    if (text.size() > text_bytes_max)
      return bad_line(path, lines->number(), "", "at most 64 MiB", "more",
                      "check that this is a plan");
  }
  if (text.empty())
    return bad_line(path, 0, "", "a plan", "an empty file", "check that this is a plan");
  while (text.ends_with('\n'))
    text.pop_back();
  return parse_plan(text, path);
}

} // namespace sluice::io
