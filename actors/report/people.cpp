#include "actors/report/people.hpp"

#include "actors/report/weights_text.hpp"
#include "net/report/numbers.hpp"
#include "net/report/table.hpp"
#include "net/report/text.hpp"

#include <algorithm>

namespace sluice::report {

namespace {

constexpr size_t person_width = 16;

std::string rounds_text(uint64_t n) {
  return n == 1 ? "1 round" : std::to_string(n) + " rounds";
}

/// "2 narrow, 1 wide" by name; "" without labels.
std::string company(const strategy_labels& labels) {
  std::map<std::string, size_t> count;
  for (const auto& [key, strategy] : labels)
    ++count[plain(strategy)];
  std::string text;
  for (const auto& [name, n] : count)
    text += (text.empty() ? "" : ", ") + (n == 1 ? "" : std::to_string(n) + " ") + name;
  return text;
}

std::string fact(std::string_view name, const std::string& text, const page& on) {
  constexpr size_t name_width = 9;
  return paint(pad_right(name, std::min(name_width, on.columns), on.letters), tone::faint, on.color)
         + cut(shown(text, on.letters), on.columns > name_width ? on.columns - name_width : 0,
               on.letters)
         + '\n';
}

std::string draw_standings(const job_id& job, const run_memory& memory, const page& on) {
  std::vector<table_row> rows;
  const auto best = memory.leader(job);
  for (const auto& x : memory.standings(job)) {
    const auto& s = x.score;
    const bool leads = best && best->key == x.key;
    rows.push_back(
      {{std::to_string(s.uid.value), cut_middle(shown(x.key, on.letters), person_width, on.letters),
        x.strategy, score_text(s.evaluation_score), score_text(s.live_score),
        score_text(s.combined_score), s.eligible ? "yes" : "no", std::to_string(s.evaluations),
        std::to_string(s.live_rounds), std::to_string(s.refusals), std::to_string(s.failures)},
       "",
       true,
       leads ? tone::winner : tone::normal});
  }
  if (rows.empty())
    return {};
  return draw_table({{.title = "uid", .right = true},
                     {.title = "miner", .drop = 10, .shrink_to = 7},
                     {.title = "strategy", .drop = 4, .shrink_to = 7},
                     {"evaluation", "eval", true, 8},
                     {.title = "live", .right = true, .drop = 9},
                     {.title = "combined", .right = true},
                     {"eligible", "elig", false, 1},
                     {.title = "rounds", .right = true, .drop = 5},
                     {.title = "live rounds", .right = true, .drop = 6},
                     {.title = "refused", .right = true, .drop = 7},
                     {.title = "failed", .right = true, .drop = 7}},
                    std::move(rows), on.columns, on.color, on.letters);
}

std::optional<miner_uid> burn_of(const run_memory& memory) {
  return memory.is_miner({0}) ? std::nullopt : std::optional{miner_uid{0}};
}

std::string job_head(const job_id& job, const job_memory& x, const page& on) {
  std::vector<std::string> parts{plain(job.value), rounds_text(x.completed)};
  if (x.live != 0)
    parts.push_back(std::to_string(x.live) + " of them also live in this run");
  if (x.failed_rounds != 0)
    parts.push_back(std::to_string(x.failed_rounds) + " failed in this run");
  if (x.ended)
    parts.push_back((x.failed ? "failed: " : "over: ") + x.note);
  return paint(flow(parts, on.columns, on.letters), x.failed ? tone::alarm : tone::strong, on.color)
         + '\n';
}

} // namespace

std::string draw_start(const run_started& first, const page& on) {
  auto text = paint(cut(shown(plain(first.title.empty() ? "sluice" : first.title), on.letters),
                        on.columns, on.letters),
                    tone::strong, on.color)
              + '\n';
  for (size_t i = 0; i < first.feeds.size(); ++i)
    text += fact(i == 0 ? "jobs" : "", plain(first.feeds[i]), on);
  if (!first.labels.empty())
    text += fact("miners", company(first.labels), on);
  if (!first.data.empty())
    text += fact("state", plain(first.data), on);
  for (const auto& [what, where] : first.serves)
    text += fact(what, plain(where), on);
  if (first.laps_done != 0)
    text += fact("before", rounds_text(first.laps_done) + " done by earlier runs; going on", on);
  return text + '\n';
}

std::string draw_weights(const publish_record& record, uint64_t block, const run_memory& memory,
                         const page& on) {
  std::vector<std::string> parts{"weights", "epoch " + std::to_string(record.epoch.value),
                                 "block " + std::to_string(block)};
  if (record.status != publish_status::skipped)
    parts.push_back(share_text(record.row, burn_of(memory)));
  parts.push_back(fate_text(record));
  const bool fine = record.status == publish_status::confirmed && record.read_back == record.row;
  const auto how = fine                                       ? tone::normal
                   : record.status == publish_status::skipped ? tone::faint
                                                              : tone::alarm;
  return paint(flow(parts, on.columns, on.letters), how, on.color) + '\n';
}

std::string
draw_lap(const lap_done& lap, const lap_news& news, const run_memory& memory, const page& on) {
  std::string text;
  for (const auto& x : lap.jobs) {
    auto drawn = draw_job(x, memory.started().labels, on);
    if (std::find(news.ended.begin(), news.ended.end(), x.job) != news.ended.end())
      drawn += paint(flow({plain(x.job.value) + (x.failed ? " failed: " : " is over: ")
                           + plain(x.note)},
                          on.columns, on.letters),
                     x.failed ? tone::alarm : tone::normal, on.color)
               + '\n';
    if (!drawn.empty())
      text += drawn + '\n';
  }
  if (news.weights)
    text += draw_weights(*lap.published, lap.chain.block, memory, on) + '\n';
  return text;
}

std::string draw_over(const run_over& last, const run_memory& memory, const page& on) {
  auto text = "done: " + rounds_text(last.laps) + " of every job in this run";
  if (last.code != 0)
    text = "ended with code " + std::to_string(last.code) + " after " + rounds_text(last.laps);
  if (!last.why.empty())
    text += "; " + plain(last.why);
  text = paint(flow({text}, on.columns, on.letters), last.code == 0 ? tone::strong : tone::alarm,
               on.color)
         + "\n\n";
  for (const auto& [job, x] : memory.jobs())
    text += job_head(job, x, on) + draw_standings(job, memory, on) + '\n';
  if (const auto& record = memory.published())
    text += draw_weights(*record, record->included_block, memory, on) + '\n';
  const auto& first = memory.started();
  if (!first.data.empty())
    text += "state     " + plain(first.data) + '\n';
  if (!first.again.empty()) {
    text += "continue ";
    for (const auto& word : first.again)
      text += ' ' + shell_word(plain(word), on.letters);
    text += '\n';
  }
  return text;
}

} // namespace sluice::report
