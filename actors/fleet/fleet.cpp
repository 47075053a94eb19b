#include "actors/fleet/fleet.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "net/keys/checker.hpp"
#include "net/keys/session_key.hpp"
#include "rules/json_text.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <limits>

namespace sluice {

namespace {

constexpr size_t greetings_max = 64;

/// A peer that has stated who it is and not proved it yet.
struct greeting {
  hello_message who;
  std::string hello;     // as it travelled
  std::string challenge; // as it travelled, without its signature
  caf::strong_actor_ptr face;
  net::session_half half;
  caf::actor_clock::time_point until;
};

bool is_proof(frame_kind kind) {
  return kind == frame_kind::proof;
}

class fleet_state {
public:
  static inline const char* name = "fleet";

  explicit fleet_state(observed_plain_pointer<fleet_actor> self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .expects_failures = true}) {}

  ~fleet_state() {
    if (port_ != 0)
      unpublish(self_->system(), config_.network, port_);
    if (guard_)
      guard_->retire();
  }

  void setup(fleet_config config, fleet_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    close_services(self_->system());
    guard_ = guard_ref::make(self_->system(), caf::actor_cast<caf::actor>(self_), is_proof,
                             config_.bounds);
    publish(self_->system(), config_.network, config_.listen, guard_.handle(),
            caf::actor_cast<caf::actor>(self_));
  }

  void receive(const fleet_hello& hello) {
    guard_->greeted();
    // A handle of our own would connect us to ourselves.
    if (!hello.face || hello.face->node() == self_->system().node())
      return;
    if (auto why = version_fault(hello.version, fleet_version); !why.empty())
      return refuse(hello.face, 0, "a peer", why);
    auto message = storage::decode<hello_message>(hello.bytes);
    if (!message)
      return refuse(hello.face, 0, "a peer", "hello: " + message.error().what);
    if (auto why = doubt(*message); !why.empty())
      return refuse(hello.face, 0, title(*message), why);
    challenge(hello, *std::move(message));
  }

  void receive(const fleet_frame& frame) {
    guard_->greeted();
    const auto message = storage::decode<proof_message>(frame.bytes);
    if (!message)
      return;
    const auto found = greetings_.find(message->session);
    if (found == greetings_.end())
      return; // too late, or never asked
    auto peer = std::move(found->second);
    greetings_.erase(found); // one attempt
    if (auto why = doubt(peer, *message); !why.empty())
      return refuse(peer.face, message->session, title(peer.who), why);
    admit(std::move(peer), message->session);
  }

  void listen(const network_answer& answer) {
    if (!answer.why.empty())
      return self_->quit(to_error({ec::unreachable, "the fleet cannot " + answer.why}));
    port_ = answer.port;
    spdlog::info("fleet: listening at {} (port {}){}", config_.listen, port_,
                 config_.network.identity ? "" : ", without certificates");
    if (config_.listening)
      config_.listening(port_);
  }

  /// Greetings that took too long.
  void tidy() {
    const auto now = self_->clock().now();
    std::erase_if(greetings_, [&](const auto& x) { return x.second.until <= now; });
  }

  std::string describe() {
    json_list peers;
    for (const auto& peer : roster())
      peers.raw(json_object{}
                  .add("name", peer.name)
                  .add("role", to_string(peer.role))
                  .add("hotkey", peer.hotkey)
                  .text());
    return json_object{}.add("port", port_).raw("peers", peers.text()).text();
  }

  std::vector<fleet_peer> roster() {
    forget_the_gone();
    std::vector<fleet_peer> all;
    for (const auto& [session, peer] : peers_)
      all.push_back(peer);
    return all;
  }

private:
  static std::string title(const hello_message& who) {
    return std::string{to_string(who.role)} + " "
           + (is_fleet_name(who.name) ? who.name : "without a name");
  }

  /// An entry that ends closes its session.
  void forget_the_gone() {
    std::erase_if(peers_, [this](const auto& x) { return !guard_->is_open(x.first); });
  }

  const spawn_entry& entry_of(fleet_role role) const {
    static const spawn_entry none;
    switch (role) {
    case fleet_role::worker:
      return links_.worker;
    case fleet_role::miner:
      return links_.miner;
    case fleet_role::observer:
    case fleet_role::operating:
      return links_.admin;
    case fleet_role::node:
      return links_.node;
    default:
      return none;
    }
  }

