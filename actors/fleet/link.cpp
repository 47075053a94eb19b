#include "actors/fleet/link.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "net/keys/session_key.hpp"
#include "rules/endpoint.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

bool is_nodes_greeting(frame_kind kind) {
  return kind == frame_kind::challenge || kind == frame_kind::verdict;
}

class link_state {
public:
  static inline const char* name = "link";

  explicit link_state(observed_plain_pointer<fleet_link_actor> self) : self_(self) {}

  ~link_state() {
    if (guard_)
      guard_->retire();
  }

  void setup(link_config config, caf::actor owner) {
    config_ = std::move(config);
    owner_ = std::move(owner);
    if (config_.network.identity)
      config_.who.certificate = config_.network.identity->certificate();
    close_services(self_->system());
    guard_ = guard_ref::make(self_->system(), caf::actor_cast<caf::actor>(self_), is_nodes_greeting,
                             config_.bounds);
    self_->monitor(owner_);
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == owner_)
        self_->quit();
      else if (node_ && down.source == node_)
        lost("the connection to " + config_.where + " was lost", false);
    });
    self_->send(self_, atom::start_v);
  }

  void try_once() {
    ++attempt_;
    connect(self_->system(), config_.network, config_.where, attempt_,
            caf::actor_cast<caf::actor>(self_));
  }

  void reach(const network_answer& answer) {
    if (answer.attempt != attempt_)
      return;
    if (answer.far)
      greet(answer.far);
    else
      lost(answer.why, false);
  }

  void late(uint64_t attempt) {
    if (attempt == attempt_ && !handle_)
      lost(config_.where + ": no answer to our greeting", false);
  }

  void receive(const fleet_frame& frame) {
    guard_->greeted();
    if (!node_ || handle_)
      return;
    if (static_cast<frame_kind>(frame.kind) == frame_kind::challenge)
      answer(frame);
    else
      judge(frame);
  }

private:
  void greet(const caf::strong_actor_ptr& node) {
    node_ = node;
    self_->monitor(node_);
    half_ = net::session_half::fresh();
    config_.who.key = half_.open();
    hello_ = storage::encode(config_.who);
    session_ = 0;
    caf::anon_send(caf::actor_cast<caf::actor>(node_),
                   fleet_hello{fleet_version, guard_.handle(), hello_});
    self_->delayed_send(self_, config_.greeting_timeout, atom::due_v, attempt_);
  }

  /// What speaks against the node: its certificate, the host we meant, its signature.
  std::string doubt(const challenge_message& message, const std::string& unsigned_message) {
    if (!config_.network.identity) {
      node_name_ = config_.where;
      return {};
    }
    const auto known = config_.network.identity->check(message.certificate);
    if (!known)
      return known.error().what;
    const auto host = parse_endpoint(config_.where)->host;
    if (known->role != fleet_role::node)
      return "its certificate is of a " + std::string{to_string(known->role)}
             + ": expected one of a node";
    if (!net::is_for_host(message.certificate, host)) {
      std::string hosts;
      for (const auto& one : known->hosts)
        hosts += (hosts.empty() ? "" : ", ") + one;
      return "its certificate is for " + hosts + ", not for " + host
             + "; connect to one of these, or make it one with --host " + host;
    }
    if (!net::signed_by(message.certificate, node_statement(hello_, unsigned_message),
                        message.signature))
      return "its signature is not by the key of its certificate";
    node_name_ = known->name;
    return {};
  }

  void answer(const fleet_frame& frame) {
    auto message = storage::decode<challenge_message>(frame.bytes);
    if (!message || session_ != 0)
      return;
    auto plain = *message;
    plain.signature.clear();
    const auto unsigned_message = storage::encode(plain);
    if (auto why = doubt(*message, unsigned_message); !why.empty())
      return lost(config_.where + ": " + why, true);
    const auto secret = half_.agree(message->key, hello_ + unsigned_message);
    if (!secret)
      return lost(config_.where + ": no session key", true);
    session_ = message->session;
    key_ = net::direction_key(*secret, net::frame_direction::to_node);
    // The node's first frame may be here before its verdict was read.
    guard_->open(session_,
                 {net::direction_key(*secret, net::frame_direction::to_peer), owner_,
                  [role = config_.who.role](frame_kind kind) { return may_receive(role, kind); }});
    const auto text = peer_statement(hello_, unsigned_message);
    proof_message proof{session_, {}, {}};
    if (config_.network.identity)
      proof.signature = config_.network.identity->sign(text);
    if (config_.sign)
      proof.hotkey_signature = config_.sign(text);
    caf::anon_send(
      caf::actor_cast<caf::actor>(node_),
      fleet_frame{
        session_, 0, static_cast<uint8_t>(frame_kind::proof), storage::encode(proof), {}});
  }

  void judge(const fleet_frame& frame) {
    const auto message = storage::decode<verdict_message>(frame.bytes);
    if (!message || message->session != session_)
      return;
    if (!message->admitted)
      return lost(config_.where + " refused: " + message->why, true);
    if (session_ == 0)
      return; // admitted before anything was proved
    failures_ = 0;
    handle_ = std::make_shared<session_handle>(session_, node_, key_, guard_);
    spdlog::debug("link: in at {} as {} {}", config_.where, to_string(config_.who.role),
                  config_.who.name);
    caf::anon_send(owner_, link_up{handle_, node_name_});
  }

  void lost(const std::string& why, bool refused) {
    ++attempt_; // whatever is still on its way is of no use
    if (node_)
      self_->demonitor(node_->address());
    node_ = nullptr;
    if (session_ != 0)
      guard_->close(std::exchange(session_, 0));
    handle_ = nullptr;
    ++failures_;
    caf::anon_send(owner_, link_down{why, refused});
    const auto pause = retry_pause_ms(failures_, net::fresh_number(), config_.pauses);
    self_->delayed_send(self_, std::chrono::milliseconds{pause}, atom::start_v);
  }

  fleet_link_actor::pointer self_;
  link_config config_;
  caf::actor owner_;
  guard_ref guard_;
  caf::strong_actor_ptr node_;
  std::string node_name_;
  net::session_half half_;
  std::string hello_;
  uint64_t session_ = 0;
  fleet_bytes key_{};
  std::shared_ptr<session_handle> handle_;
  uint64_t attempt_ = 0;
  uint32_t failures_ = 0;
};

fleet_link_actor::behavior_type link_behavior(observed_pointer<fleet_link_actor, link_state> self,
                                              link_config config, caf::actor owner) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(owner));
  return {
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [](const fleet_offence&) {}, // the owner's
    [&state](const network_answer& answer) { state.reach(answer); },
    [&state](atom::start) { state.try_once(); },
    [&state](atom::due, uint64_t attempt) { state.late(attempt); },
  };
}

} // namespace

fleet_link_actor spawn_link(caf::actor_system& system, link_config config, caf::actor owner) {
  return system.spawn(link_behavior, std::move(config), std::move(owner));
}

} // namespace sluice
