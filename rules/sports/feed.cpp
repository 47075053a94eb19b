#include "rules/sports/feed.hpp"

#include "rules/json_text.hpp"
#include "rules/periodic/schedule.hpp"
#include "rules/retry_after.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sluice {

namespace {

constexpr int64_t feed_second_us = 1'000'000;
constexpr int64_t feed_day_us = 86'400 * feed_second_us;
constexpr int64_t feed_overlap_us = 300 * feed_second_us;
constexpr uint64_t unstated_pause_ms = 60'000; // of 429 without a wish

int64_t floor_to(int64_t us, int64_t unit) {
  return us <= 0 ? 0 : us - us % unit;
}

bool feed_may_recover(unsigned status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

std::string feed_reason(const feed_answer& x) {
  if (x.status == 0)
    return x.what;
  auto text = "it answers " + std::to_string(x.status);
  if (x.status == 401 || x.status == 403)
    text += ": the key is missing, wrong or expired; put a valid one into the feed's key_file";
  else if (x.status == 404)
    text += ": there is nothing at this URL; check the feed's url";
  else if (x.status == 429)
    text += ": too many requests";
  return text;
}

} // namespace

game_feed_window
feed_window(const game_feed_settings& feed, std::optional<int64_t> changed_us, int64_t now_us) {
  game_feed_window x;
  x.begun_us = now_us;
  const auto first = now_us - static_cast<int64_t>(feed.lookback_days) * feed_day_us;
  x.start_from_us = floor_to(first, feed_day_us);
  x.updated_from_us = changed_us ? std::max(floor_to(*changed_us - feed_overlap_us, feed_second_us),
                                            x.start_from_us)
                                 : x.start_from_us;
  return x;
}

result<feed_list_state> game_feed_list::take(const game_page& page) {
  std::vector<std::string> ids;
  ids.reserve(page.games.size());
  for (const auto& game : page.games)
    ids.push_back(game.external_id);
  if (!ids.empty() && ids == last_ids_)
    return fault{ec::corrupt_data, "page " + std::to_string(page_)
                                     + ": expected the next rows, got those of the page before;"
                                       " does the server know PageIndex?"};
  if (games_.size() + ids.size() > game_feed_limits::games_max)
    return fault{ec::corrupt_data, "expected at most " + std::to_string(game_feed_limits::games_max)
                                     + " games, got more"};
  auto state = next(page.rows, page.total);
  if (!state)
    return state;
  last_ids_ = std::move(ids);
  for (const auto& game : page.games)
    games_[game.external_id] = game;
  return state;
}

result<feed_list_state> game_feed_list::same(uint64_t rows) {
  last_ids_.clear();
  return next(rows, std::nullopt);
}

result<feed_list_state> game_feed_list::next(uint64_t rows, std::optional<uint64_t> total) {
  if (page_ + 1 > game_feed_limits::pages_max)
    return fault{ec::corrupt_data, "expected at most " + std::to_string(game_feed_limits::pages_max)
                                     + " pages, got more"};
  ++page_;
  rows_.push_back(rows);
  seen_ += rows;
  const bool last = rows < page_items_ || (total && seen_ >= *total);
  return last ? feed_list_state::complete : feed_list_state::reading;
}

std::vector<game_update> game_feed_list::games() const {
  std::vector<game_update> all;
  all.reserve(games_.size());
  for (const auto& [id, game] : games_)
    all.push_back(game);
  return all;
}

bool known_feed_games::note(const std::vector<game_update>& all) {
  bool is_new = false;
  for (auto game : all) {
    game.at_us = 0;
    const auto digest = std::hash<std::string>{}(json_of(game));
    const auto at = digests_.find(game.external_id);
    if (at != digests_.end() && at->second == digest)
      continue;
    is_new = true;
    if (digests_.size() >= game_feed_limits::games_max)
      digests_.clear();
    digests_[game.external_id] = digest;
  }
  return is_new;
}

feed_decision decide_feed(const game_feed_settings& feed, const feed_answer& x, bool conditional,
                          uint64_t failures, uint64_t chance, uint64_t unix_ms) {
  if (x.status == 200)
    return {feed_verdict::take, 0, {}};
  if (x.status == 304 && conditional)
    return {feed_verdict::same, 0, {}};
  feed_decision out{feed_verdict::give_up, 0, feed_reason(x)};
  if (!feed_may_recover(x.status))
    return out;
  if (failures > feed.retries) {
    out.why += " (" + std::to_string(failures) + " attempts)";
    return out;
  }
  out.verdict = feed_verdict::again;
  auto wish = retry_after_ms(x.retry_after, unix_ms);
  if (!wish && x.status == 429)
    wish = unstated_pause_ms;
  const auto pause = std::min(wish.value_or(retry_delay_ms(periodic_terms{}, failures)),
                              game_feed_limits::pause_ms_max);
  out.pause_ms = pause + chance % (pause / 10 + 1);
  return out;
}

} // namespace sluice
