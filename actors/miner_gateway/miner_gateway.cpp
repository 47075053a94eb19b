#include "actors/miner_gateway/miner_gateway.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/miner_gateway/peer.hpp"
#include "net/http/link.hpp"
#include "net/http/seldom.hpp"
#include "net/keys/checker.hpp"
#include "net/keys/ed25519.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <map>
#include <utility>

namespace sluice {

namespace {

constexpr std::chrono::hours date_look_step{6};

/// One miner that is in.
struct gateway_session {
  hotkey key;
  peer_actor peer;
  std::shared_ptr<peer_counts> counts;
  gateway_session_row row;
};

class miner_gateway_state {
public:
  static inline const char* name = "miner_gateway";

  explicit miner_gateway_state(observed_plain_pointer<miner_gateway_actor> self)
    : self_(self), peers_(self, {.restarts_max = 0, .expects_failures = true}) {}

  /// Whoever is still in receives that the node stops; the roster continues without them.
  ~miner_gateway_state() { server_.reset(); }

  void setup(miner_gateway_config config, miner_gateway_links links) {
    config_ = std::move(config);
    config_.terms.tls = config_.tls;
    if (config_.mechanisms->protocol_1.empty())
      std::erase(config_.terms.shake.protocols, gateway_protocol_oldest);
    links_ = std::move(links);
    auto last
      = storage::tables::miner_gateway_incarnations.get(*links_.disk, storage::tables::gateway_key);
    if (!last && last.error().code != ec::no_such_key)
      return self_->quit(to_error(last.error()));
    const auto incarnation = next_incarnation(last ? *last : gateway_incarnation{});
    storage::batch writes;
    storage::tables::miner_gateway_incarnations.put(writes, storage::tables::gateway_key,
                                                    incarnation);
    ask_or_quit(
      self_, links_.storage_writer, [this, incarnation](atom::done) { read_roster(incarnation); },
      std::move(writes));
  }

  void know(const roster_snapshot& now) {
    if (server_)
      server_->know(now.known);
    else
      known_ = now.known;
  }

  void joined(const gateway_joined& x) {
    spdlog::info("miner gateway: {} (uid {}) came from {}, session {}", x.key.value, x.uid.value,
                 x.from, x.session);
    auto& made = sessions_[x.session];
    made.key = x.key;
    made.counts = std::make_shared<peer_counts>();
    made.row = {x.session, x.uid, x.key, x.from, x.software, config_.unix_ms()};
    peer_output output{
      [to = server_->make_sender(), session = x.session](std::string text, uint64_t mark) {
        to.send(session, std::move(text), mark);
      },
      [to = server_->make_sender(), session = x.session](gateway_refusal why) {
        to.end(session, std::move(why));
      },
      [to = server_->make_sender(), session = x.session](uint64_t mark) {
        to.expire(session, mark);
      }};
    peers_.add({"session-" + std::to_string(x.session), restart_rule::temporary, [&] {
                  made.peer = spawn_peer(self_->system(), {config_.mechanisms, x.protocol}, output,
                                         made.counts);
                  return caf::actor_cast<caf::actor>(made.peer);
                }});
    const auto label = x.software.empty() ? "remote" : "remote " + x.software;
    self_->send(links_.roster, miner_came{x.key, label, made.peer,
                                          stated_mechanisms(x.protocol, x.mechanisms,
                                                            config_.mechanisms->protocol_1)});
  }

  template <class Event>
  void pass_on(const Event& event) {
    if (const auto at = sessions_.find(event.session); at != sessions_.end())
      self_->send(at->second.peer, event);
  }

  void left(const gateway_left& x) {
    const auto at = sessions_.find(x.session);
    if (at == sessions_.end())
      return;
    spdlog::info("miner gateway: {} left, session {}: {} {}", at->second.key.value, x.session,
                 x.reason, x.text);
    self_->send(links_.roster, miner_gone{at->second.key, at->second.peer});
    self_->send(at->second.peer, x);
    sessions_.erase(at);
  }

  /// A file that cannot be used changes nothing: connections that come get the old certificate.
  void reload() {
    if (!config_.tls)
      return;
    if (const auto done = config_.tls->reload(); !done)
      return spdlog::warn("miner gateway: the certificate stays as it was: {}", done.error().what);
    spdlog::info("miner gateway: read {} again: {}", config_.tls->file(),
                 net::facts_text(config_.tls->facts()));
    look_at_dates();
  }

  void watch_dates() {
    look_at_dates();
    self_->delayed_send(self_, date_look_step, atom::due_v);
  }

