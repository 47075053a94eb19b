#include "actors/liquidity/report/jobs_lines.hpp"

#include "actors/report/line.hpp"
#include "io/text/numbers.hpp"
#include "rules/liquidity/verdict_name.hpp"

#include <string_view>

namespace sluice::report {

namespace {

std::string price_pair(const round_view& round) {
  const auto text = [](const auto& x) { return x ? price_text(*x) : std::string{no_number}; };
  return text(round.price_start) + ".." + text(round.price_end);
}

line round_line(std::string_view event, const round_view& round) {
  line out{event};
  out.add("id", to_string(round.id));
  out.add("blocks", std::to_string(round.start_block) + "-" + std::to_string(round.end_block));
  if (round.status == round_status::failed)
    out.add("status", std::string{"failed"});
  return out;
}

std::string evaluation_line(const round_view& round) {
  auto out = round_line("round", round);
  if (round.status == round_status::failed)
    return out.add_text("note", round.note).end();
  out.add("price", price_pair(round));
  if (round.swaps)
    out.add("swaps", *round.swaps);
  if (const auto* first = round.winner())
    out.add("winner", first->uid.value)
      .add("strategy", first->strategy)
      .add("score", score_text(first->score));
  else
    out.add("winner", std::string{no_number});
  std::string ranking;
  std::string others;
  for (const auto& x : round.rows) {
    auto& list = x.rank ? ranking : others;
    list += (list.empty() ? "" : ",") + std::to_string(x.uid.value) + ':'
            + (x.rank ? score_text(x.score) : std::string{to_string(x.verdict)});
  }
  return out.add_text("ranking", ranking)
    .add_text("others", others)
    .add_text("note", round.note)
    .end();
}

std::string live_line(const round_view& round) {
  auto out = round_line("live", round);
  for (const auto& x : round.rows) {
    out.add("uid", x.uid.value)
      .add("strategy", x.strategy)
      .add("verdict", std::string{to_string(x.verdict)});
    if (x.rank)
      out.add("score", score_text(x.score));
    if (x.metrics)
      out.add("against_hold", shortest(whole_amount(x.metrics->net_pnl_vs_hodl, round.decimals1)))
        .add("token", round.symbol1)
        .add("executions", x.metrics->rebalances);
    if (x.metrics && round.staked)
      out.add("rewards", to_string(x.metrics->rewards));
    out.add_text("miner_note", x.note);
  }
  return out.add_text("note", round.note).end();
}

std::string ended_line(const job_report& x) {
  return line{"ended"}
    .add("job", x.job.value)
    .add("rounds", x.completed)
    .add("failed", std::string{x.failed ? "yes" : "no"})
    .add_text("note", x.note)
    .end();
}

} // namespace

std::string feed_lines(const jobs_memory& memory) {
  std::string text;
  for (const auto& x : memory.feeds())
    text += line{"feed"}.add("what", x).end();
  return text;
}

std::string jobs_lines(const step_report& step, const jobs_memory& memory) {
  std::string text;
  for (const auto& x : jobs_of(step)) {
    if (x.evaluation)
      text += evaluation_line(view_of(*x.evaluation, x, memory.labels()));
    if (x.live)
      text += live_line(view_of(*x.live, x, memory.labels()));
    if (memory.ended_now(x.job))
      text += ended_line(x);
  }
  return text;
}

std::string jobs_summary_lines(const jobs_memory& memory) {
  std::string text;
  for (const auto& [job, x] : memory.jobs()) {
    line out{"job"};
    out.add("id", job.value).add("rounds", x.completed);
    if (const auto best = memory.leader(job))
      out.add("leader", best->score.uid.value)
        .add("strategy", best->strategy)
        .add("combined", score_text(best->score.combined_score));
    else
      out.add("leader", std::string{no_number});
    text += out.end();
  }
  return text;
}

} // namespace sluice::report
