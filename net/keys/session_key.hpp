/// What only the two ends of one session know, and the proof that a frame came from the other end.
#pragma once

#include "rules/fleet/frame_kind.hpp"
#include "rules/fleet/hello.hpp"

#include <optional>
#include <string_view>

namespace sluice::net {

/// One side's half of an agreement (X25519), for one session.
class session_half {
public:
  /// From the system's source of chance.
  static session_half fresh();

  const fleet_bytes& open() const { return open_; }

  /// The secret that both sides find, bound to everything they sent before (RFC 5869's extract).
  /// Nothing when `theirs` is no key.
  std::optional<fleet_bytes> agree(const fleet_bytes& theirs, std::string_view transcript) const;

private:
  fleet_bytes secret_{};
  fleet_bytes open_{};
};

/// The direction of a frame; each has a key of its own.
enum class frame_direction : uint8_t { to_node = 0, to_peer };

/// The key of one direction.
fleet_bytes direction_key(const fleet_bytes& secret, frame_direction direction);

/// HMAC-SHA256 of a frame. Numbers begin at 1 and go up by one: none is accepted twice. `session`:
/// never 0; `number`: from 1. 32 bytes. Errors: none.
fleet_bytes frame_proof(const fleet_bytes& key, uint64_t session, uint64_t number, frame_kind kind,
                        std::string_view bytes);

/// Equal, in a time that does not depend on how far.
bool same_proof(const fleet_bytes& a, const fleet_bytes& b);

/// From the system's source of chance; never 0. 1 to 2^64-1. std::runtime_error when there is no
/// such source.
uint64_t fresh_number();
/// 32 bytes from the same source. Errors as above.
fleet_bytes fresh_bytes();

} // namespace sluice::net
