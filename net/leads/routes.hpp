/// The HTTP routes of the leads mechanism: bodies in, checked calls out; docs/leads-api.md has them
/// with examples.
#pragma once

#include "net/http/router.hpp"
#include "net/leads/signature_check.hpp"
#include "rules/leads/calls.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::net {

/// Answers one call, once, from any thread and at any time. A call whose every copy of this is gone
/// unanswered is answered with 500.
template <class T>
using leads_reply = std::function<void(result<T>)>;

/// Who answers. Each function is called in the server's thread with a checked value and must not
/// block. Faults become statuses: bad_input, invalid_argument and out_of_range 400; refused (this
/// wallet may not) 403; no_such_key 404; unreachable and busy 503; timeout 504; any other 500.
/// Their sentence is the answer's `detail`.
class leads_backend {
public:
  virtual ~leads_backend() = default;

  /// The newest leads of the pool. `limit`: leads, 1 to leads_limits::listed_max.
  virtual void list_leads(uint64_t limit, leads_reply<std::vector<lead>> reply) = 0;
  virtual void store_leads(store_leads_call call, leads_reply<leads_stored> reply) = 0;
  /// Answers the number of prospects queued, from 0; the same for the same body again.
  virtual void queue_prospects(queue_prospects_call call, leads_reply<uint64_t> reply) = 0;
  /// Answers the request's id.
  virtual void queue_request(queue_request_call call, leads_reply<std::string> reply) = 0;
  /// Hands out items that are not leased, oldest first; rules/leads/lease.hpp has the rules.
  virtual void fetch(fetch_call call, leads_reply<std::vector<leased_item>> reply) = 0;
  /// Answers the number of items that were acknowledged: 0 when the lease had expired or is done.
  virtual void acknowledge(acknowledge_call call, leads_reply<uint64_t> reply) = 0;
  /// Acknowledges the request as well.
  virtual void store_result(store_result_call call, leads_reply<nothing> reply) = 0;
  /// None: not there yet, or no such request.
  virtual void find_result(std::string request_id, leads_reply<std::optional<request_result>> reply)
    = 0;
  virtual void store_weights(store_weights_call call, leads_reply<nothing> reply) = 0;
  /// Answers when the leads are stored, or why there are none.
  virtual void buy(buy_leads_call call, leads_reply<buy_leads_answer> reply) = 0;
};

/// `buyer_answer_ms`: milliseconds until POST /api/leads is answered with 503 whatever happens;
/// above the miners' 85 s, the fallback's 200 s and the ranking's 30 s together. Not checked.
struct leads_routes_terms {
  std::set<std::string> open{
    "/api/leads"}; // of leads_paths: those whose unsigned calls are taken, of who has no wallet
  uint64_t buyer_answer_ms = 330'000;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC; any thread
  signature_schemes schemes = all_signature_schemes();
};

/// Adds all of them. The backend is held for as long as the router.
void add_leads_routes(http_router& out, std::shared_ptr<leads_backend> backend,
                      leads_routes_terms terms);

} // namespace sluice::net
