#include "actors/api/api.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "io/api/key_file.hpp"
#include "net/http/api_gate.hpp"
#include "net/http/link.hpp"
#include "net/http/openapi.hpp"
#include "net/http/server.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice {

namespace {

/// Its own: time to look whether the keys were changed.
using api_actor = caf::typed_actor<caf::reacts_to<atom::due>,
                                   // Read the keys now.
                                   caf::reacts_to<atom::reload>>;

constexpr std::chrono::seconds key_look_step{1};

net::api_gate_terms gate_terms_of(const api_links& links) {
  const auto& settings = links.settings;
  net::api_gate_terms out;
  out.open_routes = {settings.open_routes.begin(), settings.open_routes.end()};
  out.read_role = api_role_named(settings.read_role).value_or(api_role::none);
  out.cors_origins = settings.cors_origins;
  out.rates.key = {settings.key_rate, settings.key_burst};
  out.rates.network = {settings.address_rate, settings.address_burst};
  out.steady_ms = net::steady_ms;
  out.unix_ms = links.unix_ms ? links.unix_ms : [] { return uint64_t{0}; };
  return out;
}

/// A line per answer by the logger `access`, wherever the log goes.
net::answer_log access_log() {
  return [logger = spdlog::default_logger()->clone("access")](const net::answer_log_entry& x) {
    logger->info("{}", net::answer_log_line(x));
  };
}

class api_state {
public:
  static inline const char* name = "api";

  explicit api_state(api_actor::pointer self) : self_(self) {}

  /// False when it cannot serve; the actor is then on its way out.
  bool open(api_links links) {
    socket_ = std::move(links.socket);
    data_ = std::move(links.data);
    warn_of_paths(links);
    auto gate = gate_terms_of(links);
    net::add_openapi_route(links.routes, {links.version, gate.open_routes, gate.read_role});
    routes_ = links.routes.routes().size();
    read_keys();
    net::http_server_terms terms;
    terms.gate = net::make_api_gate(std::move(gate), keys_);
    for (const auto& x : links.settings.trusted_proxies)
      if (const auto range = parse_address_range(x))
        terms.proxies.push_back(*range);
    if (links.settings.access_log)
      terms.log = access_log();
    auto started = net::http_server::start(*socket_, std::move(terms), std::move(links.routes));
    if (!started) {
      self_->quit(to_error(started.error()));
      return false;
    }
    server_ = *std::move(started);
    spdlog::info("api at http://{}", socket_->address());
    if (!data_.empty())
      self_->delayed_send(self_, key_look_step, atom::due_v);
    return true;
  }

  void look() {
    if (io::version_of_api_keys(data_) != version_)
      read_keys();
    self_->delayed_send(self_, key_look_step, atom::due_v);
  }

  void reload() { read_keys(); }

  std::string describe() const {
    return json_object{}
      .add("address", socket_->address())
      .add("routes", routes_)
      .add("keys", keys_->get()->size())
      .text();
  }

private:
  /// Read before the keys: a change in between is seen at the next look.
  void read_keys() {
    if (data_.empty())
      return;
    version_ = io::version_of_api_keys(data_);
    auto all = io::read_api_keys(data_);
    if (!all) {
      spdlog::warn("api: the keys stay as they were: {}", all.error().what);
      return;
    }
    const auto count = all->size();
    keys_->put(*std::move(all));
    spdlog::info("api: {} keys, read {} times", count, ++reads_); // once they count
  }

  /// A path of the configuration that nobody serves opens nothing: it may be misspelt.
  static void warn_of_paths(const api_links& links) {
    const auto& routes = links.routes.routes();
    for (const auto& path : links.settings.open_routes)
      if (std::none_of(routes.begin(), routes.end(), [&](const auto& x) { return x.path == path; }))
        spdlog::warn("api.open_routes: no mechanism serves {}", path);
  }

  api_actor::pointer self_;
  std::shared_ptr<const net::listening_socket> socket_;
  std::string data_;
  std::string version_; // of the file that was read last, good or bad
  size_t routes_ = 0;
  uint64_t reads_ = 0; // of the keys; a line that repeats would not be written
  std::shared_ptr<net::current_api_keys> keys_ = std::make_shared<net::current_api_keys>();
  std::unique_ptr<net::http_server> server_;
};

api_actor::behavior_type
api_behavior(observed_pointer<api_actor, api_state> self, api_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.open(std::move(links)))
    return api_actor::behavior_type::make_empty_behavior();
  return {[&state](atom::due) { state.look(); }, [&state](atom::reload) { state.reload(); }};
}

} // namespace

caf::actor spawn_api(caf::actor_system& system, api_links links) {
  return caf::actor_cast<caf::actor>(system.spawn(api_behavior, std::move(links)));
}

} // namespace sluice
