// All rounds of a folder in one pass: every stored block is replayed once, every round is booked
// once.
#include "actors/liquidity/audit.hpp"
#include "actors/liquidity/market/market_walk.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"

#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Completed rounds of one job: kinds by number.
using job_rounds = std::map<uint64_t, std::set<round_kind>>;

result<std::map<job_id, job_rounds>> completed_rounds(const storage::data_dir& disk) {
  std::map<job_id, job_rounds> all;
  auto read = tables::rounds.for_each(disk, [&](const round_key& key, const round_record& x) {
    if (x.status == round_status::completed)
      all[key.job][key.number.value].insert(key.kind);
  });
  if (!read)
    return read.error();
  return all;
}

/// How many rounds are to be recomputed; bad_input when some were named and none of them is here.
result<uint64_t> count(const std::map<job_id, job_rounds>& all, const audit_scope& scope) {
  uint64_t total = 0;
  std::string there;
  for (const auto& [job, rounds] : all) {
    for (const auto& [number, kinds] : rounds)
      total += scope.has(number) ? kinds.size() : 0;
    there += (there.empty() ? "" : ", ") + job.value + " has "
             + std::to_string(rounds.begin()->first) + " to "
             + std::to_string(rounds.rbegin()->first);
  }
  if (total > 0 || scope.is_everything())
    return total;
  constexpr auto no_end = std::numeric_limits<uint64_t>::max();
  return fault{ec::bad_input, "no completed round from " + std::to_string(scope.from)
                                + (scope.to == no_end ? " on" : " to " + std::to_string(scope.to))
                                + " is stored here; " + (there.empty() ? "there is none" : there)};
}

/// One job's rounds in ascending order.
class job_pass {
public:
  job_pass(const storage::data_dir& disk, job_record job, const removed_rounds& removed)
    : disk_(disk), job_(std::move(job)), walk_(disk, job_.config.id),
      board_(board_of(job_, removed)) {}

  /// Audits those of `number` that are in the scope, then books them. Evaluation rounds are
  /// reported before live ones, so a fault of a live one waits until all of them are through.
  result<nothing> play(uint64_t number, const std::set<round_kind>& kinds, const audit_scope& scope,
                       const std::function<void()>& done) {
    std::optional<window> seen;
    std::vector<std::pair<round_kind, round_record>> rows;
    for (const auto kind : kinds) {
      const round_id id{job_.config.id, kind, {number}};
      auto row = tables::rounds.get(disk_, id);
      if (!row)
        return row.error();
      if (scope.has(number) && (kind == round_kind::evaluation || !live_fault_)) {
        auto found = audit(id, *row, seen);
        if (!found && kind == round_kind::evaluation)
          return found.error();
        if (found)
          found_[kind].push_back(*std::move(found));
        else
          live_fault_ = found.error();
        done();
      }
      rows.emplace_back(kind, *std::move(row));
    }
    if (number >= job_.first_round)
      for (const auto& [kind, row] : rows)
        book_round(board_, kind, row);
    return nothing{};
  }

  /// What was found, evaluation rounds first.
  result<std::vector<audit_finding>> findings() && {
    if (live_fault_)
      return *live_fault_;
    auto all = std::move(found_[round_kind::evaluation]);
    auto& live = found_[round_kind::live];
    std::move(live.begin(), live.end(), std::back_inserter(all));
    return all;
  }

private:
  /// Both rounds of a number have the same market.
  result<audit_finding>
  audit(const round_id& id, const round_record& row, std::optional<window>& seen) {
    if (!seen || seen->from != row.start_block || seen->to != row.end_block) {
      seen.reset(); // a held pool would be copied
      auto market = walk_.window_of(row);
      if (!market)
        return fault{market.error().code, to_string(id) + ": " + market.error().what};
      seen = *std::move(market);
    }
    return audit_round_in(disk_, id, row, *seen, board_);
  }

  const storage::data_dir& disk_;
  job_record job_;
  market_walk walk_;
  scoreboard board_; // of everything before the round at hand
  std::map<round_kind, std::vector<audit_finding>> found_;
  std::optional<fault> live_fault_;
};

} // namespace

result<std::vector<audit_finding>>
audit_jobs(const storage::data_dir& disk, const audit_scope& scope) {
  auto rounds = completed_rounds(disk);
  if (!rounds)
    return rounds.error();
  const auto total = count(*rounds, scope);
  if (!total)
    return total.error();
  uint64_t done = 0;
  const auto note = [&] {
    ++done;
    if (scope.progress)
      scope.progress(done, *total);
  };
  std::vector<audit_finding> all;
  for (const auto& [id, numbers] : *rounds) {
    auto job = tables::jobs.get(disk, id);
    if (!job)
      return job.error();
    const auto removed = removed_of(disk, *job);
    if (!removed)
      return removed.error();
    job_pass pass{disk, *std::move(job), *removed};
    for (const auto& [number, kinds] : numbers) {
      if (number > scope.to)
        break;
      if (auto played = pass.play(number, kinds, scope, note); !played)
        return played.error();
    }
    auto found = std::move(pass).findings();
    if (!found)
      return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  std::vector<job_id> jobs;
  auto named
    = tables::jobs.for_each(disk, [&](const job_id& id, const job_record&) { jobs.push_back(id); });
  if (!named)
    return named.error();
  for (const auto& id : jobs) {
    auto found = audit_scores(disk, id);
    if (!found)
      return found.error();
    all.push_back(*std::move(found));
  }
  auto gone = tables::removed_rounds_of_jobs.for_each(
    disk, [&](const job_id& id, const removed_rounds& removed) {
      if (auto found = removal_finding(id, removed))
        all.push_back(*std::move(found));
    });
  if (!gone)
    return gone.error();
  return all;
}

} // namespace sluice
