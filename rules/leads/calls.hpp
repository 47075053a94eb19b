/// What the HTTP routes of the leads mechanism are called with and answer, as checked values.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/leads/lead.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::leads_limits {

/// All are the highest that is allowed; names with bytes are in bytes, the others count. What is
/// beyond is refused with ec::bad_input by whoever reads it.
inline constexpr size_t call_leads_max = 500;         // in one body
inline constexpr size_t listed_max = 1000;            // GET /leads, and one fetch
inline constexpr size_t asked_leads_max = 250;        // that one request may ask for
inline constexpr size_t description_bytes_max = 4096; // of what a buyer looks for
inline constexpr size_t request_id_bytes_max = 64;    // [A-Za-z0-9._-]
inline constexpr size_t weights_max = 1024;           // hotkeys in one POST /validator_weights

} // namespace sluice::leads_limits

namespace sluice {

/// The paths whose calls are signed: those that a configuration may open for unsigned ones.
inline constexpr std::array<std::string_view, 16> leads_paths{"/api/leads",
                                                              "/leads",
                                                              "/prospects",
                                                              "/prospects/fetch",
                                                              "/prospects/ack",
                                                              "/curate",
                                                              "/curate/fetch",
                                                              "/curate/ack",
                                                              "/curate/result",
                                                              "/curate/miner_request",
                                                              "/curate/miner_request/fetch",
                                                              "/curate/miner_request/ack",
                                                              "/curate/miner_result",
                                                              "/curate/miner_result/fetch",
                                                              "/curate/miner_result/ack",
                                                              "/validator_weights"};

/// [A-Za-z0-9._-], 1 to request_id_bytes_max of them: an id of a request.
constexpr bool is_request_id(std::string_view text) {
  if (text.empty() || text.size() > leads_limits::request_id_bytes_max)
    return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
          || c == '_' || c == '-'))
      return false;
  return true;
}

/// Who calls. The signature was verified; whether the wallet may do it is for who answers.
struct leads_caller {
  hotkey wallet;    // "": unsigned, and the configuration opens the route
  std::string body; // 64 hex digits; the same for the same wallet, payload and 300 s window
  SLUICE_FIELDS(wallet, body)
  bool operator==(const leads_caller&) const = default;
};

/// What is handed out by fetching: each of these is a queue of its own. Numbers are stored.
enum class lead_queue : uint8_t {
  prospects = 0,  // of miners, for validators
  requests,       // of buyers, for validators
  miner_requests, // of validators, for miners that poll
  miner_results,  // of miners that poll, for validators
};
constexpr bool known(lead_queue x) {
  return x <= lead_queue::miner_results;
}

/// Takes verified leads into the pool.
struct store_leads_call {
  leads_caller caller;
  std::vector<lead> leads; // 1 to call_leads_max
  SLUICE_FIELDS(caller, leads)
};
/// Counts from 0; their sum is the number of leads in the call.
struct leads_stored {
  uint64_t stored = 0;
  uint64_t duplicates = 0;
  SLUICE_FIELDS(stored, duplicates)
  bool operator==(const leads_stored&) const = default;
};

/// A miner's prospects. The same body again (caller.body) queues nothing and is answered the same.
struct queue_prospects_call {
  leads_caller caller;
  std::vector<lead> prospects; // 1 to call_leads_max
  SLUICE_FIELDS(caller, prospects)
};

/// A buyer's request, or one of a validator's to miners that poll. The same signed body again is
/// the same request, with the same id.
struct queue_request_call {
  leads_caller caller;
  lead_queue queue = lead_queue::requests; // or miner_requests
  uint64_t num_leads = 1;                  // 1 to asked_leads_max
  std::string business_desc;               // UTF-8, to description_bytes_max
  SLUICE_FIELDS(caller, queue, num_leads, business_desc)
};

/// `limit`: items, 1 to listed_max; one where the original hands out one.
struct fetch_call {
  leads_caller caller;
  lead_queue queue = lead_queue::prospects;
  uint64_t limit = 1;
  SLUICE_FIELDS(caller, queue, limit)
};

/// An item that was fetched is done with. `lease`: as it was handed out.
struct acknowledge_call {
  leads_caller caller;
  lead_queue queue = lead_queue::prospects;
  std::string lease;
  SLUICE_FIELDS(caller, queue, lease)
};

/// An item of a queue as it is handed out. Times are milliseconds since 1970-01-01 UTC.
struct leased_item {
  lead_queue queue = lead_queue::prospects;
  std::string id;            // of the batch or the request
  hotkey from;               // whose wallet queued it; "": unsigned
  uint64_t created_ms = 0;   // when it was queued
  uint64_t num_leads = 0;    // of requests, 1 to asked_leads_max
  std::string business_desc; // of requests
  std::vector<lead> leads;   // of prospects and results
  std::string lease;         // 32 hex digits: acknowledges it
  uint64_t lease_until_ms = 0;
  uint64_t deliveries = 0; // this one included, from 1
  SLUICE_FIELDS(queue, id, from, created_ms, num_leads, business_desc, leads, lease, lease_until_ms,
                deliveries)
};

/// The answer to a request: of a validator to a buyer's, of a miner to a validator's.
struct store_result_call {
  leads_caller caller;
  lead_queue queue = lead_queue::requests; // or miner_requests
  std::string request_id;
  std::vector<lead> leads; // 0 to call_leads_max
  SLUICE_FIELDS(caller, queue, request_id, leads)
};

/// What a buyer's request came to. `created_ms`: milliseconds since 1970-01-01 UTC.
struct request_result {
  std::string request_id;
  std::vector<lead> leads;
  uint64_t created_ms = 0;
  SLUICE_FIELDS(request_id, leads, created_ms)
};

/// A validator's shares, to be kept. Shares are finite and from 0, 1 to weights_max of them.
struct store_weights_call {
  leads_caller caller;
  std::map<std::string, double> weights; // by hotkey
  SLUICE_FIELDS(caller, weights)
};

/// A buyer who waits for the answer.
struct buy_leads_call {
  leads_caller caller;
  uint64_t num_leads = 1; // 1 to asked_leads_max
  std::string business_desc;
  SLUICE_FIELDS(caller, num_leads, business_desc)
};

/// How a waiting buyer's request ended. Numbers travel.
enum class buy_outcome : uint8_t {
  delivered = 0,
  no_miners, // nobody to ask: 503
  timeout,   // nobody answered in time: 504
  failed,    // anything else: 500
};

struct buy_leads_answer {
  buy_outcome outcome = buy_outcome::delivered;
  std::string message; // a sentence; of `delivered` it may be ""
  std::vector<lead> leads;
  SLUICE_FIELDS(outcome, message, leads)
};

} // namespace sluice
