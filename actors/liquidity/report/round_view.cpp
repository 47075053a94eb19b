#include "actors/liquidity/report/round_view.hpp"

#include "io/text/numbers.hpp"
#include "io/text/text.hpp"
#include "rules/liquidity/board_order.hpp"
#include "rules/pool/price.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace sluice::report {

namespace {

/// What is known of each miner beside its result; a subnet has up to 4096 of them.
struct side_notes {
  std::map<miner_uid, const prediction*> predictions; // of this round
  std::map<hotkey, const miner_score*> standings;
  std::map<miner_uid, size_t> places; // in the ranking
};

template <class Map>
auto find_or_null(const Map& map, const typename Map::key_type& key) -> typename Map::mapped_type {
  const auto i = map.find(key);
  return i == map.end() ? nullptr : i->second;
}

side_notes notes_on(const round_record& record, const job_report& report) {
  side_notes notes;
  for (const auto& x : report.predictions)
    if (x.round.kind == record.id.kind)
      notes.predictions.emplace(x.uid, &x);
  for (const auto& [key, score] : report.scores)
    notes.standings.emplace(key, &score);
  for (size_t i = 0; i < record.ranking.size(); ++i)
    notes.places.emplace(record.ranking[i], i);
  return notes;
}

std::optional<double> price_at(const u256& sqrt_price_x96, const pool_terms& terms) {
  if (sqrt_price_x96.is_zero())
    return std::nullopt;
  return whole_price(sqrt_price_x96, terms);
}

miner_row row_of(const miner_result& x, const side_notes& notes, const strategy_labels& labels) {
  miner_row row;
  row.uid = x.uid;
  row.key = plain(x.key.value);
  row.strategy = strategy_of(labels, x.key);
  row.verdict = x.verdict;
  row.score = x.score;
  row.invalid = x.invalid;
  row.note = plain(x.note);
  if (const auto* played = find_or_null(notes.predictions, x.uid); played && played->outcome)
    row.metrics = played->outcome->metrics;
  if (const auto* standing = find_or_null(notes.standings, x.key))
    row.standing = *standing;
  return row;
}

/// The order of record; whoever it forgot comes after it by score, what is no number last. Then who
/// refused, then who failed.
void put_in_order(std::vector<miner_row>& rows, const std::map<miner_uid, size_t>& places) {
  const auto order = [&](const miner_row& x) {
    const bool scored = x.verdict == miner_verdict::scored;
    const auto place = scored ? places.find(x.uid) : places.end();
    const auto score = std::isnan(x.score) ? -std::numeric_limits<double>::infinity() : x.score;
    return std::tuple{part_of(x.verdict), place == places.end() ? places.size() : place->second,
                      scored ? -score : 0.0, x.uid};
  };
  std::sort(rows.begin(), rows.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  for (size_t i = 0; i < rows.size() && rows[i].verdict == miner_verdict::scored; ++i)
    rows[i].rank = i + 1;
}

} // namespace

std::string strategy_of(const strategy_labels& labels, const hotkey& key) {
  const auto i = labels.find(key.value);
  return i == labels.end() || i->second.empty() ? "-" : plain(i->second);
}

const miner_row* round_view::winner() const {
  return rows.empty() || rows.front().rank == 0 ? nullptr : &rows.front();
}

round_view
view_of(const round_record& record, const job_report& report, const strategy_labels& labels) {
  round_view round;
  round.id = record.id;
  round.id.job.value = plain(record.id.job.value);
  round.status = record.status;
  round.start_block = record.start_block;
  round.end_block = record.end_block;
  round.start_time = record.start_time;
  round.end_time = record.end_time;
  round.symbol1 = plain(record.config.symbol1);
  round.decimals1 = record.terms.decimals1;
  round.staked = record.config.staked;
  round.price_start = price_at(record.price_at_start, record.terms);
  round.note = plain(record.note);
  const auto notes = notes_on(record, report);
  for (const auto& x : record.results)
    round.rows.push_back(row_of(x, notes, labels));
  put_in_order(round.rows, notes.places);
  for (const auto& x : report.predictions)
    if (x.outcome && x.round.kind == record.id.kind) {
      round.price_end = price_at(x.outcome->sqrt_price_x96, record.terms);
      round.swaps = x.outcome->metrics.swaps;
      break;
    }
  return round;
}

std::string who(miner_uid uid, const std::string& strategy) {
  const auto text = "uid " + std::to_string(uid.value);
  return strategy.empty() || strategy == "-" ? text : text + " (" + strategy + ")";
}

std::string reason_of_winner(const round_view& round) {
  const auto* first = round.winner();
  if (!first)
    return {};
  if (round.rows.size() == 1 || round.rows[1].rank == 0)
    return "the only one scored";
  const auto& second = round.rows[1];
  const auto other = "uid " + std::to_string(second.uid.value);
  if (first->score == second.score)
    return "as good as " + other + ": better average before, or the lower uid";
  return points_text(first->score - second.score) + " bp ahead of " + other;
}

} // namespace sluice::report
