#include "actors/trading/admin_commands.hpp"

#include "tools/trading/explain_text.hpp"

#include <array>

namespace sluice {

namespace {

using admin::argument;
using admin::argument_kind;
using admin::column_look;
using admin::command;
using admin::live_names;
using enum admin::command_source;
using enum admin::command_effect;

constexpr std::array trader_names{live_names{"trading", "miner"}, live_names{"trading", "hotkey"}};
constexpr std::array feed_names{live_names{"trading sources", "feed"}};

constexpr std::array trader{
  argument{.name = "MINER", .kind = argument_kind::miner, .live = trader_names}};
constexpr std::array maybe_trader{
  argument{.name = "MINER", .kind = argument_kind::miner, .required = false, .live = trader_names}};
constexpr std::array feed{
  argument{.name = "FEED", .kind = argument_kind::named, .live = feed_names}};

constexpr std::array trade_columns{
  column_look{"hotkey", 4, 8},
  column_look{"coldkey", 9, 8},
  column_look{"win_rate_percent", 5, 0, "wins %"},
  column_look{"roi_percent", 6, 0, "ROI %"},
  column_look{"volume", 7},
  column_look{"unmatched_alpha", 10, 0, "unmatched", false, true},
  column_look{"scored_legs", 8, 0, "scored"},
  column_look{"extrinsic", 11, 10},
  column_look{"block", 12},
  column_look{"last_error", 3, 20, {}, false, true},
  column_look{"from", 8, 12},
};

constexpr auto group = admin::command_group::subnet;
constexpr uint8_t looks_at_trades = 20;
constexpr uint8_t steers_feeds = 61;

constexpr command look(std::string_view name, std::span<const argument> arguments,
                       std::string_view help, std::string_view example) {
  return {name, arguments, help, example, group, disk, reads, looks_at_trades, {}, trade_columns};
}

constexpr command steer(std::string_view name, std::string_view help, std::string_view example) {
  return {name, feed, help, example, group, node, acts, steers_feeds, {}, trade_columns};
}

constexpr command explain{"trading explain",
                          trader,
                          "Every number of a trader's weight, back to its stakes",
                          "trading explain 20",
                          group,
                          disk,
                          reads,
                          looks_at_trades,
                          {},
                          trade_columns,
                          tools::trading_explain_text};

constexpr command sources{"trading sources",
                          {},
                          "Every feed: health, requests, rows, what went wrong",
                          "trading sources",
                          group,
                          node,
                          reads,
                          looks_at_trades,
                          {},
                          trade_columns};

constexpr std::array all_of_trading{
  look("trading", {}, "Every trader, and what became of its stakes", "trading"),
  look("trading performance", trader, "One trader: profit, trades, score, weight",
       "trading performance 20"),
  look("trading trades", maybe_trader, "The last unstakes, of one trader or of all",
       "trading trades 20"),
  look("trading positions", maybe_trader, "The last positions, and statistics per subnet",
       "trading positions 20"),
  look("trading snapshots", maybe_trader, "Performance as it was noted once a day",
       "trading snapshots 20"),
  look("trading pools", {}, "Reserves and prices of the subnets' pools", "trading pools"),
  explain,
  sources,
  steer("trading pause", "Ask a feed no more", "trading pause stats"),
  steer("trading resume", "Ask a feed again, also after it stopped", "trading resume stats"),
  steer("trading sync", "Ask a feed now, whatever its cadence", "trading sync stats"),
};

} // namespace

std::span<const admin::command> trading_admin_commands() {
  return all_of_trading;
}

std::span<const admin::column_look> trading_columns() {
  return trade_columns;
}

} // namespace sluice
