/// The HTTP routes of consensus and its tasks: requests in, checked calls out;
/// docs/consensus-api.md has them with examples.
#pragma once

#include "net/consensus/calls.hpp"
#include "net/http/router.hpp"
#include "net/keys/signature_schemes.hpp"
#include "net/metrics/page.hpp"
#include "rules/consensus/task_calls.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::net {

class consensus_pages;

/// Answers one call, once, from any thread and at any time. A call whose every copy of this is gone
/// unanswered is answered with 500.
template <class T>
using consensus_reply = std::function<void(result<T>)>;

/// Who takes what changes something, and what tasks there are. Each function is called in the
/// server's thread and must not block. Faults become statuses: bad_input, invalid_argument and
/// out_of_range 400; refused 403; no_such_key 404; read_only 409; unreachable and busy 503; timeout
/// 504; any other 500. What consensus says of miners is read from `consensus_pages` instead.
class consensus_backend {
public:
  virtual ~consensus_backend() = default;

  /// Answers when the report is durable. ec::bad_input: the list is no JSON, with the place;
  /// ec::refused: this caller does not prove that validator, or the report was there before.
  virtual void
  take_report(consensus_report_call call, consensus_reply<consensus_report_answer> reply)
    = 0;
  /// A miner that polls shows that it is there. ec::refused: it is not registered on the subnet.
  virtual void register_miner(hotkey worker, consensus_reply<registered_miner> reply) = 0;

  virtual void submit_task(submit_task_call call, consensus_reply<submitted_task> reply) = 0;
  /// ec::no_such_key: no such task, or one of another client's where the caller is no admin.
  virtual void
  find_task(task_caller caller, std::string task_id, consensus_reply<task_record> reply)
    = 0;
  /// `limit`: tasks, 1 to task_limits::listed_max. Payloads and results are not shown.
  virtual void list_tasks(list_tasks_call call, consensus_reply<std::vector<task_record>> reply)
    = 0;
  virtual void cancel_task(cancel_task_call call, consensus_reply<changed_task> reply) = 0;
  virtual void approve_task(approve_task_call call, consensus_reply<changed_task> reply) = 0;
  virtual void fetch_tasks(fetch_tasks_call call, consensus_reply<std::vector<task_work>> reply)
    = 0;
  virtual void answer_task(answer_task_call call, consensus_reply<answered_task> reply) = 0;
  virtual void task_statistics(consensus_reply<task_stats> reply) = 0;
};

/// `unix_ms`: milliseconds since 1970-01-01 UTC; called from any thread.
struct consensus_routes_terms {
  std::function<uint64_t()> unix_ms;
  signature_schemes schemes = all_signature_schemes();
  signed_report_terms freshness{};
  /// The mechanism's numbers, for /metrics and /metrics/json, which are served where this is given.
  /// Called in the server's thread, once per request; must not block.
  std::function<std::vector<metric>()> metrics{};
  /// Takes reports with neither a validator's key nor a signature, as the original does.
  bool unproved_reports = false;
};

/// Adds all of them. Backend and pages are held for as long as the router.
void add_consensus_routes(http_router& out, std::shared_ptr<consensus_backend> backend,
                          std::shared_ptr<consensus_pages> pages, consensus_routes_terms terms);

} // namespace sluice::net
