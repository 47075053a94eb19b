#include "bin/node_limits.hpp"

#include <algorithm>
#include <thread>

namespace sluice::bin {

namespace {

// Of every node: CAF's clock, the storage writer, the reader of the disk, the shell's socket, the
// watch of signals, the writers of both streams and of the log, the watchdog; and three to spare.
constexpr size_t threads_always = 12;
// Of each address that listens: its server, and what checks signatures or looks names up.
constexpr size_t threads_per_listener = 2;
// Of each mechanism: its clients of others, and what looks names up for them.
constexpr size_t threads_per_mechanism = 2;

// Three stores with their lock files, folder, socket, polls and bells; a second copy of the stores
// while they are copied or compacted; and as many to spare.
constexpr size_t descriptors_always = 64;
constexpr size_t descriptors_per_listener = 16;

// The least map of three stores where address space is rationed is 3 GiB; stacks and heap.
constexpr uint64_t address_bytes = uint64_t{4} << 30;
// A node of --dev takes 40 MiB at its start, and 60 MiB with all mechanisms.
constexpr uint64_t memory_bytes = uint64_t{64} << 20;

} // namespace

io::process_needs needs_of(const node_config& config) {
  const auto& [gateway, fleet, metrics, api] = config.network;
  size_t listeners = 0;
  for (const auto* x : {&gateway.listen, &fleet.listen, &metrics, &api.listen})
    listeners += x->empty() ? 0 : 1;
  io::process_needs needs;
  needs.who = "a node with this configuration";
  needs.threads = threads_always + std::max<size_t>(1, std::thread::hardware_concurrency())
                  + listeners * threads_per_listener
                  + config.mechanisms.size() * threads_per_mechanism;
  needs.descriptors = descriptors_always + listeners * descriptors_per_listener;
  needs.address_bytes = address_bytes;
  needs.memory_bytes = memory_bytes;
  return needs;
}

} // namespace sluice::bin
