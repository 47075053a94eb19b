/// What the liquidity mechanism asks miners, what they answer, and what they are sent, as bodies of
/// messages; docs/miners.md describes the fields.
#pragma once

#include "rules/liquidity/query.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/miner/codec.hpp"

#include <variant>

namespace sluice::net {

/// What a notice may be.
using liquidity_notice = std::variant<proposal_refused, miner_scores>;

/// Bodies that keep the value; `as` of the same type gives it back. The deadline of a question is
/// the message's, not the body's.
miner_body question_body(rebalance_query query);
miner_body answer_body(rebalance_reply reply);
miner_body notice_body(liquidity_notice notice);

/// How bodies from outside are read: into the three types above. An answer is at most 16 KiB, a
/// question or a notice 256 KiB (net/miner_gateway/wire.hpp has all bounds).
body_codec liquidity_codec();

/// What is inside a body of the mechanism, wherever it comes from: the value itself, or what its
/// text states. ec::bad_input as by the codec. `deadline_ms`: milliseconds to answer, as the
/// message has it; it becomes the query's.
result<rebalance_query> question_in(const miner_body& body, uint64_t deadline_ms);
result<rebalance_reply> answer_in(const miner_body& body);
result<liquidity_notice> notice_in(const miner_body& body);

} // namespace sluice::net
