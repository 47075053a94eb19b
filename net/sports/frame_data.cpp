#include "net/sports/frame_data.hpp"

#include "net/sports/data_fields.hpp"
#include "rules/canonical_json.hpp"
#include "rules/chain/sha256.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/json_claim.hpp"
#include "rules/sports/moment.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::net {

namespace {

constexpr int64_t active_us = int64_t{4} * 3600 * 1'000'000; // after the start of a decided game
constexpr int64_t code_other = static_cast<int64_t>(prediction_code::other_errors);
constexpr size_t message_bytes_max = 1024;

/// What is signed: the one form. The texts that are made here are JSON of bounded depth.
std::string canonical_of(const std::string& text) {
  auto made = canonical_json(text, {16, 4096, canonical_digits_max});
  return made ? *std::move(made) : std::string{"{}"};
}

/// As a float of JSON: the original's are.
std::string amount_text(nano x) {
  auto text = text_of_nano(x);
  if (text.find('.') == std::string::npos)
    text += ".0";
  return text;
}

result<prediction_claim> claim_of(std::string_view object) {
  auto made = claim_of_json(object);
  return made ? made : fault{ec::bad_input, "a prediction: " + made.error().what};
}

/// One canonical object, member by member: the caller keeps them sorted, and gives canonical
/// values.
class sorted_object {
public:
  sorted_object& raw(std::string_view name, std::string_view value) {
    text_.append(text_.size() > 1 ? ", \"" : "\"").append(name).append("\": ").append(value);
    return *this;
  }
  sorted_object& text(std::string_view name, std::string_view value) {
    return raw(name, canonical_text(value));
  }
  std::string done() const { return text_ + '}'; }

private:
  std::string text_ = "{";
};

/// Texts, as the original has them.
std::string stats_text(const sports_standing& x) {
  return sorted_object{}
    .text("miner_current_tier", std::to_string(x.tier))
    .text("miner_lifetime_earnings", amount_text(x.lifetime_earnings))
    .text("miner_lifetime_losses", std::to_string(x.losses))
    .text("miner_lifetime_wager", amount_text(x.lifetime_wager))
    .text("miner_lifetime_wins", std::to_string(x.wins))
    .text("miner_uid", std::to_string(x.uid.value))
    .done();
}

std::string confirmation_text(const prediction_answer& x, const std::string& moment,
                              const std::optional<sports_standing>& standing) {
  sorted_object made;
  made.text("code", name_of(x.code)).text("message", x.message);
  if (standing)
    made.raw("miner_stats", stats_text(*standing));
  if (known(x.outcome) && x.outcome != game_outcome::undecided)
    made.raw("outcome", std::to_string(static_cast<int>(x.outcome)));
  return made.text("prediction_id", x.prediction_id)
    .text("status", x.confirmed() ? "success" : "error")
    .text("timestamp", moment)
    .done();
}

std::string game_text(const sports_game& x, bool active) {
  return json_object{}
    .add("external_id", std::string_view{x.external_id})
    .add("team_a", std::string_view{x.team_a})
    .add("team_b", std::string_view{x.team_b})
    .add("sport", std::string_view{x.sport})
    .add("league", std::string_view{x.league})
    .add("event_start_date", std::string_view{sports_time_text(x.start_us)})
    .raw("team_a_odds", amount_text(x.team_a_odds))
    .raw("team_b_odds", amount_text(x.team_b_odds))
    .raw("tie_odds", x.tie_odds ? amount_text(*x.tie_odds) : std::string{"null"})
    .add("can_tie", x.can_tie)
    .add("outcome", static_cast<int>(x.outcome))
    .add("active", active ? 1 : 0)
    .add("state", name_of(x.state))
    .add("create_date", std::string_view{sports_time_text(x.created_us)})
    .add("last_update_date", std::string_view{sports_time_text(x.updated_us)})
    .raw("end_date", x.ended_us == 0 ? "null" : json_text(sports_time_text(x.ended_us)))
    .text();
}

std::string games_text(std::span<const sports_game> games, int64_t now_us) {
  json_list all;
  for (const auto& x : games)
    all.raw(game_text(x, x.state == game_state::open || now_us <= x.start_us + active_us));
  return all.text();
}

result<prediction_answer> answer_of(std::string_view object) {
  data_fields in{object};
  prediction_answer made;
  made.prediction_id = in.text("prediction_id", sports_limits::prediction_id_bytes_max);
  made.message = in.text("message", message_bytes_max);
  constexpr std::array<std::string_view, 2> statuses{"error", "success"};
  const bool success = in.one_of("status", statuses, 0) == 1;
  const auto code = in.one_of("code", prediction_code_names, success ? 0 : code_other);
  made.code = static_cast<prediction_code>(code);
  made.same = success && made.code != prediction_code::accepted;
  if (in.has("outcome"))
    made.outcome = static_cast<game_outcome>(in.whole("outcome", 0, 3));
  if (in.error())
    return *in.error();
  return made;
}

result<sports_game> game_of(std::string_view object) {
  data_fields in{object};
  sports_game x;
  x.external_id = in.text("external_id", sports_limits::external_id_bytes_max);
  if (x.external_id.empty())
    in.wrong("external_id", "a text");
  x.team_a = in.text("team_a", sports_limits::team_bytes_max);
  x.team_b = in.text("team_b", sports_limits::team_bytes_max);
  x.sport = in.text("sport", sports_limits::sport_bytes_max);
  x.league = in.text("league", sports_limits::sport_bytes_max);
  x.start_us = in.moment("event_start_date");
  x.team_a_odds = in.amount("team_a_odds").value_or(0);
  x.team_b_odds = in.amount("team_b_odds").value_or(0);
  x.tie_odds = in.amount("tie_odds");
  x.can_tie = in.flag("can_tie", x.tie_odds.has_value());
  x.outcome = static_cast<game_outcome>(in.whole("outcome", 0, 3));
  const auto state = x.outcome == game_outcome::undecided ? game_state::open : game_state::decided;
  x.state
    = static_cast<game_state>(in.one_of("state", game_state_names, static_cast<size_t>(state)));
  x.created_us = in.moment("create_date");
  x.updated_us = in.moment("last_update_date");
  x.ended_us = in.moment("end_date");
  if (in.error())
    return *in.error();
  return x;
}

std::string confirmed_text(const sports_confirmed& x) {
  json_object made;
  made.add("prediction_id", std::string_view{x.prediction_id}).add("stored", x.stored);
  if (x.stored)
    made.add("state", name_of(x.state))
      .add("outcome", static_cast<int>(x.outcome))
      .raw("wager", amount_text(x.wager))
      .raw("payout", amount_text(x.payout))
      .add("received_at", std::string_view{sports_time_text(x.received_us)})
      .raw("settled_at", x.settled_us == 0 ? "null" : json_text(sports_time_text(x.settled_us)));
  return made.text();
}

result<sports_confirmed> confirmed_of_object(std::string_view object) {
  data_fields in{object};
  sports_confirmed x;
  x.prediction_id = in.text("prediction_id", sports_limits::prediction_id_bytes_max);
  x.stored = in.flag("stored", false);
  if (x.stored) {
    x.state = static_cast<prediction_state>(in.one_of("state", prediction_state_names, 0));
    x.outcome = static_cast<game_outcome>(in.whole("outcome", 0, 3));
    x.wager = in.amount("wager").value_or(0);
    x.payout = in.amount("payout").value_or(0);
    x.received_us = in.moment("received_at");
    x.settled_us = in.moment("settled_at");
  }
  if (in.error())
    return *in.error();
  return x;
}

/// Each item of the list by `read`; the fault names which.
template <class T>
result<std::vector<T>>
each_of(const std::vector<std::string>& items, result<T> (*read)(std::string_view)) {
  std::vector<T> made;
  made.reserve(items.size());
  for (const auto& item : items) {
    auto one = read(item);
    if (!one)
      return fault{ec::bad_input,
                   "item " + std::to_string(made.size() + 1) + ": " + one.error().what};
    made.push_back(*std::move(one));
  }
  return made;
}

std::string with_moment(std::string_view name, const std::string& list, int64_t now_us) {
  return canonical_of(json_object{}
                        .raw(name, list)
                        .add("timestamp", std::string_view{sports_time_text(now_us)})
                        .text());
}

} // namespace

