#include "actors/consensus/backend.hpp"

#include "storage/consensus/task_tables.hpp"

#include <caf/send.hpp>

#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

report_sender sender_of(const net::http_caller& x) {
  return {x.key_id, x.validator, x.validator_uid};
}

/// A report that was there before is a conflict for who sends it again (409).
result<net::consensus_report_answer> answer_of(result<report_outcome> x) {
  if (!x)
    return x.error();
  if (x->is_repeated)
    return fault{ec::read_only, "this signed report was taken before; nothing changed"};
  return net::consensus_report_answer{x->is_list, x->error, x->miners_processed,
                                      x->consensus_updated};
}

class consensus_actors_backend final : public net::consensus_backend {
public:
  explicit consensus_actors_backend(consensus_backend_links links) : links_(std::move(links)) {}

  void take_report(net::consensus_report_call call,
                   net::consensus_reply<net::consensus_report_answer> reply) override {
    report_arrival what;
    what.is_verified = !call.report.hotkey.empty(); // by the routes
    what.report = std::move(call.report);
    what.sender = sender_of(call.caller);
    caf::anon_send(links_.intake,
                   report_message{std::move(what), [reply](result<report_outcome> x) {
                                    reply(answer_of(std::move(x)));
                                  }});
  }

  void register_miner(hotkey worker, net::consensus_reply<net::registered_miner> reply) override {
    caf::anon_send(links_.intake, worker_message{worker, [worker, reply](result<miner_uid> x) {
                                                   if (x)
                                                     reply(net::registered_miner{*x, worker});
                                                   else
                                                     reply(x.error());
                                                 }});
  }

  void submit_task(submit_task_call call, net::consensus_reply<submitted_task> reply) override {
    caf::anon_send(links_.distributor, submit_task_message{std::move(call), std::move(reply)});
  }

  void find_task(task_caller caller, std::string task_id,
                 net::consensus_reply<task_record> reply) override {
    auto found = tables::consensus_tasks.find(*links_.disk, task_id);
    if (!found)
      return reply(found.error());
    if (!*found || (!caller.admin && (*found)->client != caller.client))
      return reply(fault{ec::no_such_key, "there is no task " + task_id + " of this client"});
    reply(**std::move(found));
  }

  void
  list_tasks(list_tasks_call call, net::consensus_reply<std::vector<task_record>> reply) override {
    reply(storage::list_tasks(*links_.disk, call));
  }

  void cancel_task(cancel_task_call call, net::consensus_reply<changed_task> reply) override {
    caf::anon_send(links_.distributor, cancel_task_message{std::move(call), std::move(reply)});
  }

  void approve_task(approve_task_call call, net::consensus_reply<changed_task> reply) override {
    caf::anon_send(links_.distributor, approve_task_message{std::move(call), std::move(reply)});
  }

  void
  fetch_tasks(fetch_tasks_call call, net::consensus_reply<std::vector<task_work>> reply) override {
    caf::anon_send(links_.distributor, fetch_tasks_message{std::move(call), std::move(reply)});
  }

  void answer_task(answer_task_call call, net::consensus_reply<answered_task> reply) override {
    caf::anon_send(links_.distributor, answer_task_message{std::move(call), std::move(reply)});
  }

  void task_statistics(net::consensus_reply<task_stats> reply) override {
    caf::anon_send(links_.distributor, task_stats_message{{}, std::move(reply)});
  }

private:
  consensus_backend_links links_;
};

} // namespace

std::shared_ptr<net::consensus_backend> make_consensus_backend(consensus_backend_links links) {
  return std::make_shared<consensus_actors_backend>(std::move(links));
}

} // namespace sluice
