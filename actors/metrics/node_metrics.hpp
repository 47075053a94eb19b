/// What a node's operator watches, as metrics: from cards and from the disk, nobody is asked.
#pragma once

#include "actors/observed/seat.hpp"
#include "messages/door.hpp"
#include "net/metrics/page.hpp"
#include "storage/data_dir.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// `door`: what it said last, if there is one. Everything, by name. Actors under node/liquidity are
/// told apart by job, all others by the child of the node that owns them; what ended there stays
/// counted.
std::vector<net::metric>
node_metrics(const std::shared_ptr<card_seat>& root, const storage::data_dir& disk,
             const std::string& version, const std::optional<door_view>& door = {});

} // namespace sluice
