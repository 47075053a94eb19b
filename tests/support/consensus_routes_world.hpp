/// The consensus routes on a real socket, with a backend in memory and a clock of the test's.
#pragma once

#include "net/consensus/pages.hpp"
#include "net/consensus/routes.hpp"
#include "net/http/server.hpp"
#include "net/keys/key_file.hpp"
#include "rules/base64.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/signed_call.hpp"
#include "rules/consensus/status_list.hpp"
#include "rules/consensus/task_board.hpp"
#include "tests/support/bare_socket.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::test {

/// Answers at once, in the server's thread. `failure` is what everything is answered with when it
/// is there.
class memory_consensus final : public net::consensus_backend {
public:
  memory_consensus(std::shared_ptr<std::atomic<uint64_t>> now,
                   std::shared_ptr<net::consensus_pages> pages)
    : now_(std::move(now)), pages_(std::move(pages)) {}

  void take_report(net::consensus_report_call call,
                   net::consensus_reply<net::consensus_report_answer> reply) override {
    if (failure)
      return reply(*failure);
    auto list = read_status_list(call.report.miner_statuses);
    if (!list)
      return reply(list.error());
    if (!list->is_list)
      return reply(net::consensus_report_answer{false, "miner_statuses is no list", 0, 0});
    status_report report;
    report.validator_uid = call.report.validator_uid;
    report.hotkey = call.report.hotkey;
    report.epoch = call.report.epoch;
    report.received_ms = *now_;
    if (!call.report.hotkey.empty()) {
      report.proof = report_proof::signature;
      report.digest = report_digest(call.report);
    }
    report.statuses = std::move(list->statuses);
    report.skipped = list->skipped;
    book.prepare(report);
    const auto done = book.put(std::move(report));
    if (!done)
      return reply(done.error());
    if (done->verdict != report_verdict::take)
      return reply(fault{ec::read_only, "this report was taken before"});
    publish(done->changed, call.report.validator_uid, call.report.epoch);
    reply(net::consensus_report_answer{true, "", done->miners_processed, done->consensus_updated});
  }

  void register_miner(hotkey worker, net::consensus_reply<net::registered_miner> reply) override {
    if (failure)
      return reply(*failure);
    const auto at = registered.find(worker);
    if (at == registered.end())
      return reply(fault{ec::refused, worker.value + " is not registered on the subnet"});
    board.see(worker, *now_);
    reply(net::registered_miner{at->second, worker});
  }

  void submit_task(submit_task_call call, net::consensus_reply<submitted_task> reply) override {
    answer(reply, [&](task_changes& out) { return board.submit(std::move(call), *now_, out); });
  }
  void find_task(task_caller caller, std::string task_id,
                 net::consensus_reply<task_record> reply) override {
    if (failure)
      return reply(*failure);
    const auto at = tasks.find(task_id);
    if (at == tasks.end() || (!caller.admin && at->second.client != caller.client))
      return reply(fault{ec::no_such_key, "there is no task " + task_id});
    reply(at->second);
  }
  void
  list_tasks(list_tasks_call call, net::consensus_reply<std::vector<task_record>> reply) override {
    if (failure)
      return reply(*failure);
    std::vector<task_record> all;
    for (const auto& [id, x] : tasks)
      if ((!call.state || x.state == *call.state) && (!call.client || x.client == *call.client)
          && all.size() < call.limit)
        all.push_back(x);
    reply(all);
  }
  void cancel_task(cancel_task_call call, net::consensus_reply<changed_task> reply) override {
    answer(reply, [&](task_changes& out) { return board.cancel(call, *now_, out); });
  }
  void approve_task(approve_task_call call, net::consensus_reply<changed_task> reply) override {
    answer(reply, [&](task_changes& out) { return board.approve(call, *now_, out); });
  }
  void
  fetch_tasks(fetch_tasks_call call, net::consensus_reply<std::vector<task_work>> reply) override {
    answer(reply, [&](task_changes& out) {
      return result<std::vector<task_work>>{board.fetch(call, *now_, out)};
    });
  }
  void answer_task(answer_task_call call, net::consensus_reply<answered_task> reply) override {
    answer(reply, [&](task_changes& out) { return board.answer(call, {}, *now_, out); });
  }
  void task_statistics(net::consensus_reply<task_stats> reply) override {
    if (failure)
      return reply(*failure);
    reply(board.stats());
  }

  /// Time has passed: what is stale is reported.
  void expire() { publish(book.expire(*now_).changed, {}, {}); }

  void distribute() {
    task_changes out;
    board.distribute(book.selectable_miners(*now_), {}, *now_, out);
    keep(out);
  }

  report_book book;
  task_board board;
  std::map<std::string, task_record> tasks;
  std::map<hotkey, miner_uid> registered;
  std::optional<fault> failure;

private:
  void publish(const std::vector<miner_uid>& changed, std::optional<uint16_t> reporter,
               std::optional<uint64_t> epoch) {
    auto update = net::update_of(book, changed, *now_);
    update.reporter = reporter;
    update.epoch = epoch;
    pages_->put(std::move(update));
  }

  void keep(const task_changes& changes) {
    for (const auto& [id, x] : changes.tasks)
      if (x)
        tasks[id] = *x;
  }

