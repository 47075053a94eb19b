/// Requests for leads that curation has in hand.
#pragma once

#include "messages/leads.hpp"

#include <caf/typed_response_promise.hpp>

#include <functional>
#include <vector>

namespace sluice {

/// A request under way. Errors: none.
struct open_curation {
  lead_request what;
  bool queued = false; // it waits in the queue of requests, and is answered there
  bool stored = false; // on an earlier attempt
  curation_result result;
  std::function<void(buy_leads_answer)> reply;
};

/// The requests of a step: served when all are found. The last ones are kept: a step that is asked
/// again is no second request. `missing`: what is still waited for, a count from 0. Errors: none.
struct open_step_requests {
  std::vector<lead_request> all;
  std::vector<found_leads> found;
  std::vector<buy_leads_answer> answers;
  size_t missing = 0;
  bool done = false;
  std::vector<caf::typed_response_promise<std::vector<buy_leads_answer>>> promises;
};

} // namespace sluice
