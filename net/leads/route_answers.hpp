/// What the leads routes answer, as JSON.
#pragma once

#include "net/http/message.hpp"
#include "rules/leads/calls.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sluice::net {

http_response answer_of(const std::vector<lead>& x);
http_response answer_of(const leads_stored& x);
/// Prospects: a list. Of the other queues the oldest item alone, or {}.
http_response answer_of(lead_queue queue, const std::vector<leased_item>& x);
http_response answer_of(const std::optional<request_result>& x);
/// With the status of its outcome: 200, 503, 504 or 500. `ms`: milliseconds that it took, from 0.
http_response answer_of(const buy_leads_answer& x, uint64_t ms);
/// {"queued": 3}, {"acknowledged": 1}. `x`: from 0.
http_response answer_of(std::string_view name, uint64_t x);
/// {"request_id": "..."}.
http_response answer_of(std::string_view name, const std::string& x);
/// {"stored": true}
http_response stored_answer();

/// The status that stands for a fault of leads_backend, with its sentence. 400 to 599.
http_response answer_of_fault(const fault& why);

} // namespace sluice::net
