/// Rows of both indexers that state one event, as JSON.
#pragma once

#include "rules/trading/event.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace sluice::test {

inline const std::string cold = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
inline const std::string hot = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";

inline nlohmann::json taostats_row() {
  return {{"block_number", 5200010},
          {"timestamp", "2025-04-01T00:02:00Z"},
          {"netuid", 3},
          {"action", "UNDELEGATE"},
          {"nominator", {{"ss58", cold}, {"hex", "0x00"}}},
          {"delegate", {{"ss58", hot}}},
          {"amount", "2515996809"},
          {"alpha", "26223623244"},
          {"alpha_price_in_tao", "0.095943905"},
          {"usd", "628.9992"},
          {"extrinsic_id", "5200010-0001"}};
}

inline nlohmann::json taoapp_row() {
  return {{"coldkey", cold},
          {"timestamp", "2025-04-01T02:02:00+02:00"},
          {"event_id", "StakeRemoved"},
          {"netuid", 3},
          {"amount_in", 2.515996809},
          {"amount_out", 26.223623244},
          {"hotkey", hot},
          {"extrinsics", "5200010-0001"}};
}

inline trading_event expected_event() {
  trading_event x;
  x.coldkey = cold;
  x.hotkey = hot;
  x.extrinsic = "5200010-0001";
  x.time_us = april_2025_us + 120 * us_per_second;
  x.netuid = 3;
  x.action = stake_action::unstake;
  x.tao = 2'515'996'809;
  x.alpha = 26'223'623'244;
  return x;
}

} // namespace sluice::test
