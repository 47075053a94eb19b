/// The HTTP side of the sports mechanism: /ws, /ws/health and the fallback for when no WebSocket is
/// to be had; docs/sports-wire.md has them with examples.
#pragma once

#include "net/http/router.hpp"
#include "net/sports/connections.hpp"

#include <memory>

namespace sluice::net {

inline constexpr std::string_view sports_socket_path = "/ws";
inline constexpr std::string_view sports_health_path = "/ws/health";
inline constexpr std::string_view sports_predictions_path = "/predictions";
inline constexpr std::string_view sports_games_path = "/games";
inline constexpr std::string_view sports_confirmations_path = "/confirmations";

/// Adds those that the transport's settings ask for, and opens the connections. Both are held for
/// as long as the router.
void add_sports_routes(http_router& out, std::shared_ptr<sports_connections> connections,
                       std::shared_ptr<sports_backend> backend);

} // namespace sluice::net
