/// What waits to be sent to one miner: the urgent first, each urgency in its order, all bounded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace sluice {

/// Lower is sooner. Source: facts/mechanisms D3.10.
enum class frame_urgency : uint8_t { confirmation = 0, game_update, normal };

/// A frame that is not signed yet: nonce, moment and signature are made when it is sent. An empty
/// `type`: `data` is the whole text, without a signature.
struct waiting_frame {
  frame_urgency urgency = frame_urgency::normal;
  std::string type;
  std::string data = "{}"; // canonical JSON
  bool operator==(const waiting_frame&) const = default;
};

class sports_frame_queue {
public:
  /// `frames_max`: from 1; not checked.
  explicit sports_frame_queue(size_t frames_max) : frames_max_(frames_max) {}

  /// When it is full, the oldest normal frame is dropped for it. False: it is full of frames that
  /// must not be lost, and this was not taken.
  bool push(waiting_frame x);

  /// The next one; none: it is empty.
  std::optional<waiting_frame> pop();

  /// Frames, 0 to frames_max.
  size_t size() const { return size_; }
  /// Normal frames that were dropped, since the beginning.
  uint64_t dropped() const { return dropped_; }

private:
  size_t frames_max_;
  size_t size_ = 0;
  uint64_t dropped_ = 0;
  std::array<std::deque<waiting_frame>, 3> by_urgency_;
};

} // namespace sluice
