/// What a node's operator watches, as metrics: from cards and from the disk, nobody is asked.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/seat.hpp"
#include "messages/chain.hpp"
#include "messages/door.hpp"
#include "net/metrics/page.hpp"
#include "storage/data_dir.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// What is read whenever somebody asks for the metrics.
struct metrics_sources {
  std::shared_ptr<card_seat> root; // the node's place
  std::shared_ptr<const storage::data_dir> disk;
};

/// What others said last, if they were asked and have answered.
struct metrics_seen {
  std::optional<chain_head> chain{};
  std::optional<door_view> door{};
};

/// Everything, by name. The children of a mechanism that labels its parts are told apart, all other
/// actors by the child of the node that owns them; what ended there stays counted. The disk was
/// opened with the tables of these mechanisms.
std::vector<net::metric> node_metrics(const metrics_sources& from, mechanism_list mechanisms,
                                      const std::string& version, const metrics_seen& seen = {});

} // namespace sluice
