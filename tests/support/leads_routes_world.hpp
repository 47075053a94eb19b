/// The leads routes on a real socket, with a backend in memory and a clock of the test's.
#pragma once

#include "net/http/server.hpp"
#include "net/keys/key_file.hpp"
#include "net/leads/routes.hpp"
#include "rules/base64.hpp"
#include "rules/leads/lead.hpp"
#include "rules/leads/queues.hpp"
#include "tests/support/bare_socket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// Answers at once, in the server's thread. `refused` wallets are known to nobody; `failure` is
/// what everything is answered with when it is there.
class memory_leads final : public net::leads_backend {
public:
  explicit memory_leads(std::shared_ptr<std::atomic<uint64_t>> now) : now_(std::move(now)) {}

  void list_leads(uint64_t limit, net::leads_reply<std::vector<lead>> reply) override {
    if (failure)
      return reply(*failure);
    std::vector<lead> all;
    for (auto x = pool.rbegin(); x != pool.rend() && all.size() < limit; ++x)
      all.push_back(*x);
    reply(all);
  }

  void store_leads(store_leads_call call, net::leads_reply<leads_stored> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    leads_stored done;
    for (auto& x : call.leads) {
      const bool fresh = idents_.insert(pool_ident_of(x)).second;
      ++(fresh ? done.stored : done.duplicates);
      if (fresh)
        pool.push_back(std::move(x));
    }
    reply(done);
  }

  void queue_prospects(queue_prospects_call call, net::leads_reply<uint64_t> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    reply(queues.add_prospects(std::move(call), *now_, changes_));
  }

  void queue_request(queue_request_call call, net::leads_reply<std::string> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    reply(queues.add_request(std::move(call), *now_, changes_));
  }

  void fetch(fetch_call call, net::leads_reply<std::vector<leased_item>> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    reply(queues.fetch(call, *now_, changes_));
  }

  void acknowledge(acknowledge_call call, net::leads_reply<uint64_t> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    reply(queues.acknowledge(call, *now_, changes_));
  }

  void store_result(store_result_call call, net::leads_reply<nothing> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    reply(queues.finish(std::move(call), *now_, changes_));
  }

  void find_result(std::string request_id,
                   net::leads_reply<std::optional<request_result>> reply) override {
    if (failure)
      return reply(*failure);
    for (const auto& x : changes_.results)
      if (x.request_id == request_id)
        return reply(std::optional{x});
    reply(std::optional<request_result>{});
  }

  void store_weights(store_weights_call call, net::leads_reply<nothing> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    weights[call.caller.wallet] = call.weights;
    reply(nothing{});
  }

  void buy(buy_leads_call call, net::leads_reply<buy_leads_answer> reply) override {
    if (const auto no = wrong(call.caller))
      return reply(*no);
    *now_ += buying_ms;
    if (keep_buyers) {
      const std::lock_guard lock{mutex_};
      kept_.push_back(std::move(reply));
      return;
    }
    auto answer = bought;
    if (answer.outcome == buy_outcome::delivered)
      answer.leads.assign(
        pool.begin(),
        pool.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(pool.size(), call.num_leads)));
    asked.push_back(call.business_desc);
    reply(answer);
  }

  std::vector<lead> pool;
  lead_queues queues;
  std::map<hotkey, std::map<std::string, double>> weights;
  std::vector<std::string> asked;
  buy_leads_answer bought;
  uint64_t buying_ms = 0;
  bool keep_buyers = false;
  std::set<hotkey> refused;
  std::optional<fault> failure;

private:
  std::optional<fault> wrong(const leads_caller& who) const {
    if (failure)
      return failure;
    if (refused.contains(who.wallet))
      return fault{ec::refused, who.wallet.value + " is not registered on the subnet"};
    return {};
  }

  std::shared_ptr<std::atomic<uint64_t>> now_;
  std::set<std::string> idents_;
  queue_changes changes_;
  std::mutex mutex_;
  std::vector<net::leads_reply<buy_leads_answer>> kept_;
};

/// A response, taken apart. `status`: 100 to 599; 0 when there was none.
struct leads_response {
  unsigned status = 0;
  std::string head;
  nlohmann::json body;
};

class leads_world {
public:
  /// A Monday in 2025.
  static constexpr uint64_t begin_ms = 1'756'101'719'470;

  explicit leads_world(std::set<std::string> open = {"/api/leads"},
                       net::http_server_terms terms = quick_terms(),
                       uint64_t buyer_answer_ms = 300'000,
                       const std::function<net::http_router(const net::http_router&)>& watch = {}) {
    net::http_router routes;
    net::leads_routes_terms leads;
    leads.open = std::move(open);
    leads.buyer_answer_ms = buyer_answer_ms;
    leads.unix_ms = [now = now] { return now->load(); };
    net::add_leads_routes(routes, backend, leads);
    if (watch)
      routes = watch(routes);
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

  /// 1 to 65535. Errors: none.
  uint16_t port() const { return socket_->port(); }

  leads_response
  call(const std::string& method, const std::string& target, const std::string& body = "") const {
    const bare_socket peer{port()};
    peer.send(method + ' ' + target + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n"
              + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n")
              + "\r\n" + body);
    return response_of_text(peer.read_until());
  }

  leads_response post(const std::string& path, const std::string& body) const {
    return call("POST", path, body);
  }

  static leads_response response_of_text(const std::string& text) {
    leads_response x;
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

  /// The payload with the wallet and its signature of the moment, `shift` windows off.
  std::string
  signed_body(const net::key_pair& who, nlohmann::json payload, int64_t shift = 0) const {
    const auto window
      = static_cast<uint64_t>(static_cast<int64_t>(signature_window(now->load())) + shift);
    return signed_with(who, payload, std::to_string(window) + python_text(payload));
  }

  static std::string
  signed_with(const net::key_pair& who, nlohmann::json payload, const std::string& text) {
    const auto signature = net::sign(who.secret, text);
    payload["wallet"] = who.address;
    payload["signature"]
      = to_base64({reinterpret_cast<const char*>(signature.data()), signature.size()});
    return payload.dump();
  }

  /// json.dumps(x, sort_keys=True) of ASCII texts without escapes, whole numbers, lists and
  /// objects.
  static std::string python_text(const nlohmann::json& x) {
    std::string out;
    if (x.is_object()) {
      for (const auto& [key, value] : x.items())
        out += (out.empty() ? "" : ", ") + ('"' + key + "\": ") + python_text(value);
      return '{' + out + '}';
    }
    if (x.is_array()) {
      for (const auto& value : x)
        out += (out.empty() ? "" : ", ") + python_text(value);
      return '[' + out + ']';
    }
    return x.dump();
  }

  std::shared_ptr<std::atomic<uint64_t>> now = std::make_shared<std::atomic<uint64_t>>(begin_ms);
  std::shared_ptr<memory_leads> backend = std::make_shared<memory_leads>(now);
  std::unique_ptr<net::http_server> server;

private:
  std::optional<net::listening_socket> socket_;
};

} // namespace sluice::test
