/// The configuration of an actor system that prints nothing by itself and takes turns on few
/// threads.
#pragma once

#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace sluice {

/// `threads` >= 1: of the scheduler. Messages are added by whoever derives from it.
struct quiet_config : caf::actor_system_config {
  /// From 1, not checked.
  explicit quiet_config(size_t threads) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", threads);
    set("logger.verbosity", caf::atom("quiet"));
    set("logger.console", caf::atom("none"));
  }

  /// Any number, another at every call, from any thread: jitter of pauses before restarts. Empty:
  /// pauses have their full length.
  std::function<uint64_t()> chance;
};

} // namespace sluice
