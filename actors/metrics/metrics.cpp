#include "actors/metrics/metrics.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/metrics/node_metrics.hpp"
#include "actors/metrics/readiness.hpp"
#include "net/http/server.hpp"
#include "net/metrics/routes.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <mutex>
#include <optional>

namespace sluice {

namespace {

/// Its own: time to look again.
using metrics_actor = caf::typed_actor<caf::reacts_to<atom::due>>;

constexpr std::chrono::seconds look_step{1};
constexpr uint64_t steps_per_gateway_look = 5; // it lists every session

/// What the server's thread shares with the actor.
struct shared_answers {
  std::mutex mutex;
  metrics_seen seen;
};

class metrics_state {
public:
  static inline const char* name = "metrics";

  explicit metrics_state(metrics_actor::pointer self) : self_(self) {}

  /// False when it cannot serve; the actor is then on its way out.
  bool open(const metrics_config& config, const metrics_links& links) {
    socket_ = links.socket;
    gateway_ = links.gateway;
    chain_ = links.chain;
    // The server's thread reads statistics and the disk, and never asks an actor.
    net::metrics_sources sources;
    sources.collect = [from = metrics_sources{links.root, links.disk}, config, answers = answers_] {
      std::unique_lock lock{answers->mutex};
      const auto seen = answers->seen;
      lock.unlock();
      return node_metrics(from, config.mechanisms, config.version, seen);
    };
    sources.not_ready = [root = links.root] { return why_not_ready(root); };
    net::http_server_terms terms;
    terms.limits = net::metrics_limits();
    auto started = net::http_server::start(*socket_, std::move(terms),
                                           net::metrics_router(std::move(sources)));
    if (!started) {
      self_->quit(to_error(started.error()));
      return false;
    }
    server_ = *std::move(started);
    spdlog::info("metrics at http://{}/metrics", socket_->address());
    if (gateway_ || chain_)
      look();
    return true;
  }

  void look() {
    const auto silent
      = [](const caf::error&) {}; // the next incarnation of it, or ours, receives one
    if (chain_)
      self_->request(chain_, caf::infinite, atom::view_v)
        .then(
          [this](const chain_view& now) {
            const std::lock_guard lock{answers_->mutex};
            answers_->seen.chain = now.head;
          },
          silent);
    if (gateway_ && looks_++ % steps_per_gateway_look == 0)
      self_->request(gateway_, caf::infinite, atom::view_v)
        .then(
          [this](gateway_view& now) {
            const std::lock_guard lock{answers_->mutex};
            answers_->seen.gateway = std::move(now);
          },
          silent);
    self_->delayed_send(self_, look_step, atom::due_v);
  }

  std::string describe() const { return json_object{}.add("address", socket_->address()).text(); }

private:
  metrics_actor::pointer self_;
  std::shared_ptr<const net::listening_socket> socket_;
  miner_gateway_actor gateway_;
  chain_reader_actor chain_;
  uint64_t looks_ = 0;
  std::shared_ptr<shared_answers> answers_ = std::make_shared<shared_answers>();
  std::unique_ptr<net::http_server> server_;
};

metrics_actor::behavior_type
metrics_behavior(observed_pointer<metrics_actor, metrics_state> self, const metrics_config& config,
                 const metrics_links& links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.open(config, links))
    return metrics_actor::behavior_type::make_empty_behavior();
  return {[&state](atom::due) { state.look(); }};
}

} // namespace

caf::actor spawn_metrics(caf::actor_system& system, metrics_config config, metrics_links links) {
  return caf::actor_cast<caf::actor>(
    system.spawn(metrics_behavior, std::move(config), std::move(links)));
}

} // namespace sluice
