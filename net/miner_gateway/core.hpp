/// What the server's thread does with every connection, from its first byte to its end.
#pragma once

#include "net/http/link.hpp"
#include "net/http/listener.hpp"
#include "net/miner_gateway/server.hpp"
#include "rules/miner_gateway/sessions.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace sluice::net {

/// Everything but `post` and what is atomic belongs to the thread that runs `io`.
class gateway_core : public std::enable_shared_from_this<gateway_core> {
public:
  gateway_core(gateway_server_terms terms, known_peers known, gateway_events events);

  /// Begins to accept; takes the descriptor, which must be open. Faults of a connection end that
  /// connection.
  void open(int listening, bool v6);
  /// `session`: from 1; one that is over is passed over. `mark` other than 0 comes back when it is
  /// written, and is a question that is open from now on.
  void send(uint64_t session, std::string text, uint64_t mark);
  /// `session`, `mark`: as in `send`; a question that is not open is passed over.
  void expire(uint64_t session, uint64_t mark);
  /// `session`: as in `send`.
  void end(uint64_t session, const gateway_refusal& why);
  void know(known_peers known);
  /// The last message to everybody; nothing is pending when they are out, or at this moment.
  /// `until_ms`: of `steady_ms`. A moment that has passed ends everything at the next tick.
  void stop(uint64_t until_ms);

  /// Any thread. Errors: none.
  gateway_counts counts() const;

  boost::asio::io_context io{1};

  /// About a request for an upgrade: who a proxy passes on is charged, and no page of a browser
  /// comes in that was not allowed to.
  gate_answer ask(const gate_question& x);

private:
  /// One connection.
  struct connection {
    std::shared_ptr<websocket_link> link; // null while it speaks HTTP
    gateway_ticket ticket;
    handshake shake;
    std::string from;
    hotkey key{};
    uint64_t session = 0;                        // 0: not admitted
    uint64_t protocol = gateway_protocol_oldest; // until a hello names another
    bool open = false;                           // the upgrade is done
    bool asked = false;                          // the challenge is out
    uint64_t hello_until = 0;                    // until the handshake has to be through
    uint64_t received_at = 0;
    uint64_t ping_at = 0;
    uint64_t pings = 0;
    bool left = false;                    // its account is free already
    std::optional<gateway_refusal> why{}; // of its end
  };

  std::variant<http_ticket, http_response> admit(const http_arrival& x);
  std::optional<http_response> came_from(uint64_t id, const std::string& address);
  void give_way(std::optional<uint64_t> id);
  void upgraded(websocket_request request);
  void closed_as_http(uint64_t id);
  void received(uint64_t id, std::string_view text);
  std::optional<gateway_refusal>
  charge(connection& x, const result<gateway_message>& message, size_t bytes, uint64_t at);
  void greet(connection& x, const gateway_hello& hello);
  void judge(uint64_t id, connection& x, const gateway_answer& answer);
  void begin_session(uint64_t id, connection& x, const admission& who);
  void listen(connection& x, gateway_message message);
  void refuse(connection& x, const gateway_refusal& why);
  void ended(uint64_t id, const std::string& why);
  void leave(connection& x);
  void tick();
  void leave_nothing();
  void check(connection& x, uint64_t at);
  void count(gateway_reason why);
  std::optional<peer_record> look_up(const hotkey& key) const;
  gateway_moment now() const;

  gateway_server_terms terms_;
  known_peers known_;
  gateway_events events_;
  gateway_limits limits_;
  session_book book_;
  std::map<uint64_t, connection> connections_; // by number of the connection
  std::map<uint64_t, uint64_t> sessions_;      // session -> connection
  std::shared_ptr<http_listener> listener_;
  boost::asio::steady_timer timer_{io};
  uint64_t stop_at_ = 0; // 0: goes on
  mutable std::mutex seen_mutex_;
  gateway_counts seen_;
};

} // namespace sluice::net
