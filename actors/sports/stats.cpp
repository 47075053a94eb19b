#include "actors/sports/stats.hpp"

#include "rules/sports/moment.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;
using views::json;
using views::number;

constexpr size_t recent_attempts = 10;
constexpr int64_t second_us = 1'000'000;

json stats_time(int64_t us) {
  return us <= 0 ? json(nullptr) : json(sports_time_text(us));
}

using sports_numbers_map = std::map<std::string, int64_t>;

result<sports_numbers_map> stored_numbers(const storage::data_dir& disk) {
  sports_numbers_map all;
  auto read = tables::sports_numbers.for_each(
    disk, [&](const std::string& name, int64_t value) { all[name] = value; });
  if (!read)
    return read.error();
  return all;
}

int64_t counted_as(const sports_numbers_map& all, const std::string& name) {
  const auto at = all.find(name);
  return at == all.end() ? 0 : at->second;
}

/// Each received prediction has one answer, and each answer is one confirmation.
json prediction_stats(const sports_numbers_map& all) {
  const auto received = counted_as(all, tables::sports_received_key);
  const auto accepted = counted_as(all, tables::sports_answer_key(prediction_code::accepted));
  const auto again = counted_as(all, tables::sports_confirmed_again_key);
  json codes = json::object();
  int64_t answered = 0;
  for (size_t i = 0; i < prediction_code_names.size(); ++i) {
    const auto n = counted_as(all, tables::sports_answer_key(static_cast<prediction_code>(i)));
    answered += n;
    if (n > 0)
      codes[std::string{prediction_code_names[i]}] = n;
  }
  const auto failed = counted_as(all, tables::sports_answer_key(prediction_code::storage_error));
  return {{"received", received},
          {"validated", accepted + again},
          {"rejected", answered - accepted - again},
          {"stored", accepted},
          {"confirmed_again", again},
          {"in_flight", std::max<int64_t>(received - answered, 0)},
          {"confirmations_sent", answered - failed},
          {"confirmations_failed", failed},
          {"codes", std::move(codes)}};
}

struct counted_settlements {
  uint64_t won = 0;
  uint64_t lost = 0;
  uint64_t voided = 0;
  uint64_t sum() const { return won + lost + voided; }
};

/// With what is not kept any more.
result<counted_settlements> settlements(const storage::data_dir& disk) {
  counted_settlements made;
  auto read = tables::sports_predictions.for_each(disk, [&](uint64_t, const stored_prediction& x) {
    made.won += x.state == prediction_state::won ? 1 : 0;
    made.lost += x.state == prediction_state::lost ? 1 : 0;
    made.voided += x.state == prediction_state::void_ ? 1 : 0;
  });
  if (!read)
    return read.error();
  const auto lifetimes = storage::recall_lifetimes(disk);
  if (!lifetimes)
    return lifetimes.error();
  for (const auto& [key, x] : *lifetimes) {
    made.won += x.wins;
    made.lost += x.losses;
    made.voided += x.voids;
  }
  return made;
}

/// Attempts of the folder, by how they ended. Times are microseconds since 1970-01-01 UTC.
struct counted_attempts {
  uint64_t began = 0;
  uint64_t succeeded = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;
  std::map<std::string, uint64_t> errors;
  int64_t last_attempt_us = 0;
  int64_t last_success_us = 0;
  int64_t last_failure_us = 0;
  std::vector<weights_end> newest; // that have ended, the oldest first
};

result<counted_attempts> count_attempts(const storage::data_dir& disk) {
  counted_attempts made;
  auto read = tables::sports_attempts.for_each(disk, [&](uint64_t, const weights_attempt& x) {
    ++made.began;
    made.last_attempt_us = x.time_us;
    if (x.end == weights_end::open)
      return;
    if (x.end == weights_end::succeeded) {
      ++made.succeeded;
      made.last_success_us = x.ended_us;
    } else if (x.end == weights_end::failed) {
      ++made.failed;
      made.last_failure_us = x.ended_us;
    } else {
      ++made.skipped;
    }
    if (!x.error_type.empty())
      ++made.errors[x.error_type];
    if (x.end == weights_end::skipped)
      return;
    made.newest.push_back(x.end);
    if (made.newest.size() > recent_attempts)
      made.newest.erase(made.newest.begin());
  });
  if (!read)
    return read.error();
  return made;
}

