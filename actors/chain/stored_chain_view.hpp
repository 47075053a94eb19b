/// The chain as a data folder remembers it, for who reads the folder without its node.
#pragma once

#include "messages/chain.hpp"
#include "storage/data_dir.hpp"

#include <optional>

namespace sluice {

/// None when the folder has no chain yet. Read from the dev chain's own table: it is the only chain
/// that a node has today, and what the chain reader saw last is stored nowhere else. Nobody's
/// weights are ours there: whose folder it is is not stored. A running node asks its chain reader.
result<std::optional<chain_view>> stored_chain_view(const storage::data_dir& disk);

} // namespace sluice
