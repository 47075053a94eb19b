/// The reporting side of a validator: measures the miners of its metagraph, signs what it found and
/// reports it to proxies.
#pragma once

#include "actors/consensus/report_messages.hpp"
#include "messages/chain.hpp"
#include "messages/miner.hpp"
#include "net/http/client.hpp"
#include "rules/consensus/report_settings.hpp"
#include "rules/endpoint.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace sluice {

/// Sends a request, and answers once from any thread: net::http_client::call.
using report_caller = std::function<void(net::http_call, net::http_answered)>;

/// Connects, and answers once from any thread: net::prober::probe.
using report_prober = std::function<void(std::vector<endpoint>, net::probes_done)>;

/// `own`: the node's hotkey, whose uid is reported where there is no report_key_file. `unix_ms`:
/// milliseconds since 1970-01-01 UTC. `chance`: any number, another one each time, for the jitter
/// of pauses. Not checked.
struct report_sender_config {
  report_settings settings;
  hotkey own;
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
  uint64_t whole_ms = 20'000; // of one request, until the last byte of its answer
  report_caller call{};       // empty: an HTTP client of its own
  report_prober probe{};      // empty: a prober of its own
};

struct report_sender_links {
  chain_reader_actor chain;
  roster_actor roster;
  /// Tasks that miners hold now, by uid (storage/consensus/task_loads.hpp). Asked once a round, in
  /// the actor's thread; may read the disk. Empty: not known.
  std::function<result<std::map<uint16_t, uint64_t>>()> open_tasks{};
};

/// A round every report_interval_s, at multiples of it since 1970: their number is the report's
/// epoch. So two reports of one epoch never differ: a node that starts waits for the next one. It
/// fails when its own HTTP client cannot be made (a file of CAs that is none).
report_sender_actor spawn_report_sender(caf::actor_system& system, report_sender_config config,
                                        report_sender_links links);

} // namespace sluice
