#include "tools/liquidity/liquidity_miner.hpp"

#include "net/liquidity/miner_bodies.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/verdict_name.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace sluice::tools {

namespace {

/// Of protocol 1 every body is: it has no other mechanism.
bool is_liquidity(const std::string& mechanism, const body_text& body) {
  return body.form == body_form::flat || mechanism == liquidity_name;
}

} // namespace

void liquidity_miner::show(const miner_event& x) {
  config_.write(line_of(x, config_.json, config_.unix_ms));
}

void liquidity_miner::welcome(const std::string& node, const hotkey& key, miner_uid uid) {
  miner_event x{"welcome", fmt::format("{} knows {} as uid {}", node, key.value, uid.value)};
  x.object["node"] = node;
  x.object["hotkey"] = key.value;
  x.object["uid"] = uid.value;
  show(x);
}

result<miner_move> liquidity_miner::asked(const net::wire_question& question) {
  if (!is_liquidity(question.mechanism, question.body))
    return miner_move{};
  const auto body = net::liquidity_codec().question(question.body);
  if (!body)
    return body.error();
  auto move = answer(*net::question_in(*body, question.deadline_ms));
  miner_move done;
  done.crash = move.act == strategy_act::crash;
  if (move.act == strategy_act::answer)
    done.answer = net::wire_answer{question.id, {net::answer_body(std::move(move.reply)).text()}};
  return done;
}

result<nothing> liquidity_miner::noticed(const net::wire_notice& notice) {
  if (!is_liquidity(notice.mechanism, notice.body))
    return nothing{};
  const auto body = net::liquidity_codec().notice(notice.body);
  if (!body)
    return body.error();
  const auto read = *net::notice_in(*body);
  if (const auto* why = std::get_if<proposal_refused>(&read))
    invalid(*why);
  else
    scores(std::get<miner_scores>(read));
  return nothing{};
}

strategy_move liquidity_miner::answer(const rebalance_query& query) {
  const auto round = to_string(query.round);
  miner_event asked{"question", fmt::format("{} block {}: price {:.6g}, {} position{} held", round,
                                            query.block_number, query.current_price,
                                            query.current_positions.size(),
                                            query.current_positions.size() == 1 ? "" : "s")};
  asked.object["round"] = round;
  asked.object["block"] = query.block_number;
  asked.object["price"] = query.current_price;
  asked.object["tick"] = query.tick;
  asked.object["positions"] = query.current_positions.size();
  asked.object["deadline_ms"] = query.deadline_ms;
  show(asked);
  auto move = propose(config_.what, query, memories_[{query.round.job, query.round.kind}]);
  miner_event shown{"answer", ""};
  shown.object["round"] = round;
  shown.object["block"] = query.block_number;
  if (move.act != strategy_act::answer) {
    shown.text = move.act == strategy_act::crash ? "a crash" : "none";
    shown.object["silent"] = true;
    show(shown);
    return move;
  }
  std::erase_if(answered_, [&](const round_id& x) {
    return x.job == query.round.job && x.kind == query.round.kind && x != query.round;
  });
  answered_.insert(query.round);
  shown.object["accepted"] = move.reply.accepted;
  auto positions = nlohmann::ordered_json::array();
  for (const auto& x : move.reply.desired_positions) {
    shown.text
      += fmt::format("{}[{}, {})", shown.text.empty() ? "" : " ", x.tick_lower, x.tick_upper);
    positions.push_back({{"tick_lower", x.tick_lower},
                         {"tick_upper", x.tick_upper},
                         {"allocation0", to_string(x.allocation0)},
                         {"allocation1", to_string(x.allocation1)}});
  }
  if (!move.reply.accepted)
    shown.text = "not this time: " + move.reply.refusal_reason;
  else if (shown.text.empty())
    shown.text = "no positions";
  if (!move.reply.accepted)
    shown.object["refusal_reason"] = move.reply.refusal_reason;
  shown.object["positions"] = std::move(positions);
  show(shown);
  return move;
}

void liquidity_miner::invalid(const proposal_refused& notice) {
  miner_event x{"invalid", fmt::format("{} block {}: {}", to_string(notice.round), notice.block,
                                       notice.reason)};
  x.object["round"] = to_string(notice.round);
  x.object["block"] = notice.block;
  x.object["reason"] = notice.reason;
  show(x);
}

void liquidity_miner::scores(const miner_scores& notice) {
  const auto round = to_string(notice.round);
  const auto rank = notice.rank == 0 ? std::string{"not ranked"}
                                     : fmt::format("rank {} of {}", notice.rank, notice.miners);
  miner_event x{"scores", fmt::format("{}: {}, {:.9g}, {}; combined {:.9g}{}{}{}", round,
                                      to_string(notice.verdict), notice.score, rank,
                                      notice.combined_score, notice.eligible ? ", eligible" : "",
                                      notice.note.empty() ? "" : "; ", notice.note)};
  x.object["round"] = round;
  x.object["verdict"] = to_string(notice.verdict);
  x.object["score"] = notice.score;
  x.object["rank"] = notice.rank;
  x.object["miners"] = notice.miners;
  x.object["invalid"] = notice.invalid;
  x.object["note"] = notice.note;
  x.object["evaluation_score"] = notice.evaluation_score;
  x.object["live_score"] = notice.live_score;
  x.object["combined_score"] = notice.combined_score;
  x.object["eligible"] = notice.eligible;
  show(x);
  if (config_.once && answered_.contains(notice.round))
    over_ = notice.verdict == miner_verdict::scored ? 0 : 1;
}

void liquidity_miner::refused(const gateway_refusal& why) {
  const auto what = advice(why.reason);
  miner_event x{"refused",
                fmt::format("{}: {} (what to do: {})", to_string(why.reason), why.text, what)};
  x.object["reason"] = to_string(why.reason);
  x.object["text"] = why.text;
  x.object["advice"] = what;
  x.object["retry_ms"] = why.retry_ms;
  show(x);
  if (config_.once && why.reason != gateway_reason::closing)
    over_ = 1;
}

void liquidity_miner::lost(const std::string& node, const std::string& why, uint64_t pause_ms) {
  miner_event x{"lost", fmt::format("{}: {}; trying again in {:.1f} s", node, why,
                                    static_cast<double>(pause_ms) / 1000)};
  x.object["node"] = node;
  x.object["why"] = why;
  x.object["pause_ms"] = pause_ms;
  show(x);
}

} // namespace sluice::tools
