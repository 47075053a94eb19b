/// The HTTP routes of consensus and its tasks: requests in, checked calls out;
/// docs/consensus-api.md has them with examples.
#pragma once

#include "net/consensus/calls.hpp"
#include "net/http/router.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice::net {

class consensus_pages;

/// Answers one call, once, from any thread and at any time. A call whose every copy of this is gone
/// unanswered is answered with 500.
template <class T>
using consensus_reply = std::function<void(result<T>)>;

/// Who takes what changes something. Each function is called in the server's thread and must not
/// block. Faults become statuses: bad_input, invalid_argument and out_of_range 400; refused 403;
/// no_such_key 404; unreachable and busy 503; timeout 504; any other 500. What is only read comes
/// from `consensus_pages`.
class consensus_backend {
public:
  virtual ~consensus_backend() = default;

  /// Answers when the report is durable. ec::bad_input: `statuses` is no JSON, with the place;
  /// ec::refused: this caller does not prove that validator, or it was there before.
  virtual void
  take_report(consensus_report_call call, consensus_reply<consensus_report_answer> reply)
    = 0;

  virtual void register_miner(miner_register_call call, consensus_reply<miner_registered> reply)
    = 0;
  virtual void add_performance(miner_performance_call call, consensus_reply<nothing> reply) = 0;
};

struct consensus_routes_terms {
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC; any thread
};

/// Adds all of them. Backend and pages are held for as long as the router.
void add_consensus_routes(http_router& out, std::shared_ptr<consensus_backend> backend,
                          std::shared_ptr<consensus_pages> pages, consensus_routes_terms terms);

} // namespace sluice::net
