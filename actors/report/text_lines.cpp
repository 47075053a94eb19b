#include "actors/report/text_lines.hpp"

#include "actors/report/weights_text.hpp"
#include "io/text/numbers.hpp"
#include "io/text/text.hpp"
#include "rules/liquidity/verdict_word.hpp"

#include <algorithm>
#include <string_view>

namespace sluice::report {

namespace {

std::string quoted(const std::string& text) {
  const auto bare = plain(text);
  if (!bare.empty() && bare.find_first_of(" \"\\=") == std::string::npos)
    return bare;
  std::string out = "\"";
  for (char c : bare) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

/// One line that grows.
class line {
public:
  explicit line(std::string_view event) : text_(event) {}

  line& add(std::string_view key, const std::string& value) {
    text_ += ' ' + std::string{key} + '=' + quoted(value);
    return *this;
  }
  line& add(std::string_view key, uint64_t value) { return add(key, std::to_string(value)); }
  line& add_text(std::string_view key, const std::string& value) {
    return value.empty() ? *this : add(key, value);
  }
  std::string end() const { return text_ + '\n'; }

private:
  std::string text_;
};

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

std::string weights_line(const publish_record& record, uint64_t block) {
  line out{"weights"};
  out.add("epoch", record.epoch.value)
    .add("block", block)
    .add("status", std::string{to_word(record.status)});
  std::string row;
  for (const auto& [uid, percent] : shares_of(record.row))
    row += (row.empty() ? "" : ",") + std::to_string(uid) + ':' + fixed(percent, 1) + '%';
  out.add_text("row", row);
  if (record.status == publish_status::confirmed)
    out.add("read_back", read_back_word(record)).add("read_back_block", record.read_back_block);
  return out.add_text("reason", record.reason).end();
}

} // namespace

std::string start_lines(const run_started& first) {
  auto text = line{"start"}
                .add_text("title", first.title)
                .add("laps_done", first.laps_done)
                .add("jobs", first.jobs.size())
                .add("miners", first.labels.size())
                .add_text("data", first.data)
                .end();
  for (const auto& x : first.feeds)
    text += line{"feed"}.add("what", x).end();
  for (const auto& [what, where] : first.serves)
    text += line{"serves"}.add("what", what).add("at", where).end();
  return text;
}

std::string lap_lines(const lap_done& lap, const lap_news& news, const run_memory& memory) {
  const auto& labels = memory.started().labels;
  std::string text;
  for (const auto& x : lap.jobs) {
    if (x.evaluation)
      text += evaluation_line(view_of(*x.evaluation, x, labels));
    if (x.live)
      text += live_line(view_of(*x.live, x, labels));
    if (std::find(news.ended.begin(), news.ended.end(), x.job) != news.ended.end())
      text += line{"ended"}
                .add("job", x.job.value)
                .add("rounds", x.completed)
                .add("failed", std::string{x.failed ? "yes" : "no"})
                .add_text("note", x.note)
                .end();
  }
  if (news.weights)
    text += weights_line(*lap.published, lap.chain.block);
  return text;
}

std::string over_lines(const run_over& last, const run_memory& memory) {
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
  return text
         + line{"over"}
             .add("code", std::to_string(last.code))
             .add("laps", last.laps)
             .add_text("why", last.why)
             .add_text("data", memory.started().data)
             .end();
}

} // namespace sluice::report
