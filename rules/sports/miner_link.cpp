#include "rules/sports/miner_link.hpp"

#include "rules/periodic/schedule.hpp"

#include <cmath>

namespace sluice {

uint64_t miner_link_pause_ms(const miner_link_terms& terms, uint64_t failures, uint64_t chance) {
  const auto pause = reconnect_delay(static_cast<double>(terms.base_ms),
                                     static_cast<double>(terms.cap_ms), failures);
  const auto moved = pause * (1 + terms.jitter * (2 * unit_of(chance) - 1));
  return static_cast<uint64_t>(std::llround(moved));
}

miner_link_action miner_link::due(uint64_t now_ms) {
  using enum miner_link_state;
  switch (state_) {
  case idle:
    break;
  case waiting:
    if (now_ms < until_ms_)
      return miner_link_action::none;
    break;
  case connecting:
  case authenticating:
    return now_ms >= until_ms_ ? miner_link_action::drop : miner_link_action::none;
  case online:
    if (now_ms - online_ms_ >= terms_.stable_ms)
      failures_ = 0;
    if (now_ms - received_ms_ >= terms_.silence_ms)
      return miner_link_action::drop;
    if (now_ms < heartbeat_ms_)
      return miner_link_action::none;
    heartbeat_ms_ = now_ms + terms_.heartbeat_ms;
    return miner_link_action::heartbeat;
  }
  state_ = connecting;
  until_ms_ = now_ms + terms_.connect_ms;
  return miner_link_action::connect;
}

void miner_link::opened(uint64_t now_ms) {
  state_ = miner_link_state::authenticating;
  until_ms_ = now_ms + terms_.authenticate_ms;
}

void miner_link::welcomed(uint64_t now_ms) {
  state_ = miner_link_state::online;
  online_ms_ = received_ms_ = now_ms;
  heartbeat_ms_ = now_ms + terms_.heartbeat_ms;
}

void miner_link::received(uint64_t now_ms) {
  received_ms_ = now_ms;
}

uint64_t miner_link::lost(uint64_t now_ms, uint64_t chance) {
  if (online() && now_ms - online_ms_ >= terms_.stable_ms)
    failures_ = 0;
  state_ = miner_link_state::waiting;
  const auto pause = miner_link_pause_ms(terms_, failures_++, chance);
  until_ms_ = now_ms + pause;
  return pause;
}

} // namespace sluice
