#include "actors/api/api.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "net/http/server.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace sluice {

namespace {

using api_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

class api_state {
public:
  static inline const char* name = "api";

  explicit api_state(api_actor::pointer self) : self_(self) {}

  /// False when it cannot serve; the actor is then on its way out.
  bool open(api_links links) {
    socket_ = std::move(links.socket);
    routes_ = links.routes.routes().size();
    auto started = net::http_server::start(*socket_, {}, std::move(links.routes));
    if (!started) {
      self_->quit(to_error(started.error()));
      return false;
    }
    server_ = *std::move(started);
    spdlog::info("api at http://{}", socket_->address());
    return true;
  }

  std::string describe() const {
    return json_object{}.add("address", socket_->address()).add("routes", routes_).text();
  }

private:
  api_actor::pointer self_;
  std::shared_ptr<const net::listening_socket> socket_;
  size_t routes_ = 0;
  std::unique_ptr<net::http_server> server_;
};

api_actor::behavior_type
api_behavior(observed_pointer<api_actor, api_state> self, api_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.open(std::move(links)))
    return api_actor::behavior_type::make_empty_behavior();
  return {[](atom::start) {}};
}

} // namespace

caf::actor spawn_api(caf::actor_system& system, api_links links) {
  return caf::actor_cast<caf::actor>(system.spawn(api_behavior, std::move(links)));
}

} // namespace sluice
