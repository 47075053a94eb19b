/// Sends predictions to every validator until it has answered: over a WebSocket, or over HTTP while
/// there is none; and fetches games.
#pragma once

#include "messages/events.hpp"
#include "messages/sports/miner.hpp"
#include "net/http/client.hpp"
#include "net/sports/signing.hpp"
#include "rules/miner_gateway/url.hpp"
#include "rules/sports/miner_link.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Milliseconds where the name ends in ms, from 1; not checked.
struct sports_messenger_config {
  std::vector<gateway_url> validators; // ws or wss; one of each address
  std::string ca;                      // PEM file; empty: the system's
  bool websocket = true;               // false: HTTP only
  bool http_fallback = true;
  miner_link_terms link;
  uint64_t tick_ms = 200;
  uint64_t answer_ms = 30'000;    // for an answer over a WebSocket; then it is sent again
  uint64_t http_pause_ms = 2'000; // after a failure of HTTP: doubles to 60 s
  uint64_t games_interval_s = 3600;
  uint64_t keep_days = 50; // of predictions, behind the start of the game
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
  std::function<void(std::string_view)> show; // a line; any thread
};

struct sports_messenger_links {
  sports_database_actor database;
  std::function<sports_predictor_actor()> predictor;
  task_manager_actor tasks;
  event_manager_actor events;
};

/// `memory`: what the database has of predictions and deliveries.
sports_messenger_actor
spawn_sports_messenger(caf::actor_system& system, sports_messenger_config config,
                       sports_messenger_links links, std::shared_ptr<net::sports_writer> writer,
                       std::shared_ptr<const miner_memory> memory);

} // namespace sluice