json weight_stats_json(const counted_attempts& x, int64_t now_us) {
  const auto good = std::ranges::count(x.newest, weights_end::succeeded);
  const auto since = [now_us](int64_t us) {
    return us <= 0 ? json(nullptr) : json(std::max<int64_t>(now_us - us, 0) / second_us);
  };
  json errors = json::object();
  for (const auto& [type, n] : x.errors)
    errors[type] = n;
  return {{"attempted", x.began},
          {"succeeded", x.succeeded},
          {"failed", x.failed},
          {"skipped", x.skipped},
          {"errors", std::move(errors)},
          {"last_attempt", stats_time(x.last_attempt_us)},
          {"last_success", stats_time(x.last_success_us)},
          {"last_failure", stats_time(x.last_failure_us)},
          {"seconds_since_attempt", since(x.last_attempt_us)},
          {"seconds_since_success", since(x.last_success_us)},
          {"recent_success_rate",
           x.newest.empty()
             ? json(nullptr)
             : number(static_cast<double>(good) / static_cast<double>(x.newest.size()))}};
}

json scoring_stats(const std::optional<sports_scoring>& last, const counted_settlements& settled,
                   const counted_attempts& attempts, int64_t settled_us) {
  return {{"runs", last ? last->number : 0},
          {"weights_set", attempts.succeeded},
          {"scores_skipped", attempts.skipped},
          {"prediction_settlements", settled.sum()},
          {"won", settled.won},
          {"lost", settled.lost},
          {"void", settled.voided},
          {"errors", attempts.failed},
          {"last_scoring", last ? stats_time(last->scores.now_us) : json(nullptr)},
          {"last_settlement", stats_time(settled_us)},
          {"last_weights", stats_time(attempts.last_success_us)},
          {"miners", last ? last->scores.miners.size() : 0},
          {"games_open", last ? last->games_left : 0}};
}

/// What a service stated last, with its moment; null: it never did.
json stated_by(const std::map<std::string, std::pair<int64_t, std::string>>& all,
               const std::string& service) {
  const auto at = all.find(service);
  if (at == all.end())
    return nullptr;
  auto out = json::parse(at->second.second, nullptr, false);
  if (out.is_discarded())
    return nullptr;
  if (out.is_object())
    out["at"] = stats_time(at->second.first);
  return out;
}

/// The newest moment that anything stated: what "since" is measured from.
int64_t
newest_moment(const std::map<std::string, std::pair<int64_t, std::string>>& stated,
              const std::optional<sports_scoring>& scoring, const counted_attempts& attempts) {
  int64_t newest = std::max(scoring ? scoring->scores.now_us : 0, attempts.last_attempt_us);
  for (const auto& [service, one] : stated)
    newest = std::max(newest, one.first);
  return newest;
}

} // namespace

result<json> sports_stats(const storage::data_dir& disk) {
  const auto numbers = stored_numbers(disk);
  if (!numbers)
    return numbers.error();
  const auto stated = storage::last_stats(disk);
  if (!stated)
    return stated.error();
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  const auto settled = settlements(disk);
  if (!settled)
    return settled.error();
  const auto attempts = count_attempts(disk);
  if (!attempts)
    return attempts.error();
  const auto now_us = newest_moment(*stated, *scoring, *attempts);
  auto scored = scoring_stats(*scoring, *settled, *attempts,
                              counted_as(*numbers, tables::sports_settled_key));
  // Blocks since: only a running node knows the chain's.
  if (const auto live = stated_by(*stated, "scoring"); live.is_object())
    for (const auto& [key, value] : live.items())
      if (!scored.contains(key))
        scored[key] = value;
  return json{{"at", stats_time(now_us)},
              {"validator", stated_by(*stated, "validator")},
              {"tasks", stated_by(*stated, "tasks")},
              {"events", stated_by(*stated, "events")},
              {"predictions", prediction_stats(*numbers)},
              {"scoring", std::move(scored)},
              {"weights", weight_stats_json(*attempts, now_us)},
              {"communication", stated_by(*stated, "communication")}};
}

} // namespace sluice
