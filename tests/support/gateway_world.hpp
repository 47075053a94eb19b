/// A miner gateway on a real socket, and clients, well-behaved and not.
#pragma once

#include "net/keys/checker.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "net/miner_gateway/client.hpp"
#include "net/miner_gateway/server.hpp"
#include "rules/miner_gateway/nonces.hpp"
#include "tests/support/bare_socket.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace sluice::test {

/// Texts that threads send to each other; whoever waits gives up after half a minute.
class mailbox {
public:
  void put(std::string text) {
    const std::lock_guard lock{mutex_};
    texts_.push_back(std::move(text));
    came_.notify_all();
  }

  /// The next text that begins so; what comes before it is passed over. "" when nothing came.
  std::string wait(const std::string& beginning) {
    std::unique_lock lock{mutex_};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    for (;;) {
      while (!texts_.empty()) {
        auto text = std::move(texts_.front());
        texts_.pop_front();
        if (text.starts_with(beginning))
          return text;
      }
      if (came_.wait_until(lock, until) == std::cv_status::timeout)
        return "";
    }
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::string> texts_;
};

/// Milliseconds since 1970-01-01 UTC. Errors: none.
inline uint64_t unix_now_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/// A question as a job would ask it, written. `id`: any number of 64 bits; `protocol`: 1 or 2.
/// Errors: none.
inline std::string a_question(uint64_t id, uint64_t protocol = gateway_protocol) {
  rebalance_query x;
  x.job = x.round.job = {"pair"};
  x.round.number = {1};
  x.terms = {500, 10, 18, 6};
  x.sqrt_price_x96 = u256{1U} << 96;
  x.current_price = 1;
  x.deadline_ms = 60'000;
  return net::write_message(
    net::wire_question{id, "liquidity", x.deadline_ms, {net::question_body(x).text()}}, protocol);
}

/// A notice, written.
inline std::string a_notice(net::liquidity_notice notice) {
  return net::write_message(
    net::wire_notice{"liquidity", {net::notice_body(std::move(notice)).text()}});
}

inline miner_scores some_scores() {
  miner_scores x;
  x.round.job = {"pair"};
  return x;
}

/// Key number n, always the same. `n`: 0 to 255. Errors: none.
inline net::key_pair key_number(uint8_t n) {
  std::array<uint8_t, 32> bytes{};
  bytes[0] = n;
  bytes[1] = 77;
  return net::make_key_pair(net::secret_seed{bytes});
}

/// A server; what it reports goes to `reported`: "arrived SESSION HOTKEY
/// MECHANISM...", "answered SESSION ID",
/// "written SESSION ID", "went SESSION REASON TEXT".
class gateway_world {
public:
  static net::gateway_server_terms quick_terms() {
    net::gateway_server_terms terms;
    terms.shake.node = "node";
    terms.limits.connections = {10'000, 100'000};
    terms.limits.strangers_per_address = terms.limits.strangers_max;
    terms.tick_ms = 10;
    terms.close_ms = 100;
    return terms;
  }

  void start(net::gateway_server_terms terms = quick_terms()) {
    server.reset();
    if (!socket_) {
      auto opened = net::listening_socket::open("127.0.0.1:0");
      if (!opened)
        throw std::runtime_error(opened.error().what);
      socket_.emplace(*std::move(opened));
    }
    auto nonces = std::make_shared<nonce_source>(gateway_incarnation{++incarnation_});
    net::gateway_events events;
    events.nonce = [nonces] { return nonces->next(net::random_bytes()); };
    events.unix_ms = [this] { return unix_now_ms() + clock_ahead_ms; };
    events.check = net::check_signature;
    events.arrived = [this](const net::gateway_arrival& x) {
      std::string text = "arrived " + std::to_string(x.session) + ' ' + x.who.key.value;
      for (const auto& name : x.who.mechanisms)
        text.append(" ").append(name);
      reported.put(text);
    };
    events.answered = [this](uint64_t session, const net::wire_answer& x) {
      reported.put("answered " + std::to_string(session) + ' ' + std::to_string(x.id));
    };
    events.written = [this](uint64_t session, uint64_t id) {
      reported.put("written " + std::to_string(session) + ' ' + std::to_string(id));
    };
    events.went = [this](uint64_t session, const gateway_refusal& why) {
      reported.put("went " + std::to_string(session) + ' ' + std::string{to_string(why.reason)}
                   + ' ' + why.text);
    };
    events.tls_failed = [this](const std::string& from, const std::string& why) {
      reported.put("tls " + from + ' ' + why);
    };
    auto made = net::gateway_server::start(*socket_, std::move(terms), known(), std::move(events));
    if (!made)
      throw std::runtime_error(made.error().what);
    server = *std::move(made);
  }

