/// What all connections and routes of the sports transport share: who is there, which nonces were
/// used, what was counted.
#pragma once

#include "net/sports/connections.hpp"
#include "net/sports/frame_data.hpp"
#include "rules/sports/frame_queue.hpp"
#include "rules/sports/nonce_book.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::net {

class sports_session;

/// Any thread. The backend is never called while the mutex is held.
class sports_hub : public std::enable_shared_from_this<sports_hub> {
public:
  explicit sports_hub(sports_connections_terms terms);

  const sports_connections_terms& terms() const { return terms_; }
  int64_t now_us() const { return terms_.unix_us(); }
  /// Null: it was not opened yet.
  std::shared_ptr<sports_backend> backend() const;
  /// Are miners served? Not before it is opened, and not once it stops.
  bool online() const;

  void open(std::shared_ptr<sports_backend> backend);
  void take(websocket_request request);
  void publish(std::span<const sports_game> games);
  bool send(const hotkey& key, std::span<const sports_game> games);
  void stop();
  /// When what is left of a stop is over, of `steady_ms`; 0: it goes on.
  uint64_t stops_at() const;

  /// A signed text of the server's.
  std::string text_of(std::string_view type, std::string data);

  /// Keeps the nonce of a message whose signature is good, once; false: it was used before.
  bool take_nonce(const hotkey& key, const std::string& nonce, const std::string& timestamp,
                  sports_nonce& taken);

  /// A session is the hotkey's from now on; the one before it is ended.
  void authenticated(const std::shared_ptr<sports_session>& who, const hotkey& key, miner_uid uid);
  /// A session has ended. Nothing when a newer one has taken its place.
  void left(uint64_t number, const hotkey& key, miner_uid uid, const std::string& why);
  void erase(uint64_t number);

  /// Confirmations, to the connection that the hotkey has now.
  void confirm(const hotkey& key, std::span<const prediction_answer> answers);
  /// Frames that an older connection could not send any more.
  void hand_over(const hotkey& key, std::vector<waiting_frame> frames);

  template <class F>
  void count(F change) {
    const std::lock_guard lock{mutex_};
    change(counts_);
  }
  sports_connection_counts counts() const;
  uint64_t uptime_s() const;

private:
  /// Sessions belong to what waits in their server's context, and end with it.
  struct place {
    std::weak_ptr<sports_session> who;
    std::weak_ptr<boost::asio::io_context> io;
  };

  std::optional<place> place_of(const hotkey& key) const;
  bool push(const hotkey& key, std::vector<waiting_frame> frames);

  const sports_connections_terms terms_;
  const uint64_t began_ms_;
  sports_writer writer_;
  mutable std::mutex mutex_; // of all below
  std::shared_ptr<sports_backend> backend_;
  uint64_t stops_at_ = 0;
  uint64_t last_ = 0;
  std::map<uint64_t, place> all_;
  std::map<hotkey, uint64_t> by_key_; // the newest of each
  sports_nonce_book nonces_;
  sports_connection_counts counts_;
};

} // namespace sluice::net