result<std::vector<prediction_claim>> claims_of_data(std::string_view data) {
  const bool may_be_list = data.find("\"predictions\": ") != std::string_view::npos; // canonical
  data_fields in{may_be_list ? data : std::string_view{"{}"}};
  if (!in.has("predictions")) {
    auto one = claim_of(data);
    if (!one)
      return one.error();
    return std::vector<prediction_claim>{*std::move(one)};
  }
  const auto items = list_of_data(in, "predictions", sports_limits::batch_max);
  if (!items)
    return items.error();
  return each_of<prediction_claim>(*items, claim_of);
}

std::string predictions_data(std::span<const std::string> predictions) {
  json_list all;
  for (const auto& x : predictions)
    all.raw(x);
  return canonical_of(json_object{}.raw("predictions", all.text()).text());
}

std::string confirmation_data(const prediction_answer& x, int64_t now_us,
                              const std::optional<sports_standing>& standing) {
  return confirmation_text(x, sports_time_text(now_us), standing);
}

std::string results_data(std::span<const prediction_answer> all, int64_t now_us,
                         const std::optional<sports_standing>& standing) {
  const auto moment = sports_time_text(now_us);
  std::string list = "[";
  for (const auto& x : all)
    list.append(list.size() > 1 ? ", " : "").append(confirmation_text(x, moment, standing));
  return sorted_object{}.raw("results", list + ']').text("timestamp", moment).done();
}

