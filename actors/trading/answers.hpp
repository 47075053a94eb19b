/// What the trading actor answers, from what is stored.
#pragma once

#include "actors/trading/source_json.hpp"
#include "actors/trading/step_plan.hpp"
#include "actors/trading/trading.hpp"
#include "messages/chain.hpp"
#include "messages/trading.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/queries.hpp"
#include "tools/trading/dev_world.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A step that did nothing, and why.
step_report quiet_report(step_outcome outcome, std::string note);

/// A step that is done, with the best miners by what is stored. `number`: from 1. A fault of the
/// disk leaves the miners out.
step_report report_of_step(const storage::data_dir& disk, const storage::ledger_setup& setup,
                           uint64_t number, const trading_step& row);

/// Registers miners by the chain's uids; answers how many slots have a hotkey that no miner has.
size_t take_chain(trading_world& world, const chain_view& chain);

/// Weights by the policy of the settings, by the chain's uids; blacklisted ones are barred.
/// `refused` with the reason when nobody is above 0; else what the disk reports.
result<mechanism_scores> scores_on_chain(const storage::data_dir& disk, storage::ledger_setup setup,
                                         epoch_no epoch, const chain_view& chain);

/// Why nobody has a score, for people; "" when somebody has.
std::string why_no_trading_scores(const storage::data_dir& disk);

/// What the check of the ledger found, in counts.
std::string integrity_text(const storage::integrity_report& x);

/// Subnets that somebody trades on and whose neurons are not known.
result<std::set<uint16_t>> unknown_subnets(const storage::data_dir& disk);

/// get_miner_performance. no_such_key: no registered miner has this uid (0 to 65535).
result<performance_answer>
performance_at(const storage::data_dir& disk, const storage::ledger_setup& setup, uint16_t uid);

/// The order that a command of the shell gives a feed; none for another command.
std::optional<source_order> source_order_of(std::string_view command);

/// How all feeds do, as a JSON list; a generated world is one that needs nobody.
std::string sources_json(const trading_settings& settings, const std::vector<source_view>& all);

/// What a generated market brings up to a moment (microseconds since 1970) behind its sync point.
taken_rows rows_of_market(tools::dev_feed& market, const sync_key& key, const sync_point& point,
                          int64_t now_us);

} // namespace sluice