  /// Keys 1 to 5 are registered, 5 is banned.
  net::known_peers known(bool with_ban = true) const {
    auto all = std::make_shared<std::map<hotkey, peer_record>>();
    for (uint8_t n = 1; n <= 5; ++n)
      all->emplace(hotkey{key_number(n).address},
                   peer_record{{n}, n == 5 && with_ban ? "copies others" : ""});
    all->emplace(hotkey{"miner-hold"}, peer_record{{9}, ""});
    return all;
  }

  /// 1 to 65535; after start(). Before it: undefined.
  uint16_t port() const { return socket_->port(); }
  gateway_url url() const { return {gateway_scheme::ws, {"127.0.0.1", port()}, "/"}; }

  mailbox reported;
  /// Milliseconds that the server's clock is ahead of this machine's. From 0. Errors: none.
  std::atomic<uint64_t> clock_ahead_ms{0};
  std::unique_ptr<net::gateway_server> server;

private:
  std::optional<net::listening_socket> socket_;
  uint64_t incarnation_ = 0;
};

/// A client in a thread; what it receives goes to `received`: "welcome SESSION", "question ID",
/// "invalid", "scores", "refused REASON TEXT", "bye REASON TEXT", "lost WHY".
class test_client {
public:
  /// `clock`: milliseconds since 1970-01-01 UTC; `protocol`: 1 or 2.
  explicit test_client(gateway_url where, net::key_pair key = key_number(1), std::string ca = "",
                       std::function<uint64_t()> clock = unix_now_ms,
                       uint64_t protocol = gateway_protocol,
                       std::vector<std::string> mechanisms = {}) {
    net::gateway_client_terms terms;
    terms.mechanisms = std::move(mechanisms);
    terms.where = std::move(where);
    terms.key = std::move(key);
    terms.ca = std::move(ca);
    terms.software = "test-client";
    terms.pause = {1, 50};
    terms.tick_ms = 10;
    terms.protocol = protocol;
    net::gateway_client_events on;
    on.unix_ms = std::move(clock);
    on.chance = [] { return 0; };
    on.welcome = [this](const net::gateway_welcome& x) {
      received.put("welcome " + std::to_string(x.session));
    };
    on.asked = [this](const net::wire_question& x) -> result<nothing> {
      if (const auto read = net::liquidity_codec().question(x.body); !read)
        return read.error();
      received.put("question " + std::to_string(x.id));
      if (breaks)
        client->break_off();
      else if (answers)
        client->send(net::wire_answer{x.id, {R"({"accepted":true,"desired_positions":[]})"}});
      return nothing{};
    };
    on.noticed = [this](const net::wire_notice& x) -> result<nothing> {
      const auto read = net::liquidity_codec().notice(x.body);
      if (!read)
        return read.error();
      received.put(net::notice_in(*read)->index() == 0 ? "invalid" : "scores");
      return nothing{};
    };
    on.refused = [this](const gateway_refusal& x, bool in) {
      received.put((in ? "bye " : "refused ") + std::string{to_string(x.reason)} + ' ' + x.text);
    };
    on.lost = [this](const std::string& why, uint64_t) {
      received.put("lost " + why);
      if (once)
        client->stop();
    };
    auto made = net::gateway_client::make(std::move(terms), std::move(on));
    if (!made)
      throw std::runtime_error(made.error().what);
    client = *std::move(made);
    thread_ = std::thread{[this] { client->run(); }};
  }
  ~test_client() {
    client->stop();
    client->stop();
    thread_.join();
  }

  mailbox received;
  std::atomic<bool> answers{true};
  std::atomic<bool> breaks{false};
  std::atomic<bool> once{true}; // does not come back
  std::unique_ptr<net::gateway_client> client;

private:
  std::thread thread_;
};

} // namespace sluice::test