  template <class T, class F>
  void answer(const net::consensus_reply<T>& reply, F change) {
    if (failure)
      return reply(*failure);
    task_changes out;
    auto got = change(out);
    keep(out);
    reply(std::move(got));
  }

  std::shared_ptr<std::atomic<uint64_t>> now_;
  std::shared_ptr<net::consensus_pages> pages_;
};

/// A response, taken apart. `status`: 100 to 599; 0 when there was none.
struct consensus_response {
  unsigned status = 0;
  std::string head;
  nlohmann::json body;
};

class consensus_world {
public:
  /// A Monday in 2025, 12:00:30 UTC.
  static constexpr uint64_t begin_ms = 1'756'123'230'000;

  /// What is served in place of the routes.
  using router_change = std::function<net::http_router(const net::http_router&)>;

  explicit consensus_world(bool unproved = true, net::stream_terms stream = quick_stream(),
                           net::http_server_terms terms = quick_terms(),
                           const router_change& change = {}) {
    pages = std::make_shared<net::consensus_pages>(
      consensus_settings{}, [now = now] { return now->load(); }, stream);
    backend = std::make_shared<memory_consensus>(now, pages);
    net::consensus_routes_terms routes_terms;
    routes_terms.unix_ms = [now = now] { return now->load(); };
    routes_terms.unproved_reports = unproved;
    net::http_router routes;
    net::add_consensus_routes(routes, backend, pages, routes_terms);
    if (change)
      routes = change(routes);
    auto opened = net::listening_socket::open("127.0.0.1:0");
    if (!opened)
      throw std::runtime_error(opened.error().what);
    socket_.emplace(*std::move(opened));
    auto made = net::http_server::start(*socket_, std::move(terms), std::move(routes));
    if (!made)
      throw std::runtime_error(made.error().what);
    server = *std::move(made);
  }

  static net::http_server_terms quick_terms() {
    net::http_server_terms terms;
    terms.tick_ms = 5;
    terms.limits.linger_ms = 200;
    return terms;
  }
  static net::stream_terms quick_stream() {
    net::stream_terms terms;
    terms.tick_ms = 5;
    return terms;
  }

  /// 1 to 65535. Errors: none.
  uint16_t port() const { return socket_->port(); }

  /// `more`: header lines, each with its CRLF.
  consensus_response call(const std::string& method, const std::string& target,
                          const std::string& body = "", const std::string& more = "") const {
    const bare_socket peer{port()};
    peer.send(method + ' ' + target + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n" + more
              + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n")
              + "\r\n" + body);
    return response_of_text(peer.read_until());
  }
  consensus_response get(const std::string& target) const { return call("GET", target); }
  consensus_response
  post(const std::string& path, const nlohmann::json& body, const std::string& more = "") const {
    return call("POST", path, body.dump(), "Content-Type: application/json\r\n" + more);
  }
  consensus_response report(unsigned validator, uint64_t epoch, const nlohmann::json& list) const {
    return post("/api/v1/validators/miner-status",
                {{"validator_uid", validator}, {"miner_statuses", list}, {"epoch", epoch}});
  }
  /// As a worker signs it.
  consensus_response
  signed_post(const net::key_pair& who, const std::string& path, const nlohmann::json& body) const {
    return post(path, body, signature_of(who, path, body.dump()));
  }
  std::string
  signature_of(const net::key_pair& who, const std::string& target, const std::string& body) const {
    const signed_call x{"POST", target, who.address, now->load(), "", body};
    const auto signature = net::sign(who.secret, call_text(x));
    return "X-Hotkey: " + who.address + "\r\nX-Issued: " + std::to_string(x.issued_ms)
           + "\r\nX-Signature: " + base64_of(signature) + "\r\n";
  }
  static std::string base64_of(const std::array<uint8_t, 64>& x) {
    return to_base64({reinterpret_cast<const char*>(x.data()), x.size()});
  }

  static consensus_response response_of_text(const std::string& text) {
    consensus_response x;
    if (text.size() < 12 || !text.starts_with("HTTP/1.1 "))
      return x;
    x.status = static_cast<unsigned>(std::stoul(text.substr(9, 3)));
    const auto end = text.find("\r\n\r\n");
    x.head = text.substr(0, end);
    x.body = nlohmann::json::parse(text.substr(end + 4), nullptr, false);
    return x;
  }

  /// Keys that are the same in every run. `number`: 0 to 255.
  static net::key_pair key(uint8_t number) {
    std::array<uint8_t, 32> seed{};
    seed.fill(number);
    return net::make_key_pair(net::secret_seed{seed});
  }

  /// The item of the recorded exchanges.
  static nlohmann::json item(unsigned uid, double stake = 1000) {
    return {{"uid", uid},
            {"hotkey", "HOTKEY-A"},
            {"ip", "192.0.2.10"},
            {"port", 8091},
            {"is_serving", true},
            {"stake", stake},
            {"performance_score", 0.85},
            {"current_load", 1},
            {"max_capacity", 5},
            {"last_seen", "2025-08-25T12:00:00"}};
  }

  std::shared_ptr<std::atomic<uint64_t>> now = std::make_shared<std::atomic<uint64_t>>(begin_ms);
  std::shared_ptr<net::consensus_pages> pages;
  std::shared_ptr<memory_consensus> backend;
  std::unique_ptr<net::http_server> server;

private:
  std::optional<net::listening_socket> socket_;
};

} // namespace sluice::test
