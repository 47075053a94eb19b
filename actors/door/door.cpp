#include "actors/door/door.hpp"

#include "actors/default_handlers.hpp"
#include "actors/door/peer.hpp"
#include "actors/log.hpp"
#include "actors/supervisor.hpp"
#include "net/keys/checker.hpp"
#include "net/keys/ed25519.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <utility>

namespace sluice {

namespace {

/// One miner that is in.
struct door_guest {
  hotkey key;
  peer_actor peer;
  std::shared_ptr<peer_counts> counts;
  door_session_row row;
};

class door_state {
public:
  static inline const char* name = "door";

  explicit door_state(observed_plain_pointer<door_actor> self)
    : self_(self), peers_(self, {.restarts_max = 0, .expects_falls = true}) {}

  /// Whoever is still in is told that the node stops; the roster does without them.
  ~door_state() { server_.reset(); }

  void setup(door_config config, door_links links) {
    config_ = std::move(config);
    if (config_.mechanisms->protocol_1.empty())
      std::erase(config_.terms.shake.protocols, door_protocol_oldest);
    links_ = std::move(links);
    auto last = storage::tables::door_lives.get(*links_.disk, storage::tables::door_key);
    if (!last && last.error().code != ec::no_such_key)
      return self_->quit(to_error(last.error()));
    const auto life = next_life(last ? *last : door_life{});
    storage::batch writes;
    storage::tables::door_lives.put(writes, storage::tables::door_key, life);
    ask(
      links_.keeper, [this, life](atom::done) { meet(life); }, std::move(writes));
  }

  void know(const roster_snapshot& now) {
    if (server_)
      server_->know(now.known);
    else
      known_ = now.known;
  }

  void entered(const door_entered& x) {
    spdlog::info("door: {} (uid {}) came from {}, session {}", x.key.value, x.uid.value, x.from,
                 x.session);
    auto& guest = guests_[x.session];
    guest.key = x.key;
    guest.counts = std::make_shared<peer_counts>();
    guest.row = {x.session, x.uid, x.key, x.from, x.software, config_.unix_ms()};
    peer_voice voice{[to = server_->speaker(), session = x.session](
                       std::string text, uint64_t mark) { to.say(session, std::move(text), mark); },
                     [to = server_->speaker(), session = x.session](door_refusal why) {
                       to.end(session, std::move(why));
                     }};
    peers_.add({"session-" + std::to_string(x.session), restart_rule::temporary, [&] {
                  guest.peer = spawn_peer(self_->system(), {config_.mechanisms, x.protocol}, voice,
                                          guest.counts);
                  return caf::actor_cast<caf::actor>(guest.peer);
                }});
    const auto label = x.software.empty() ? "remote" : "remote " + x.software;
    self_->send(links_.roster, miner_came{x.key, label, guest.peer});
  }

  template <class News>
  void pass_on(const News& news) {
    if (const auto at = guests_.find(news.session); at != guests_.end())
      self_->send(at->second.peer, news);
  }

  void left(const door_left& x) {
    const auto at = guests_.find(x.session);
    if (at == guests_.end())
      return;
    spdlog::info("door: {} left, session {}: {} {}", at->second.key.value, x.session, x.reason,
                 x.text);
    self_->send(links_.roster, miner_gone{at->second.key, at->second.peer});
    self_->send(at->second.peer, x);
    guests_.erase(at);
  }

  door_view view() const {
    door_view x;
    x.address = links_.socket->address();
    x.tls = !config_.terms.certificate.empty();
    if (!server_)
      return x;
    const auto seen = server_->counts();
    x.open = seen.open;
    x.waiting = seen.waiting;
    x.accepted = seen.accepted;
    x.admitted = seen.admitted;
    for (size_t i = 0; i < seen.refused.size(); ++i)
      if (seen.refused[i] != 0)
        x.refused[std::string{door_reason_names[i]}] = seen.refused[i];
    for (const auto& [session, guest] : guests_) {
      auto row = guest.row;
      row.asked = guest.counts->asked;
      row.answered = guest.counts->answered;
      row.late = guest.counts->late;
      row.invalid = guest.counts->invalid;
      x.sessions.push_back(std::move(row));
    }
    return x;
  }

private:
  void meet(door_life life) {
    ask(
      links_.roster, [this, life](const roster_snapshot& now) { open(life, now); }, atom::view_v,
      roster_watcher_actor{self_});
  }

  /// What the server's thread tells becomes a message.
  net::door_events events(door_life life) {
    const door_actor me{self_};
    const auto nonces = std::make_shared<nonce_source>(life);
    net::door_events x;
    x.nonce = [nonces] { return nonces->next(net::random_bytes()); };
    x.unix_ms = config_.unix_ms;
    x.check = net::check_signature;
    x.arrived = [me](const net::door_arrival& a) {
      caf::anon_send(
        me, door_entered{a.session, a.who.key, a.who.uid, a.who.software, a.from, a.who.protocol});
    };
    x.answered = [me](uint64_t session, net::wire_answer a) {
      caf::anon_send(me, door_answered{session, a.id, std::move(a.body)});
    };
    x.written = [me](uint64_t session, uint64_t id) {
      caf::anon_send(me, door_written{session, id});
    };
    x.went = [me](uint64_t session, const door_refusal& why) {
      caf::anon_send(me, door_left{session, std::string{to_string(why.reason)}, why.text});
    };
    return x;
  }

  void open(door_life life, const roster_snapshot& now) {
    const auto known = known_ ? std::exchange(known_, nullptr) : now.known;
    auto started = net::door_server::start(*links_.socket, config_.terms, known, events(life));
    if (!started)
      return self_->quit(to_error(started.error()));
    server_ = *std::move(started);
    spdlog::info("door: open at {}, life {}", links_.socket->address(), life.number);
  }

  template <class Handle, class F, class... Ts>
  void ask(const Handle& whom, F then, Ts&&... xs) {
    self_->request(whom, caf::infinite, std::forward<Ts>(xs)...)
      .then(std::move(then), [this](const caf::error& why) { self_->quit(why); });
  }

  door_actor::pointer self_;
  door_config config_;
  door_links links_;
  net::known_peers known_; // told before the server was there
  std::map<uint64_t, door_guest> guests_;
  std::unique_ptr<net::door_server> server_;
  supervisor peers_;
};

door_actor::behavior_type
door_behavior(observed_pointer<door_actor, door_state> self, door_config config, door_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return json_of(state.view()); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const roster_snapshot& now) { state.know(now); },
    [&state](const door_entered& x) { state.entered(x); },
    [&state](const door_answered& x) { state.pass_on(x); },
    [&state](const door_written& x) { state.pass_on(x); },
    [&state](const door_left& x) { state.left(x); },
    [&state](atom::view) { return state.view(); },
  };
}

} // namespace

door_actor spawn_door(caf::actor_system& system, door_config config, door_links links) {
  return system.spawn(door_behavior, std::move(config), std::move(links));
}

} // namespace sluice
