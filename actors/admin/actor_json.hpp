/// Answers of the admin actor as JSON, and what the arguments of its commands contain.
#pragma once

#include "actors/admin/actor_rows.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// The busiest first, or by one of the names of sort_rows.
std::string top_json(std::vector<actor_row> rows, std::string_view order);

/// Only those with messages that wait, the longest queue first.
std::string mailboxes_json(std::vector<actor_row> rows);

/// One actor: its numbers, its `view` (JSON of its own; what is under "config" there stands
/// beside), its traced messages with the paths of their senders.
std::string
actor_json(const std::shared_ptr<actor_slot>& root, const std::shared_ptr<actor_slot>& place,
           const std::string& path, const std::string& view, rate_memory& rates);

/// The sessions of the miner gateway's view and the peers of the fleet's, one list.
std::string peers_json(const std::string& gateway, const std::string& fleet);

/// "on" keeps a hundred, "off" none; a number is itself. Messages: from 0; what is no number is 0.
/// The catalogue has checked it.
uint64_t trace_length(std::string_view argument);

/// "node=debug" in two; the catalogue has checked it.
std::pair<std::string, std::string> split_level(std::string_view argument);

/// DIR/snapshots/TIME. `unix_ms`: milliseconds since 1970-01-01 UTC; the name has them as UTC.
/// Errors: none: whether it is free is seen when it is written.
std::filesystem::path snapshot_place(const std::filesystem::path& data, uint64_t unix_ms);

} // namespace sluice
