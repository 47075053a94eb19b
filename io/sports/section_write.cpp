#include "io/sports/section_write.hpp"

#include <string>
#include <string_view>

namespace sluice::io {

namespace {

/// Billionths as the number that was read.
void put_amount(toml_text& out, std::string_view key, nano x) {
  out.put(key, double_of(x));
}

void write_sports_rules(toml_text& out, const sports_settings& x) {
  out.put("slots", x.slots);
  put_amount(out, "daily_limit", x.daily_limit);
  put_amount(out, "wager_min", x.wager_min);
  put_amount(out, "odds_tolerance", x.odds_tolerance);
  out.put("odds_stale_s", x.odds_stale_s);
  out.put("void_after_s", x.void_after_s);
  out.put("roi_days", x.roi_days);
  out.put("roi_days_min", x.roi_days_min);
  out.put("keep_days", x.keep_days);
  out.put("rank_exponent", x.rank_exponent);
  out.put("tier_step", x.tier_step);
  out.put("blacklist_alpha", x.blacklist_alpha);
  out.put("change_threshold", x.change_threshold);
  out.put("scoring_s", x.scoring_s);
  out.put("weights_s", x.weights_s);
  out.put("scoring_blocks", x.scoring_blocks);
  out.put("weights_blocks", x.weights_blocks);
  out.put("retry_blocks", x.retry_blocks);
}

/// Every field of a struct whose fields are named as their keys; empty texts are left out.
template <class T>
void write_sports_part(toml_text& out, std::string_view name, const T& x) {
  out.section(std::string{sports_name} + '.' + std::string{name});
  for_each_field(x, [&](std::string_view key, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
      if (!value.empty())
        out.put(key, value);
    } else {
      out.put(key, value);
    }
  });
}

void write_tier(toml_text& out, size_t number, const tier_terms& x) {
  out.section(std::string{sports_name} + ".tiers." + std::to_string(number));
  out.put("window_days", x.window_days);
  put_amount(out, "wagered_min", x.wagered_min);
  out.put("capacity_share", x.capacity_share);
  out.put("roi_rule", x.roi_rule);
}

} // namespace

void write_sports_settings(toml_text& out, const sports_node_settings& x) {
  out.section(sports_name);
  write_sports_rules(out, x.rules);
  out.put("step_s", x.step_s);
  write_sports_part(out, "composite", x.rules.composite);
  for (size_t i = 0; i < x.rules.tiers.size(); ++i)
    write_tier(out, i + 1, x.rules.tiers[i]);
  write_sports_part(out, "transport", x.transport);
  write_sports_part(out, "feed", x.feed);
  if (x.world)
    write_sports_part(out, "world", *x.world);
}

} // namespace sluice::io
