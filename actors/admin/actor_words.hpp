/// Answers of the admin actor as JSON, and what is in the words of its commands.
#pragma once

#include "actors/admin/actor_rows.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// The busiest first, or by one of the words of sort_rows.
std::string top_json(std::vector<actor_row> rows, std::string_view order);

/// Only those with mail, the longest queue first.
std::string mailboxes_json(std::vector<actor_row> rows);

/// One actor: its numbers, its `view` (JSON of its own; what is under "config" there stands
/// beside), its traced messages with the paths of their senders.
std::string
actor_json(const std::shared_ptr<card_seat>& root, const std::shared_ptr<card_seat>& place,
           const std::string& path, const std::string& view, rate_memory& rates);

/// The sessions of the door's view and the peers of the fleet's, one list.
std::string peers_json(const std::string& door, const std::string& fleet);

/// "on" keeps a hundred, "off" none; a number is itself.
uint64_t trace_length(std::string_view word);

/// "node=debug" in two; the catalogue has checked it.
std::pair<std::string, std::string> split_level(std::string_view word);

/// DIR/snapshots/TIME.
std::filesystem::path snapshot_place(const std::filesystem::path& data, uint64_t unix_ms);

} // namespace sluice
