/// One miner's WebSocket, from its handshake to its end.
#pragma once

#include "net/http/link.hpp"
#include "net/sports/hub.hpp"
#include "rules/miner_gateway/rates.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// Everything but the constructor in the thread of the connection's context.
class sports_session : public std::enable_shared_from_this<sports_session> {
public:
  /// `number`: from 1, never used again while the hub exists.
  sports_session(std::shared_ptr<sports_hub> hub, uint64_t number, boost::asio::io_context& io);
  ~sports_session();
  sports_session(const sports_session&) = delete;
  sports_session& operator=(const sports_session&) = delete;

  void start(websocket_request request);

  /// To be sent, urgent ones first; more than the queue holds ends the connection.
  void push(std::vector<waiting_frame> frames);
  /// The same, unless this was what was sent last. `digest`: of the games.
  void push_games(const std::vector<waiting_frame>& frames, const std::string& digest);
  /// So many predictions were answered.
  void answered(size_t predictions);
  /// A newer connection of the hotkey is there.
  void replaced();

  uint64_t number() const { return number_; }

private:
  /// `admitting`: its nonce is being stored.
  enum class phase : uint8_t { greeting = 0, admitting, online, ending };

  void received(std::string_view text);
  void greet(std::string_view text);
  void admit(const hotkey& key, miner_uid uid, const result<nothing>& stored);
  void refuse(std::string_view message, uint16_t code, std::string_view reason);
  void frame(std::string_view text);
  void handle(const sports_envelope& x);
  void predict(const sports_envelope& x);
  void reject(std::vector<prediction_answer> answers);
  void say(std::string_view type, std::string data);
  void say_error(std::string_view message);
  void say_flat(std::string_view message);
  void pump();
  void end(uint16_t code, std::string_view reason, bool send_rest);
  void ended(const std::string& why);
  void tick();
  void look_at_time(uint64_t now);
  void keep_nonces();

  const std::shared_ptr<sports_hub> hub_;
  const uint64_t number_;
  boost::asio::steady_timer timer_;
  std::weak_ptr<boost::asio::io_context> io_;
  std::shared_ptr<websocket_link> link_; // null: it has ended
  phase phase_ = phase::greeting;
  hotkey key_;
  miner_uid uid_;
  bool admitted_ = false;
  std::deque<std::string> early_; // before it was admitted
  sports_frame_queue queue_;
  bool writing_ = false;
  std::string games_digest_; // of what was sent last
  size_t unanswered_ = 0;    // predictions
  token_bucket frames_;
  std::vector<sports_nonce> nonces_; // to be stored
  uint64_t began_at_ = 0;            // all of steady_ms
  uint64_t received_at_ = 0;
  uint64_t heartbeat_at_ = 0;
  uint64_t sweep_at_ = 0;
};

} // namespace sluice::net
