/// Serves the routes of the mechanisms over HTTP for as long as it exists.
#pragma once

#include "net/http/listening.hpp"
#include "net/http/router.hpp"
#include "rules/network_config.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC, any thread; without it no key expires.
struct api_links {
  std::shared_ptr<const net::listening_socket> socket;
  net::http_router routes;
  api_settings settings{};
  std::string data{}; // the folder with api-keys.json; "": nobody has a key
  std::function<uint64_t()> unix_ms{};
  std::string version{}; // of the program
};

/// Nobody has to ask it anything. It fails when it cannot serve there, with the reason. Looks once
/// a second whether the keys were changed; while their file is wrong the last good keys count.
caf::actor spawn_api(caf::actor_system& system, api_links links);

} // namespace sluice
