#include "net/sports/connections.hpp"

#include "net/sports/hub.hpp"

#include <utility>

namespace sluice::net {

sports_connections::sports_connections(sports_connections_terms terms)
  : hub_(std::make_shared<sports_hub>(std::move(terms))) {}

sports_connections::~sports_connections() {
  hub_->stop();
}

void sports_connections::open(std::shared_ptr<sports_backend> backend) {
  hub_->open(std::move(backend));
}

void sports_connections::take(websocket_request request) {
  hub_->take(std::move(request));
}

void sports_connections::publish(std::span<const sports_game> games) {
  hub_->publish(games);
}

bool sports_connections::send(const hotkey& key, std::span<const sports_game> games) {
  return hub_->send(key, games);
}

void sports_connections::stop() {
  hub_->stop();
}

sports_connection_counts sports_connections::counts() const {
  return hub_->counts();
}

} // namespace sluice::net
