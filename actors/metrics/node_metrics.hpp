/// What a node's operator watches, as metrics: from statistics and from the disk, no actor is
/// asked.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/actor_slot.hpp"
#include "messages/chain.hpp"
#include "messages/miner_gateway.hpp"
#include "net/metrics/page.hpp"
#include "storage/data_dir.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// What is read whenever somebody asks for the metrics.
struct metrics_sources {
  std::shared_ptr<actor_slot> root; // the node's place
  std::shared_ptr<const storage::data_dir> disk;
};

/// What others reported last, if they were asked and have answered.
struct metrics_seen {
  std::optional<chain_head> chain{};
  std::optional<gateway_view> gateway{};
};

/// Everything, by name. The children of a mechanism that labels its parts are distinguished, all
/// other actors by the child of the node that owns them; what ended there stays counted. The disk
/// was opened with the tables of these mechanisms.
std::vector<net::metric> node_metrics(const metrics_sources& from, mechanism_list mechanisms,
                                      const std::string& version, const metrics_seen& seen = {});

} // namespace sluice
