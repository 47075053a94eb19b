/// What the sports mechanism asks miners over the miner gateway, what they answer, and what they
/// are sent, as bodies of messages.
///
/// A question is {"games": [...], "timestamp", "daily_left"}, an answer {"predictions": [...]}, a
/// notice {"results": [...], "games": [...], "timestamp"}; the objects are those of the mechanism's
/// own transport (net/sports/frame_data.hpp, docs/sports-wire.md).
#pragma once

#include "rules/miner/codec.hpp"
#include "rules/sports/exchange.hpp"

namespace sluice::net {

/// Bodies that keep the value; `as` of the same type gives it back. The deadline of a question is
/// the message's, not the body's. No error.
miner_body sports_question_body(sports_question x);
miner_body sports_answer_body(sports_predictions x);
miner_body sports_notice_body(sports_notice x);

/// How bodies from outside are read: into the three types of rules/sports/exchange.hpp. An answer
/// is at most 16 KiB, a question or a notice 256 KiB (net/miner_gateway/wire.hpp); what is beyond,
/// and what is not of that form, is ec::bad_input. Nothing of a claim is judged.
body_codec sports_codec();

/// What is inside a body, wherever it comes from; ec::bad_input as by the codec. `deadline_ms`:
/// milliseconds to answer, as the message has it; it becomes the question's.
result<sports_question> sports_question_in(const miner_body& body, uint64_t deadline_ms);
result<sports_predictions> sports_answer_in(const miner_body& body);
result<sports_notice> sports_notice_in(const miner_body& body);

/// The first predictions that fit into one answer: at most sports_limits::batch_max, and as many as
/// its bytes allow. No error.
sports_predictions fitting_predictions(std::vector<prediction_claim> all);

} // namespace sluice::net
