/// What the leads mechanism asks miners, what they answer, and what they are sent, as bodies of
/// messages; docs/leads-api.md describes the fields.
#pragma once

#include "rules/leads/exchange.hpp"
#include "rules/miner/codec.hpp"

namespace sluice::net {

/// Bodies that keep the value; `as` of the same type gives it back. The deadline of a question is
/// the message's, not the body's.
miner_body lead_question_body(lead_question x);
miner_body lead_answer_body(lead_answer x);
miner_body lead_notice_body(lead_notice x);

/// How bodies from outside are read: into the three types above. An answer is at most 16 KiB, a
/// question or a notice 256 KiB (net/miner_gateway/wire.hpp); of longer answers `fitting_leads`
/// leaves out the last ones.
body_codec leads_codec();

/// What is inside a body, wherever it comes from; ec::bad_input as by the codec. `deadline_ms`:
/// milliseconds to answer, as the message has it; it becomes the question's.
result<lead_question> lead_question_in(const miner_body& body, uint64_t deadline_ms);
result<lead_answer> lead_answer_in(const miner_body& body);
result<lead_notice> lead_notice_in(const miner_body& body);

/// The first leads that fit into one answer: at most `lead_answer_max`, and as many as its bytes
/// allow.
lead_answer fitting_leads(std::vector<lead> leads);

} // namespace sluice::net
