/// What the server's thread does with every connection, from its first byte to its end.
#pragma once

#include "net/door/server.hpp"
#include "net/http/link.hpp"
#include "net/http/listener.hpp"
#include "rules/door/sessions.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace sluice::net {

/// Everything but `post` and what is atomic belongs to the thread that runs `io`.
class door_core : public std::enable_shared_from_this<door_core> {
public:
  door_core(door_server_terms terms, known_peers known, door_events events,
            std::shared_ptr<tls_context> tls);

  void open(int listening, bool v6);
  void say(uint64_t session, std::string text, uint64_t mark);
  void end(uint64_t session, const door_refusal& why);
  void know(known_peers known);
  /// Last words to everybody; nothing is pending when they are out, or at this moment.
  void stop(uint64_t until_ms);

  door_counts counts() const;

  boost::asio::io_context io{1};

private:
  /// One connection.
  struct visitor {
    std::shared_ptr<websocket_link> link; // null while it speaks HTTP
    door_ticket ticket;
    handshake shake;
    std::string from;
    hotkey key{};
    uint64_t session = 0;                     // 0: not admitted
    uint64_t protocol = door_protocol_oldest; // until a hello names another
    bool open = false;                        // the upgrade is done
    bool asked = false;                       // the challenge is out
    uint64_t hello_until = 0;                 // until the handshake has to be through
    uint64_t heard_at = 0;
    uint64_t ping_at = 0;
    uint64_t pings = 0;
    bool left = false;                 // its account is free already
    std::optional<door_refusal> why{}; // of its end
  };

  std::variant<http_ticket, http_response> admit(uint64_t id, const std::string& from);
  void upgraded(websocket_request request);
  void closed_as_http(uint64_t id);
  void heard(uint64_t id, std::string_view text);
  void greet(visitor& x, const door_hello& hello);
  void judge(uint64_t id, visitor& x, const door_answer& answer);
  void enter(uint64_t id, visitor& x, const admission& who);
  void listen(visitor& x, door_message said);
  void refuse(visitor& x, const door_refusal& why);
  void ended(uint64_t id, const std::string& why);
  void leave(visitor& x);
  void tick();
  void leave_nothing();
  void check(visitor& x, uint64_t at);
  void count(door_reason why);
  std::optional<peer_record> look_up(const hotkey& key) const;
  door_moment now() const;

  door_server_terms terms_;
  known_peers known_;
  door_events events_;
  std::shared_ptr<tls_context> tls_;
  door_limits limits_;
  session_book book_;
  std::map<uint64_t, visitor> visitors_;  // by number of the connection
  std::map<uint64_t, uint64_t> sessions_; // session -> connection
  std::shared_ptr<http_listener> listener_;
  boost::asio::steady_timer timer_{io};
  uint64_t stop_at_ = 0; // 0: goes on
  mutable std::mutex seen_mutex_;
  door_counts seen_;
};

} // namespace sluice::net
