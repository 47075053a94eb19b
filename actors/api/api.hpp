/// Serves the routes of the mechanisms over HTTP for as long as it exists.
#pragma once

#include "net/http/listening.hpp"
#include "net/http/router.hpp"

#include <caf/actor.hpp>

#include <memory>

namespace sluice {

struct api_links {
  std::shared_ptr<const net::listening_socket> socket;
  net::http_router routes;
};

/// Nobody has to ask it anything. It fails when it cannot serve there, with the reason.
caf::actor spawn_api(caf::actor_system& system, api_links links);

} // namespace sluice
