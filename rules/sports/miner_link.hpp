/// The state of a miner's connection to one validator, as a value: what is done when.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice {

/// Source: facts/mechanisms D3b, "Connection states (client)".
enum class miner_link_state : uint8_t { idle = 0, connecting, authenticating, online, waiting };
inline constexpr std::array<std::string_view, 5> miner_link_state_names{
  "idle", "connecting", "authenticating", "online", "waiting"};
constexpr std::string_view name_of(miner_link_state x) {
  return miner_link_state_names[static_cast<size_t>(x)];
}

/// Milliseconds, all from 1 but `jitter`, 0 to 1; not checked. Source: facts/mechanisms D3.10, D3b.
struct miner_link_terms {
  uint64_t connect_ms = 5'000;       // until the WebSocket is there
  uint64_t authenticate_ms = 10'000; // from then until the welcome
  uint64_t base_ms = 1'000;          // of the pauses: base * 2^failures
  uint64_t cap_ms = 60'000;          // at most
  double jitter = 0.1;               // of a pause, either way
  uint64_t stable_ms = 30'000;       // online for so long: failures begin anew
  uint64_t heartbeat_ms = 30'000;    // between two of ours
  uint64_t silence_ms = 150'000;     // of the validator, that ends the connection
};

/// What is to be done at a moment.
enum class miner_link_action : uint8_t { none = 0, connect, drop, heartbeat };

/// One connection. Moments are milliseconds of one clock that only goes forward, from 1.
class miner_link {
public:
  explicit miner_link(miner_link_terms terms = {}) : terms_(terms) {}

  /// What is due. `connect`: it is connecting from now on. `drop`: end the connection and report it
  /// by `lost`. `heartbeat`: send one.
  miner_link_action due(uint64_t now_ms);

  void opened(uint64_t now_ms);   // the WebSocket is there
  void welcomed(uint64_t now_ms); // authenticated
  void received(uint64_t now_ms); // anything came

  /// The connection has ended, or could not be made. Answers the pause until the next try, in
  /// milliseconds. `chance`: any number, another one each time.
  uint64_t lost(uint64_t now_ms, uint64_t chance);

  miner_link_state state() const { return state_; }
  bool online() const { return state_ == miner_link_state::online; }
  uint64_t failures() const { return failures_; } // in a row

private:
  miner_link_terms terms_;
  miner_link_state state_ = miner_link_state::idle;
  uint64_t until_ms_ = 0; // of connecting, authenticating, waiting
  uint64_t online_ms_ = 0;
  uint64_t received_ms_ = 0;
  uint64_t heartbeat_ms_ = 0;
  uint64_t failures_ = 0;
};

/// base * 2^failures, at most `cap`, moved by jitter: from 1 - jitter to 1 + jitter of it.
/// Milliseconds.
uint64_t miner_link_pause_ms(const miner_link_terms& terms, uint64_t failures, uint64_t chance);

} // namespace sluice
