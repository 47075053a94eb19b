/// What the consensus mechanism asks miners, what they answer, and what they are sent, as bodies of
/// messages.
#pragma once

#include "rules/consensus/task_exchange.hpp"
#include "rules/miner/codec.hpp"

namespace sluice::net {

/// Bodies that keep the value; `as` of the same type gives it back. The deadline of a question is
/// the message's, not the body's.
miner_body task_question_body(task_question x);
miner_body task_answer_body(task_answer x);
miner_body task_notice_body(task_notice x);

/// How bodies from outside are read: into the three types above.
body_codec task_codec();

/// What is inside a body, wherever it comes from; ec::bad_input as by the codec. `deadline_ms`:
/// milliseconds to answer, as the message has it; it becomes the question's.
result<task_question> task_question_in(const miner_body& body, uint64_t deadline_ms);
result<task_answer> task_answer_in(const miner_body& body);
result<task_notice> task_notice_in(const miner_body& body);

} // namespace sluice::net
