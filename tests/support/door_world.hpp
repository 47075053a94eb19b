/// A door on a real socket, and miners that knock: at their best and at their worst.
#pragma once

#include "net/door/client.hpp"
#include "net/door/server.hpp"
#include "net/keys/checker.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/door/nonces.hpp"
#include "tests/support/bare_socket.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace sluice::test {

/// Texts that threads tell each other; whoever waits gives up after half a minute.
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

inline uint64_t unix_now_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/// A question as a job would ask it, written.
inline std::string a_question(uint64_t id, uint64_t protocol = door_protocol) {
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
inline std::string a_notice(net::liquidity_notice news) {
  return net::write_message(
    net::wire_notice{"liquidity", {net::notice_body(std::move(news)).text()}});
}

inline miner_scores some_scores() {
  miner_scores x;
  x.round.job = {"pair"};
  return x;
}

/// Key number n, always the same.
inline net::key_pair key_number(uint8_t n) {
  std::array<uint8_t, 32> bytes{};
  bytes[0] = n;
  bytes[1] = 77;
  return net::make_key_pair(net::secret_seed{bytes});
}

/// A server; what it tells goes to `told`: "arrived SESSION HOTKEY", "answered SESSION ID",
/// "written SESSION ID", "went SESSION REASON TEXT".
class door_world {
public:
  static net::door_server_terms quick_terms() {
    net::door_server_terms terms;
    terms.shake.node = "node";
    terms.limits.network
      = {{{{10'000, 100'000}, {1 << 30, 1 << 30}, {1 << 20, 1 << 20}}}, 10'000, 100};
    terms.tick_ms = 10;
    terms.close_ms = 100;
    return terms;
  }

  void start(net::door_server_terms terms = quick_terms()) {
    server.reset();
    if (!socket_) {
      auto opened = net::listening_socket::open("127.0.0.1:0");
      if (!opened)
        throw std::runtime_error(opened.error().what);
      socket_.emplace(*std::move(opened));
    }
    auto nonces = std::make_shared<nonce_source>(door_life{++life_});
    net::door_events events;
    events.nonce = [nonces] { return nonces->next(net::random_bytes()); };
    events.unix_ms = [this] { return unix_now_ms() + clock_ahead_ms; };
    events.check = net::check_signature;
    events.arrived = [this](const net::door_arrival& x) {
      told.put("arrived " + std::to_string(x.session) + ' ' + x.who.key.value);
    };
    events.answered = [this](uint64_t session, const net::wire_answer& x) {
      told.put("answered " + std::to_string(session) + ' ' + std::to_string(x.id));
    };
    events.written = [this](uint64_t session, uint64_t id) {
      told.put("written " + std::to_string(session) + ' ' + std::to_string(id));
    };
    events.went = [this](uint64_t session, const door_refusal& why) {
      told.put("went " + std::to_string(session) + ' ' + std::string{to_string(why.reason)} + ' '
               + why.text);
    };
    auto made = net::door_server::start(*socket_, std::move(terms), known(), std::move(events));
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

  uint16_t port() const { return socket_->port(); }
  door_url url() const { return {door_scheme::ws, {"127.0.0.1", port()}, "/"}; }

  mailbox told;
  std::atomic<uint64_t> clock_ahead_ms{0};
  std::unique_ptr<net::door_server> server;

private:
  std::optional<net::listening_socket> socket_;
  uint64_t life_ = 0;
};

/// A client in a thread; what it hears goes to `heard`: "welcome SESSION", "question ID",
/// "invalid", "scores", "refused REASON TEXT", "bye REASON TEXT", "lost WHY".
class knocker {
public:
  explicit knocker(door_url where, net::key_pair key = key_number(1), std::string ca = "",
                   std::function<uint64_t()> clock = unix_now_ms,
                   uint64_t protocol = door_protocol) {
    net::door_client_terms terms;
    terms.where = std::move(where);
    terms.key = std::move(key);
    terms.ca = std::move(ca);
    terms.software = "knocker";
    terms.pause = {1, 50};
    terms.tick_ms = 10;
    terms.protocol = protocol;
    net::door_client_events on;
    on.unix_ms = std::move(clock);
    on.chance = [] { return 0; };
    on.welcome
      = [this](const net::door_welcome& x) { heard.put("welcome " + std::to_string(x.session)); };
    on.asked = [this](const net::wire_question& x) -> result<nothing> {
      if (const auto read = net::liquidity_codec().question(x.body); !read)
        return read.error();
      heard.put("question " + std::to_string(x.id));
      if (breaks)
        client->break_off();
      else if (answers)
        client->say(net::wire_answer{x.id, {R"({"accepted":true,"desired_positions":[]})"}});
      return nothing{};
    };
    on.noticed = [this](const net::wire_notice& x) -> result<nothing> {
      const auto read = net::liquidity_codec().notice(x.body);
      if (!read)
        return read.error();
      heard.put(net::notice_in(*read)->index() == 0 ? "invalid" : "scores");
      return nothing{};
    };
    on.refused = [this](const door_refusal& x, bool in) {
      heard.put((in ? "bye " : "refused ") + std::string{to_string(x.reason)} + ' ' + x.text);
    };
    on.lost = [this](const std::string& why, uint64_t) {
      heard.put("lost " + why);
      if (once)
        client->stop();
    };
    auto made = net::door_client::make(std::move(terms), std::move(on));
    if (!made)
      throw std::runtime_error(made.error().what);
    client = *std::move(made);
    thread_ = std::thread{[this] { client->run(); }};
  }
  ~knocker() {
    client->stop();
    client->stop();
    thread_.join();
  }

  mailbox heard;
  std::atomic<bool> answers{true};
  std::atomic<bool> breaks{false};
  std::atomic<bool> once{true}; // does not come back
  std::unique_ptr<net::door_client> client;

private:
  std::thread thread_;
};

} // namespace sluice::test
