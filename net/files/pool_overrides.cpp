#include "net/files/pool_overrides.hpp"

#include "net/files/lines.hpp"
#include "sim/tick_math.hpp"

#include <type_traits>

namespace sluice::net {

namespace {

fault bad_override(std::string_view key, std::string_view expected, std::string_view got) {
  return bad_line("--pool", 0, key, expected, net::quoted(got),
                  "write for example --pool fee=500,tick-spacing=10,decimals0=6,decimals1=18");
}

/// One "key=value"; false when the key is unknown.
result<nothing> take_override(std::string_view key, std::string_view value, pool_overrides& to) {
  const auto number = u256::parse(value);
  auto within = [&](uint64_t min, uint64_t max) {
    return number && *number >= u256{min} && *number <= u256{max};
  };
  auto once = [&](auto& field, auto x) -> result<nothing> {
    if (field)
      return bad_line("--pool", 0, key, "each key once", "a second one", "remove one of them");
    field = static_cast<typename std::remove_reference_t<decltype(field)>::value_type>(x);
    return nothing{};
  };
  const auto low = static_cast<uint64_t>(number.value_or(u256{}));
  if (key == "fee")
    return within(0, 999'999) ? once(to.fee, low) : bad_override(key, "0 to 999999", value);
  if (key == "tick-spacing")
    return within(1, 16'383) ? once(to.tick_spacing, low) : bad_override(key, "1 to 16383", value);
  if (key == "decimals0" || key == "decimals1")
    return within(0, 255) ? once(key == "decimals0" ? to.decimals0 : to.decimals1, low)
                          : bad_override(key, "0 to 255", value);
  if (key == "sqrt-price-x96")
    return number && *number >= min_sqrt_ratio && *number < max_sqrt_ratio
             ? once(to.sqrt_price_x96, *number)
             : bad_override(key,
                            "a price from " + to_string(min_sqrt_ratio) + " to below "
                              + to_string(max_sqrt_ratio),
                            value);
  return bad_override("", "fee, tick-spacing, decimals0, decimals1 or sqrt-price-x96", key);
}

} // namespace

result<pool_overrides> parse_pool_overrides(std::string_view text) {
  pool_overrides overrides;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const auto equals = item.find('=');
    if (equals == std::string_view::npos)
      return bad_override("", "key=value", item);
    if (auto taken = take_override(item.substr(0, equals), item.substr(equals + 1), overrides);
        !taken)
      return taken.error();
  }
  return overrides;
}

} // namespace sluice::net
