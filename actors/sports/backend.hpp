/// What the transport of the sports mechanism needs of the node: calls become messages, reads are
/// answered from what is public and from the disk.
#pragma once

#include "actors/sports/public_view.hpp"
#include "messages/sports/intake.hpp"
#include "net/sports/backend.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

struct sports_backend_links {
  std::shared_ptr<const storage::data_dir> disk;
  sports_intake_actor intake;
  std::shared_ptr<const sports_public_view> seen;
  std::function<int64_t()> now_us;                   // microseconds since 1970-01-01 UTC
  int64_t nonces_kept_us = int64_t{300} * 1'000'000; // freshness of messages
  bool stepped = false; // predictions come at the moment of the world, whenever they are sent
};

/// Used from any thread. No error.
std::shared_ptr<net::sports_backend> make_sports_backend(sports_backend_links links);

} // namespace sluice
