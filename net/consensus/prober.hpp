/// Finds out who can be reached: TCP connections that are closed as soon as they are there.
#pragma once

#include "rules/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sluice::net {

/// From 1; not checked. Milliseconds and a count.
struct prober_terms {
  uint64_t timeout_ms = 3'000; // of one connection, the look-up of its name included
  size_t at_once = 32;         // connections; the others wait for their turn
};

/// `latency_us`: microseconds until the connection was there; none: it could not be reached.
struct probed {
  std::optional<uint64_t> latency_us;
  std::string why; // of none
};

/// The outcomes, in the order of the question. In the prober's thread; must not block.
using probes_done = std::function<void(std::vector<probed>)>;

/// A thread of its own. One list at a time: a further one waits for its turn.
class prober {
public:
  explicit prober(prober_terms terms);

  /// Ends what is open: what was not answered is answered as not reached, before this returns. Not
  /// in its own thread.
  ~prober();
  prober(const prober&) = delete;
  prober& operator=(const prober&) = delete;

  /// Any thread. `done` is called exactly once.
  void probe(std::vector<endpoint> where, probes_done done);

private:
  class thread;
  std::unique_ptr<thread> thread_;
};

} // namespace sluice::net