  /// What speaks against a hello, before anything is signed.
  std::string doubt(const hello_message& who) {
    if (auto why = hello_fault(who, {!config_.network.identity, config_.engine}); !why.empty())
      return why;
    if (!entry_of(who.role))
      return "role " + std::string{to_string(who.role)} + ": not served by this node";
    if (config_.network.identity) {
      const auto known = config_.network.identity->check(who.certificate);
      if (!known)
        return known.error().what;
      if (auto why = identity_fault(who, known->role, known->name); !why.empty())
        return why;
    }
    if (greetings_.size() >= greetings_max)
      return "too many peers come at once; try again";
    forget_the_gone();
    if (peers_.size() >= config_.peers_max)
      return "too many peers: expected at most " + std::to_string(config_.peers_max);
    return {};
  }

  /// What speaks against a proof.
  std::string doubt(const greeting& peer, const proof_message& proof) const {
    const auto text = peer_statement(peer.hello, peer.challenge);
    if (config_.network.identity && !net::signed_by(peer.who.certificate, text, proof.signature))
      return "signature: not by the key of this certificate";
    if (peer.who.role != fleet_role::miner)
      return {};
    const auto verdict = net::check_signature(signature_kind::ed25519, hotkey{peer.who.hotkey},
                                              text, proof.hotkey_signature);
    return verdict == signature_verdict::good ? "" : "hotkey: its signature is not good";
  }

  void challenge(const fleet_hello& hello, hello_message who) {
    const auto half = net::session_half::fresh();
    challenge_message message{net::fresh_number(), net::fresh_bytes(), half.open(), {}, {}};
    if (config_.network.identity)
      message.certificate = config_.network.identity->certificate();
    auto unsigned_message = storage::encode(message);
    if (config_.network.identity)
      message.signature
        = config_.network.identity->sign(node_statement(hello.bytes, unsigned_message));
    greet(hello.face, message.session, frame_kind::challenge, storage::encode(message));
    greetings_[message.session]
      = {std::move(who), hello.bytes, std::move(unsigned_message),
         hello.face,     half,        self_->clock().now() + config_.greeting_timeout};
    self_->delayed_send(self_, config_.greeting_timeout, atom::due_v);
  }

  void admit(greeting peer, uint64_t session) {
    const auto secret = peer.half.agree(peer.who.key, peer.hello + peer.challenge);
    if (!secret)
      return refuse(peer.face, session, title(peer.who), "session key: expected one, got none");
    const auto role = peer.who.role;
    const auto who = title(peer.who);
    peers_[session] = {role, peer.who.name, peer.who.hotkey, session};
    auto handle = std::make_shared<session_handle>(
      session, peer.face, net::direction_key(*secret, net::frame_direction::to_peer), guard_);
    fleet_entry_actor entry;
    children_.add({who + " " + std::to_string(session), restart_rule::temporary, [&] {
                     entry = entry_of(role)(self_->system(), {std::move(peer.who), handle});
                     return caf::actor_cast<caf::actor>(entry);
                   }});
    guard_->open(session, {net::direction_key(*secret, net::frame_direction::to_node),
                           caf::actor_cast<caf::actor>(entry),
                           [role](frame_kind kind) { return may_send(role, kind); }});
    greet(peer.face, session, frame_kind::verdict,
          storage::encode(verdict_message{session, true, {}}));
    caf::anon_send(entry, atom::start_v); // it speaks after the verdict
    spdlog::info("fleet: {} came", who);
  }

  void refuse(const caf::strong_actor_ptr& face, uint64_t session, const std::string& who,
              const std::string& why) {
    spdlog::warn("fleet: {} was refused: {}", who, why);
    greet(face, session, frame_kind::verdict,
          storage::encode(verdict_message{session, false, why}));
  }

  static void
  greet(const caf::strong_actor_ptr& face, uint64_t session, frame_kind kind, std::string bytes) {
    caf::anon_send(caf::actor_cast<caf::actor>(face),
                   fleet_frame{session, 0, static_cast<uint8_t>(kind), std::move(bytes), {}});
  }

  fleet_actor::pointer self_;
  fleet_config config_;
  fleet_links links_;
  guard_ref guard_;
  uint16_t port_ = 0;
  std::map<uint64_t, greeting> greetings_;
  std::map<uint64_t, fleet_peer> peers_;
  supervisor children_;
};

fleet_actor::behavior_type fleet_behavior(observed_pointer<fleet_actor, fleet_state> self,
                                          fleet_config config, fleet_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const fleet_hello& hello) { state.receive(hello); },
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [](const fleet_offence&) {}, // of an entry's session; sent to the entry
    [&state](const network_answer& answer) { state.listen(answer); },
    [&state](atom::due) { state.tidy(); },
    [&state](atom::roster) { return state.roster(); },
  };
}

} // namespace

fleet_actor spawn_fleet(caf::actor_system& system, fleet_config config, fleet_links links) {
  return system.spawn(fleet_behavior, std::move(config), std::move(links));
}

} // namespace sluice
