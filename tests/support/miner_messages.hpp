/// Questions, answers and notices of the liquidity mechanism, as tests of actors send and read
/// them.
#pragma once

#include "messages/miner.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/liquidity/name.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace sluice::test {

/// As a node knows it, with at most 128 questions of a session open.
inline std::shared_ptr<const miner_mechanisms> liquidity_alone() {
  auto all = std::make_shared<miner_mechanisms>();
  const std::string name{liquidity_name};
  all->codecs[name] = net::liquidity_codec();
  all->protocol_1 = name;
  all->questions_max = 128;
  return all;
}

inline miner_question asking(rebalance_query query) {
  const auto deadline_ms = query.deadline_ms;
  return {std::string{liquidity_name}, net::question_body(std::move(query)), deadline_ms};
}

inline miner_answer answering_with(rebalance_reply reply) {
  return {net::answer_body(std::move(reply))};
}

inline miner_notice notice_of(proposal_refused notice) {
  return {std::string{liquidity_name}, net::notice_body(std::move(notice)), true};
}

inline miner_notice notice_of(miner_scores notice) {
  return {std::string{liquidity_name}, net::notice_body(std::move(notice)), false};
}

inline rebalance_query query_in(const miner_question& x) {
  return *net::question_in(x.body, x.deadline_ms);
}

inline rebalance_reply reply_in(const miner_body& x) {
  return *net::answer_in(x);
}

/// The row of a miner that answers `f(query)`.
template <class F>
auto on_question(F f) {
  return [f](const miner_question& x) { return answering_with(f(query_in(x))); };
}

/// The row of a miner that hands each notice to the function of its kind.
template <class Refused, class Scores>
auto on_notice(Refused refused, Scores scores) {
  return [refused, scores](const miner_notice& x) {
    const auto notice = *net::notice_in(x.body);
    if (const auto* why = std::get_if<proposal_refused>(&notice))
      refused(*why);
    else
      scores(std::get<miner_scores>(notice));
  };
}

/// The row of a miner that no notice changes.
inline auto on_any_notice() {
  return [](const miner_notice&) {};
}

} // namespace sluice::test
