#include "actors/liquidity/report/jobs_page.hpp"

#include "actors/liquidity/report/round_table.hpp"
#include "io/text/numbers.hpp"
#include "io/text/table.hpp"
#include "io/text/text.hpp"

namespace sluice::report {

namespace {

constexpr size_t person_width = 16;

std::string rounds_text(uint64_t n) {
  return n == 1 ? "1 round" : std::to_string(n) + " rounds";
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

std::string job_end(const job_report& x, const page& on) {
  const auto text = plain(x.job.value) + (x.failed ? " failed: " : " is over: ") + plain(x.note);
  return paint(flow({text}, on.columns, on.letters), x.failed ? tone::alarm : tone::normal,
               on.color)
         + '\n';
}

std::string draw_standings(const job_id& job, const jobs_memory& memory, const page& on) {
  std::vector<table_row> rows;
  const auto best = memory.leader(job);
  for (const auto& x : memory.standings(job)) {
    const auto& s = x.score;
    const bool leads = best && best->key == x.key;
    rows.push_back(
      {{std::to_string(s.uid.value), cut_middle(shown(x.key, on.letters), person_width, on.letters),
        x.strategy, points_text(s.evaluation_score), points_text(s.live_score),
        points_text(s.combined_score), s.eligible ? "yes" : "no", std::to_string(s.evaluations),
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
                     {"evaluation bp", "eval bp", true, 8},
                     {"live bp", "live", true, 9},
                     {"combined bp", "combined", true},
                     {"eligible", "elig", false, 1},
                     {.title = "rounds", .right = true, .drop = 5},
                     {.title = "live rounds", .right = true, .drop = 6},
                     {.title = "refused", .right = true, .drop = 7},
                     {.title = "failed", .right = true, .drop = 7}},
                    std::move(rows), on.columns, on.color, on.letters);
}

} // namespace

std::string draw_jobs(const step_report& step, const jobs_memory& memory, const page& on) {
  std::string text;
  for (const auto& x : jobs_of(step)) {
    auto drawn = draw_job(x, memory.labels(), on);
    if (memory.ended_now(x.job))
      drawn += job_end(x, on);
    if (!drawn.empty())
      text += drawn + '\n';
  }
  return text;
}

std::string draw_jobs_summary(const jobs_memory& memory, const page& on) {
  std::string text;
  for (const auto& [job, x] : memory.jobs())
    text += job_head(job, x, on) + draw_standings(job, memory, on) + '\n';
  return text;
}

} // namespace sluice::report