  gateway_view view() const {
    gateway_view x;
    x.address = links_.socket->address();
    x.tls = config_.tls != nullptr;
    if (!server_)
      return x;
    const auto seen = server_->counts();
    x.open = seen.open;
    x.waiting = seen.waiting;
    x.accepted = seen.accepted;
    x.admitted = seen.admitted;
    for (size_t i = 0; i < seen.refused.size(); ++i)
      if (seen.refused[i] != 0)
        x.refused[std::string{gateway_reason_names[i]}] = seen.refused[i];
    for (const auto& [number, session] : sessions_) {
      auto row = session.row;
      row.asked = session.counts->asked;
      row.answered = session.counts->answered;
      row.late = session.counts->late;
      row.invalid = session.counts->invalid;
      x.sessions.push_back(std::move(row));
    }
    return x;
  }

private:
  void look_at_dates() const {
    const auto now_s = static_cast<int64_t>(config_.unix_ms() / 1000);
    const auto facts = config_.tls->facts();
    auto why = net::date_warning(facts, now_s);
    if (why.empty())
      why = net::date_fault(facts, now_s);
    if (!why.empty())
      spdlog::warn("miner gateway: the certificate {} {}; renew it and send this process SIGHUP",
                   config_.tls->file(), why);
  }

  void read_roster(gateway_incarnation incarnation) {
    ask_or_quit(
      self_, links_.roster,
      [this, incarnation](const roster_snapshot& now) { open(incarnation, now); }, atom::view_v,
      roster_watcher_actor{self_});
  }

  /// What the server's thread reports becomes a message.
  net::gateway_events events(gateway_incarnation incarnation) {
    const miner_gateway_actor me{self_};
    const auto nonces = std::make_shared<nonce_source>(incarnation);
    net::gateway_events x;
    x.nonce = [nonces] { return nonces->next(net::random_bytes()); };
    x.unix_ms = config_.unix_ms;
    x.check = net::check_signature;
    x.arrived = [me](const net::gateway_arrival& a) {
      caf::anon_send(me, gateway_joined{a.session, a.who.key, a.who.uid, a.who.software, a.from,
                                        a.who.protocol, a.who.mechanisms});
    };
    x.answered = [me](uint64_t session, net::wire_answer a) {
      caf::anon_send(me, gateway_answered{session, a.id, std::move(a.body)});
    };
    x.written = [me](uint64_t session, uint64_t id) {
      caf::anon_send(me, gateway_written{session, id});
    };
    x.went = [me](uint64_t session, const gateway_refusal& why) {
      caf::anon_send(me, gateway_left{session, std::string{to_string(why.reason)}, why.text});
    };
    if (config_.tls)
      x.tls_failed = [tls = config_.tls, seldom = net::seldom{}](const std::string& from,
                                                                 const std::string& why) mutable {
        if (seldom.now(why, net::steady_ms()))
          spdlog::warn("miner gateway: TLS with {} failed: {}; the certificate {} is {}", from, why,
                       tls->file(), net::facts_text(tls->facts()));
      };
    return x;
  }

  void open(gateway_incarnation incarnation, const roster_snapshot& now) {
    const auto known = known_ ? std::exchange(known_, nullptr) : now.known;
    auto started
      = net::gateway_server::start(*links_.socket, config_.terms, known, events(incarnation));
    if (!started)
      return self_->quit(to_error(started.error()));
    server_ = *std::move(started);
    spdlog::info("miner gateway: open at {}, incarnation {}", links_.socket->address(),
                 incarnation.number);
    if (config_.tls)
      watch_dates();
  }

  miner_gateway_actor::pointer self_;
  miner_gateway_config config_;
  miner_gateway_links links_;
  net::known_peers known_; // sent before the server was there
  std::map<uint64_t, gateway_session> sessions_;
  std::unique_ptr<net::gateway_server> server_;
  supervisor peers_;
};

miner_gateway_actor::behavior_type
miner_gateway_behavior(observed_pointer<miner_gateway_actor, miner_gateway_state> self,
                       miner_gateway_config config, miner_gateway_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return json_of(state.view()); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const roster_snapshot& now) { state.know(now); },
    [&state](const gateway_joined& x) { state.joined(x); },
    [&state](const gateway_answered& x) { state.pass_on(x); },
    [&state](const gateway_written& x) { state.pass_on(x); },
    [&state](const gateway_left& x) { state.left(x); },
    [&state](atom::view) { return state.view(); },
    [&state](atom::reload) { state.reload(); },
    [&state](atom::due) { state.watch_dates(); },
  };
}

} // namespace

net::gateway_server_terms
gateway_terms_of(const miner_gateway_settings& settings, size_t descriptors) {
  net::gateway_server_terms terms;
  terms.shake.signatures = {signature_kind::ed25519, signature_kind::sr25519};
  terms.limits.strangers_max = settings.strangers_max;
  terms.limits.strangers_per_address = settings.strangers_per_address;
  terms.limits.miners_per_address = settings.miners_per_address;
  terms.limits.miners_per_network = settings.miners_per_network;
  terms.limits = fitted(terms.limits, descriptors);
  for (const auto& x : settings.trusted_proxies)
    if (const auto range = parse_address_range(x))
      terms.proxies.push_back(*range);
  terms.origins = settings.origins;
  return terms;
}

miner_gateway_actor spawn_miner_gateway(caf::actor_system& system, miner_gateway_config config,
                                        miner_gateway_links links) {
  return system.spawn(miner_gateway_behavior, std::move(config), std::move(links));
}

} // namespace sluice
