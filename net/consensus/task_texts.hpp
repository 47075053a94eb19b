/// Tasks and what becomes of them, as JSON, one function per answer.
#pragma once

#include "net/consensus/calls.hpp"
#include "net/http/message.hpp"
#include "rules/consensus/task_calls.hpp"

#include <vector>

namespace sluice::net {

http_response answer_of(const submitted_task& x);
/// With payload, assignments and responses.
http_response answer_of(const task_record& x);
/// Without them.
http_response answer_of(const std::vector<task_record>& x);
http_response answer_of(const changed_task& x);
http_response answer_of(const std::vector<task_work>& x);
http_response answer_of(const answered_task& x);
http_response answer_of(const task_stats& x);
http_response answer_of(const registered_miner& x);
/// GET /task/{id}/status
http_response status_answer_of(const task_record& x);
/// GET /task/{id}/responses
http_response responses_answer_of(const task_record& x);

} // namespace sluice::net
