/// A step of a small dev network, every kind of miner in it, without running one.
#pragma once

#include "actors/liquidity/report/jobs_report.hpp"
#include "rules/liquidity/name.hpp"
#include "tests/actors/report/sample_report.hpp"

#include <cmath>
#include <string>

namespace sluice::report::test {

/// Digits "1234" and 6 decimals: 1234 * 10^6.
inline u256 tokens(double whole, int decimals = 6) {
  return u256{static_cast<uint64_t>(std::llround(whole * std::pow(10, decimals)))};
}

inline const std::vector<std::pair<uint16_t, std::string>>& company() {
  static const std::vector<std::pair<uint16_t, std::string>> all{
    {1, "hold"},    {2, "wide"},   {3, "narrow"},  {4, "volatility"},
    {5, "refuser"}, {6, "silent"}, {7, "garbage"}, {8, "crasher"}};
  return all;
}

inline hotkey key_of(const std::string& strategy) {
  return {"miner-" + strategy};
}

inline run_started started() {
  run_started first;
  first.again = {"sluice", "node", "--dev", "--feed", "market", "--data", "/tmp/sluice data"};
  first.title = "sluice dev, seed 7";
  first.data = "/tmp/sluice data";
  first.sources[std::string{liquidity_name}]
    = {"weth-usdc  seeded market, seed 7", "ens-weth  events=ens-weth-3000.jsonl"};
  for (const auto& [uid, strategy] : company())
    first.labels[key_of(strategy).value] = strategy;
  liquidity_settings settings;
  settings.jobs.resize(2);
  settings.jobs[0].id = {"weth-usdc"};
  settings.jobs[1].id = {"ens-weth"};
  first.mechanisms[std::string{liquidity_name}] = mechanism_settings::of(settings);
  return first;
}

/// 3000 USDC for a WETH: sqrt(3000 * 10^(6-18)) * 2^96.
inline u256 price_3000() {
  return *u256::parse("4339505179874779489431521");
}

inline prediction
played(const round_id& id, uint16_t uid, const std::string& strategy, double score) {
  prediction x;
  x.round = id;
  x.uid = {uid};
  x.key = key_of(strategy);
  x.accepted = true;
  x.response_us = 123456 + uid; // must never be shown
  x.score = score;
  auto& outcome = x.outcome.emplace();
  outcome.sqrt_price_x96 = price_3000() + price_3000() / 1000;
  auto& m = outcome.metrics;
  m.initial_value = tokens(60'000);
  m.final_value = tokens(60'000 * (1 + score));
  m.hodl_value = tokens(60'030);
  m.fees0 = tokens(0.001 * uid, 9);
  m.fees1 = tokens(1.5 * uid);
  m.fees_value = strategy == "hold" || strategy == "garbage" ? u256{} : tokens(4.25 * uid);
  m.impermanent_loss = 0.00012 * uid;
  m.net_pnl_vs_hodl = i256::from_u256(m.final_value) - i256::from_u256(m.hodl_value);
  m.in_range_ratio = strategy == "hold" ? 0 : 1.0 / uid;
  m.swaps = 214;
  m.swaps_in_range = 200;
  m.rebalances = 2;
  return x;
}

inline round_record record_of(const std::string& job, round_kind kind) {
  round_record x;
  x.id = {{job}, kind, {1961}};
  x.status = round_status::completed;
  x.start_block = 882450;
  x.end_block = 882899;
  x.start_time = 1'700'000'000;
  x.end_time = 1'700'000'900;
  x.price_at_start = price_3000();
  x.terms.decimals1 = 6;
  x.config.symbol1 = "USDC";
  return x;
}

inline job_report report_of(const std::string& job, bool live) {
  job_report report;
  report.job = {job};
  report.completed = 3;
  auto record = record_of(job, round_kind::evaluation);
  const auto scored
    = [&](uint16_t uid, const std::string& strategy, double score, const std::string& note = "") {
        record.results.push_back(
          {{uid}, key_of(strategy), miner_verdict::scored, score, note.empty() ? 0U : 1U, note});
        report.predictions.push_back(played(record.id, uid, strategy, score));
      };
  const auto without_answer = [&](uint16_t uid, const std::string& strategy, miner_verdict verdict,
                                  const std::string& note) {
    record.results.push_back({{uid}, key_of(strategy), verdict, 0, 0, note});
    prediction x;
    x.round = record.id;
    x.uid = {uid};
    x.verdict = verdict;
    report.predictions.push_back(x);
  };
  scored(1, "hold", 0.0005);
  scored(2, "wide", 0.000621);
  scored(3, "narrow", 0.001234);
  scored(4, "volatility", -0.000077);
  without_answer(5, "refuser", miner_verdict::refused, "refused: not quoting this pair today");
  without_answer(6, "silent", miner_verdict::failed, "no answer");
  scored(7, "garbage", 0.0005, "invalid: position 1: tick_lower 17 is no multiple of 10");
  without_answer(8, "crasher", miner_verdict::failed, "the miner is down");
  record.ranking = {{3}, {2}, {1}, {7}, {4}};
  record.winner = miner_uid{3};
  report.evaluation = record;
  if (live) {
    auto other = record_of(job, round_kind::live);
    other.results = {{{2}, key_of("wide"), miner_verdict::scored, 0.0011, 0, ""}};
    other.ranking = {{2}};
    other.winner = miner_uid{2};
    report.live = other;
    report.predictions.push_back(played(other.id, 2, "wide", 0.0011));
  }
  for (const auto& [uid, strategy] : company()) {
    miner_score x;
    x.uid = {uid};
    x.evaluation_score = 0.0001 * uid;
    x.live_score = uid == 2 ? 0.00033 : 0;
    x.combined_score = 0.6 * x.evaluation_score + 0.4 * x.live_score;
    x.evaluations = 3;
    x.eligible = uid < 5;
    report.scores.emplace_back(key_of(strategy), x);
  }
  return report;
}

inline step_report step_of(std::vector<job_report> jobs) {
  step_report step;
  step.mechanism = liquidity_name;
  step.detail = std::make_shared<const jobs_detail>(std::move(jobs));
  return step;
}

inline std::vector<job_report> jobs() {
  return {report_of("ens-weth", false), report_of("weth-usdc", true)};
}

/// A step with what these jobs did, and new weights.
inline step_done done_step(std::vector<job_report> jobs = test::jobs()) {
  step_done x;
  x.number = 3;
  x.chain = {226, {3}};
  x.mechanisms = {step_of(std::move(jobs))};
  x.published = published();
  return x;
}

/// The report of a run of liquidity alone.
inline mechanism_reports job_reports() {
  mechanism_reports parts;
  parts[std::string{liquidity_name}] = std::make_unique<jobs_report>();
  return parts;
}

/// A run that took these steps.
inline run_memory
remembered(const std::vector<step_done>& steps, const run_started& first = test::started()) {
  run_memory memory{job_reports()};
  memory.start(first);
  for (const auto& x : steps)
    memory.take(x);
  return memory;
}

/// The same for a run whose start is missing.
inline run_memory unstarted(const std::vector<step_done>& steps) {
  run_memory memory{job_reports()};
  for (const auto& x : steps)
    memory.take(x);
  return memory;
}

/// What the reports remember of jobs alone.
inline jobs_memory jobs_after(const std::vector<std::vector<job_report>>& steps) {
  jobs_memory memory;
  memory.start(started());
  for (const auto& x : steps)
    memory.take(step_of(x));
  return memory;
}

} // namespace sluice::report::test