result<std::vector<prediction_answer>> answers_of_data(std::string_view data) {
  data_fields in{data};
  if (!in.has("results")) {
    auto one = answer_of(data);
    if (!one)
      return one.error();
    return std::vector<prediction_answer>{*std::move(one)};
  }
  const auto items = list_of_data(in, "results", sports_limits::batch_max);
  if (!items)
    return items.error();
  return each_of<prediction_answer>(*items, answer_of);
}

std::string id_of_claim(const prediction_claim& x) {
  const auto& id = x.prediction_id;
  const bool is_id
    = id.kind == claim_kind::text && id.text.size() <= sports_limits::prediction_id_bytes_max;
  return is_id ? id.text : std::string{};
}

std::vector<prediction_answer>
answers_of(const result<std::vector<prediction_answer>>& got, std::span<const std::string> ids) {
  if (got && got->size() == ids.size())
    return *got;
  const std::string why = got ? "the number of answers is wrong" : got.error().what;
  std::vector<prediction_answer> made;
  for (const auto& id : ids)
    made.push_back({id, prediction_code::storage_error, false, why});
  return made;
}

std::string games_data(std::span<const sports_game> games, int64_t now_us) {
  return with_moment("games", games_text(games, now_us), now_us);
}

std::string games_page_data(const sports_games_page& x, int64_t now_us) {
  json_object made;
  made.raw("games", games_text(x.games, now_us))
    .add("timestamp", std::string_view{sports_time_text(now_us)})
    .add("since", x.since_us.value_or(0))
    .add("after", std::string_view{x.after_id})
    .add("more", x.more);
  return canonical_of(made.text());
}

std::string digest_of_games(std::span<const sports_game> games) {
  return sha256_hex(games_text(games, std::numeric_limits<int64_t>::max()));
}

result<sports_games_page> games_of_data(std::string_view data) {
  sports_games_page made;
  data_fields in{data};
  if (in.raw("games") != "[]") {
    const auto items = list_of_data(in, "games", sports_limits::listed_max);
    if (!items)
      return items.error();
    auto games = each_of<sports_game>(*items, game_of);
    if (!games)
      return games.error();
    made.games = *std::move(games);
  }
  if (in.has("since"))
    made.since_us = in.whole("since", 0, std::numeric_limits<int64_t>::max());
  made.after_id = in.text("after", sports_limits::external_id_bytes_max);
  made.more = in.flag("more", false);
  if (in.error())
    return *in.error();
  return made;
}

std::string ids_data(std::span<const std::string> ids) {
  json_list all;
  for (const auto& x : ids)
    all.raw(json_text(x));
  return canonical_of(json_object{}.raw("prediction_ids", all.text()).text());
}

result<std::vector<std::string>> ids_of_data(std::string_view data) {
  data_fields in{data};
  const auto items = list_of_data(in, "prediction_ids", sports_limits::batch_max);
  if (!items)
    return items.error();
  std::vector<std::string> made;
  for (const auto& x : *items) {
    auto id = x.starts_with('"') ? decoded_text(x) : std::string{};
    if (id.empty() || id.size() > sports_limits::prediction_id_bytes_max)
      return fault{ec::bad_input, "prediction_ids: expected texts of 1 to "
                                    + std::to_string(sports_limits::prediction_id_bytes_max)
                                    + " bytes, got " + x.substr(0, 80)};
    made.push_back(std::move(id));
  }
  return made;
}

sports_confirmed confirmed_of(std::string id, const std::optional<stored_prediction>& x) {
  if (!x)
    return {std::move(id)};
  return {std::move(id), true,      x->state,       x->outcome,
          x->wager,      x->payout, x->received_us, x->settled_us};
}

std::string confirmed_data(std::span<const sports_confirmed> all, int64_t now_us) {
  json_list list;
  for (const auto& x : all)
    list.raw(confirmed_text(x));
  return with_moment("predictions", list.text(), now_us);
}

result<std::vector<sports_confirmed>> confirmed_of_data(std::string_view data) {
  data_fields in{data};
  const auto items = list_of_data(in, "predictions", sports_limits::batch_max);
  if (!items)
    return items.error();
  return each_of<sports_confirmed>(*items, confirmed_of_object);
}

} // namespace sluice::net
