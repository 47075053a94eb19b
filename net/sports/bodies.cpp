#include "net/sports/bodies.hpp"

#include "net/miner_gateway/wire_body.hpp"
#include "net/sports/data_fields.hpp"
#include "net/sports/frame_data.hpp"
#include "rules/canonical_json.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/moment.hpp"

#include <utility>

namespace sluice::net {

namespace {

constexpr size_t sports_around_bytes = 256; // the message around the body, and brackets, take less

std::string sports_member(const std::string& object, std::string_view name) {
  const data_fields in{object};
  const auto raw = in.raw(name);
  return raw.empty() ? std::string{"[]"} : std::string{raw};
}

std::string sports_question_text(const sports_question& x) {
  json_object made;
  if (x.daily_left)
    made.raw("daily_left", text_of_nano(*x.daily_left));
  return made.raw("games", sports_member(games_data(x.games, x.now_us), "games"))
    .add("timestamp", std::string_view{sports_time_text(x.now_us)})
    .text();
}

std::string sports_answer_text(const sports_predictions& x) {
  json_list all;
  for (const auto& one : x.predictions)
    all.raw(json_of_claim(one));
  return json_object{}.raw("predictions", all.text()).text();
}

std::string sports_notice_text(const sports_notice& x) {
  return json_object{}
    .raw("games", sports_member(games_data(x.games, x.now_us), "games"))
    .raw("results", sports_member(results_data(x.answers, x.now_us), "results"))
    .add("timestamp", std::string_view{sports_time_text(x.now_us)})
    .text();
}

/// The body in the one form that members are read from, with its bytes and its depth checked.
result<std::string> canonical_body(const body_text& from, const wire::body_kind& kind) {
  if (from.form != body_form::nested)
    return wire::body_fault(from, kind, "protocol 1 has no messages of this mechanism");
  if (from.text.size() > kind.bytes_max)
    return wire::body_fault(from, kind,
                            "expected at most " + std::to_string(kind.bytes_max) + " bytes, got "
                              + std::to_string(from.text.size()));
  auto made = canonical_json(from.text);
  if (!made)
    return wire::body_fault(from, kind, made.error().what);
  if (!made->starts_with('{'))
    return wire::body_fault(from, kind, "expected an object");
  return made;
}

/// An answer has this one member: a miner that misspells it learns of it.
result<miner_body> read_sports_answer(const body_text& from) {
  const auto& kind = wire::answer_body_kind;
  const auto body = canonical_body(from, kind);
  if (!body)
    return body.error();
  const auto members = canonical_members(*body);
  if (!members)
    return wire::body_fault(from, kind, members.error().what);
  if (members->size() != 1 || members->front().first != "predictions")
    return wire::body_fault(from, kind, R"(body: expected one member, "predictions")");
  if (members->front().second == "[]")
    return sports_answer_body({});
  auto claims = claims_of_data(*body);
  if (!claims)
    return wire::body_fault(from, kind, claims.error().what);
  return sports_answer_body({*std::move(claims)});
}

result<miner_body> read_sports_question(const body_text& from) {
  const auto& kind = wire::question_body_kind;
  const auto body = canonical_body(from, kind);
  if (!body)
    return body.error();
  data_fields in{*body};
  sports_question made;
  made.now_us = in.moment("timestamp");
  made.daily_left = in.amount("daily_left");
  auto page = games_of_data(*body);
  if (in.error() || !page)
    return wire::body_fault(from, kind, in.error() ? in.error()->what : page.error().what);
  made.games = std::move(page->games);
  if (made.games.size() > offered_games_max)
    return wire::body_fault(from, kind,
                            "games: expected at most " + std::to_string(offered_games_max));
  return sports_question_body(std::move(made));
}

result<miner_body> read_sports_notice(const body_text& from) {
  const auto& kind = wire::notice_body_kind;
  const auto body = canonical_body(from, kind);
  if (!body)
    return body.error();
  data_fields in{*body};
  sports_notice made;
  made.now_us = in.moment("timestamp");
  if (in.error())
    return wire::body_fault(from, kind, in.error()->what);
  if (in.has("results") && in.raw("results") != "[]") {
    auto answers = answers_of_data(*body);
    if (!answers)
      return wire::body_fault(from, kind, answers.error().what);
    made.answers = *std::move(answers);
  }
  if (in.has("games")) {
    auto page = games_of_data(*body);
    if (!page)
      return wire::body_fault(from, kind, page.error().what);
    made.games = std::move(page->games);
  }
  return sports_notice_body(std::move(made));
}

/// The value of a body, read where it is a text.
template <class T>
result<T> sports_value_in(const miner_body& body, result<miner_body> (*read)(const body_text&)) {
  if (const auto* x = body.as<T>())
    return *x;
  const auto made = read({body.text(), body_form::nested});
  if (!made)
    return made.error();
  return *made->template as<T>();
}

} // namespace

miner_body sports_question_body(sports_question x) {
  return miner_body::of(std::move(x), sports_question_text);
}

miner_body sports_answer_body(sports_predictions x) {
  return miner_body::of(std::move(x), sports_answer_text);
}

miner_body sports_notice_body(sports_notice x) {
  return miner_body::of(std::move(x), sports_notice_text);
}

body_codec sports_codec() {
  return {read_sports_answer, read_sports_question, read_sports_notice};
}

result<sports_question> sports_question_in(const miner_body& body, uint64_t deadline_ms) {
  auto made = sports_value_in<sports_question>(body, read_sports_question);
  if (made)
    made->deadline_ms = deadline_ms;
  return made;
}

result<sports_predictions> sports_answer_in(const miner_body& body) {
  return sports_value_in<sports_predictions>(body, read_sports_answer);
}

result<sports_notice> sports_notice_in(const miner_body& body) {
  return sports_value_in<sports_notice>(body, read_sports_notice);
}

sports_predictions fitting_predictions(std::vector<prediction_claim> all) {
  size_t bytes = sports_around_bytes;
  sports_predictions made;
  for (auto& x : all) {
    bytes += json_of_claim(x).size() + 1;
    if (bytes > miner_bytes_max || made.predictions.size() == sports_limits::batch_max)
      break;
    made.predictions.push_back(std::move(x));
  }
  return made;
}

} // namespace sluice::net
