/// A small backtest of the bundled minute bars.
#pragma once

#include "tools/liquidity/backtest.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::test {

inline tools::backtest_report
sample_backtest(std::vector<std::string> strategies = {"hold", "narrow", "refuser", "garbage"}) {
  tools::backtest_request asked;
  asked.events = {std::string{SOURCE_DIR} + "/tests/data/evaluate/bars.csv"};
  asked.strategies = std::move(strategies);
  asked.tokens = "USDC,WETH";
  auto report = tools::make_backtest_report(asked);
  if (!report)
    throw std::runtime_error(report.error().what);
  return *std::move(report);
}

/// Of the bundled Slipstream pool, everybody staked.
inline tools::backtest_report sample_staked_backtest() {
  tools::backtest_request asked;
  asked.events = {std::string{SOURCE_DIR} + "/tests/data/evaluate/aero.jsonl"};
  asked.strategies = {"hold", "narrow"};
  asked.round = "10blocks";
  asked.staked = true;
  auto report = tools::make_backtest_report(asked);
  if (!report)
    throw std::runtime_error(report.error().what);
  return *std::move(report);
}

} // namespace sluice::test
