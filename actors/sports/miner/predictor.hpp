/// Keeps the games that validators state, and decides about each of them once.
#pragma once

#include "messages/events.hpp"
#include "messages/sports/miner.hpp"
#include "rules/sports/prediction_model.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// `chance`: any number, another one each time. A command of the user's (program and arguments)
/// stands in for the model when it is not empty.
struct sports_predictor_config {
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
  std::shared_ptr<prediction_model> model;
  std::vector<std::string> command;
  uint64_t command_ms = 30'000; // to answer, milliseconds
  pick_terms picks;
  nano daily_limit = 1000 * nano_one;
  nano wager_least = nano_one / 100;          // minimum_wager
  uint64_t keep_days = 50;                    // of games, behind their start
  uint64_t interval_s = 3600;                 // between two looks at games that were not predicted
  std::optional<miner_uid> uid;               // known from the start
  std::function<void(std::string_view)> show; // a line for people or programs; any thread
};

struct sports_predictor_links {
  sports_database_actor database;
  std::function<sports_messenger_actor()> messenger;
  task_manager_actor tasks;
  event_manager_actor events;
};

/// `memory`: what the database has; `results`: decided games, oldest first, that the model learns
/// from.
sports_predictor_actor
spawn_sports_predictor(caf::actor_system& system, sports_predictor_config config,
                       sports_predictor_links links, std::shared_ptr<const miner_memory> memory,
                       std::shared_ptr<const std::vector<sports_game>> results);

} // namespace sluice
