#include "actors/fleet/miner_entry.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/miner_gateway/peer.hpp"
#include "net/miner_gateway/wire.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace sluice {

namespace {

class miner_entry_state {
public:
  static inline const char* name = "miner_entry";

  explicit miner_entry_state(observed_plain_pointer<fleet_entry_actor> self) : self_(self) {}

  void setup(fleet_session session, roster_actor roster,
             std::shared_ptr<const miner_mechanisms> mechanisms) {
    session_ = std::move(session);
    roster_ = std::move(roster);
    mechanisms_ = std::move(mechanisms);
    spoken_ = miner_speech_of(session_.who.engine);
    protocol_ = std::clamp(spoken_.protocol, gateway_protocol_oldest, gateway_protocol);
    self_->monitor(session_.handle->face());
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == session_.handle->face())
        leave("connection lost");
      else if (peer_ && down.source == peer_)
        bye(gateway_reason::closing, "something broke here; come back");
    });
    self_->set_exit_handler(
      [this](const caf::exit_msg&) { bye(gateway_reason::closing, "this node stops"); });
  }

  void introduce() {
    if (protocol_ == gateway_protocol_oldest && mechanisms_->protocol_1.empty())
      return bye(gateway_reason::wrong_version, "this node speaks protocol "
                                                  + std::to_string(gateway_protocol)
                                                  + ", you speak 1; update your miner");
    self_->request(roster_, caf::infinite, atom::roster_v)
      .then([this](const std::vector<roster_entry>& all) { know(all); },
            [this](const caf::error& why) { leave(sentence(why)); });
  }

  void receive(const fleet_frame& frame) {
    const handled_frame done{*session_.handle};
    auto message
      = net::read_message(frame.bytes, net::gateway_side::miner, net::miner_bytes_max, protocol_);
    if (!message)
      return bye(gateway_reason::malformed, message.error().what);
    auto* answer = std::get_if<net::wire_answer>(&*message);
    if (answer && peer_)
      self_->send(
        peer_, gateway_answered{session_.handle->session(), answer->id, std::move(answer->body)});
    else if (std::holds_alternative<net::gateway_bye>(*message))
      leave("closed the connection");
    else if (!answer)
      bye(gateway_reason::out_of_turn,
          protocol_ == gateway_protocol_oldest ? "expected a proposal" : "expected an answer");
  }

  void offended(const fleet_offence& offence) { leave(offence.what); }

private:
  void know(const std::vector<roster_entry>& all) {
    const auto found = std::find_if(
      all.begin(), all.end(), [this](const auto& x) { return x.key.value == session_.who.hotkey; });
    if (found == all.end())
      return bye(gateway_reason::unknown_hotkey,
                 session_.who.hotkey + " is not registered, or banned: register it on the chain");
    net::gateway_welcome welcome;
    welcome.session = session_.handle->session();
    welcome.uid = found->uid;
    welcome.key = found->key;
    welcome.bytes_max = net::miner_bytes_max;
    if (protocol_ != gateway_protocol_oldest)
      welcome.protocol = protocol_;
    send(net::write_message(welcome));
    // Every question is sent by the peer itself; its time runs from then on.
    const auto shared_peer = std::make_shared<peer_actor>();
    peer_output output{[handle = session_.handle, shared_peer](std::string text, uint64_t mark) {
                         handle->send(frame_kind::to_miner, std::move(text));
                         if (mark != 0)
                           caf::anon_send(*shared_peer, gateway_written{handle->session(), mark});
                       },
                       {}};
    output.end = [me = caf::actor_cast<fleet_entry_actor>(self_),
                  handle = session_.handle](gateway_refusal why) {
      if (why.reason == gateway_reason::malformed) // of a peer that ends, the entry sends it
        handle->send(frame_kind::to_miner,
                     net::write_message(net::gateway_bye{why.reason, why.text, why.retry_ms}));
      caf::anon_send(me, fleet_offence{handle->session(), why.text});
    };
    *shared_peer = peer_ = spawn_peer(self_->system(), {mechanisms_, protocol_}, std::move(output),
                                      std::make_shared<peer_counts>());
    shared_peer_ = shared_peer;
    self_->monitor(peer_);
    self_->send(roster_, miner_came{found->key, "remote " + session_.who.name, peer_,
                                    stated_mechanisms(protocol_, spoken_.mechanisms,
                                                      mechanisms_->protocol_1)});
  }

  void send(std::string text) { session_.handle->send(frame_kind::to_miner, std::move(text)); }

  void bye(gateway_reason reason, const std::string& text) {
    send(net::write_message(net::gateway_bye{reason, text, 0}));
    leave(std::string{to_string(reason)} + ": " + text);
  }

  void leave(const std::string& why) {
    spdlog::info("fleet: miner {} left: {}", session_.who.name, why);
    session_.handle->close();
    if (peer_) {
      self_->send(roster_, miner_gone{hotkey{session_.who.hotkey}, peer_});
      self_->send(peer_, gateway_left{session_.handle->session(), "closing", why});
      *shared_peer_ = nullptr; // the peer's output held the peer
    }
    self_->quit();
  }

  fleet_entry_actor::pointer self_;
  fleet_session session_;
  roster_actor roster_;
  std::shared_ptr<const miner_mechanisms> mechanisms_;
  miner_speech spoken_;
  uint64_t protocol_ = gateway_protocol;
  peer_actor peer_;
  std::shared_ptr<peer_actor> shared_peer_;
};

fleet_entry_actor::behavior_type
miner_entry_behavior(observed_pointer<fleet_entry_actor, miner_entry_state> self,
                     fleet_session session, roster_actor roster,
                     std::shared_ptr<const miner_mechanisms> mechanisms) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(session), std::move(roster), std::move(mechanisms));
  return {
    [&state](atom::start) { state.introduce(); },
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [&state](const fleet_offence& offence) { state.offended(offence); },
  };
}

} // namespace

fleet_entry_actor
spawn_miner_entry(caf::actor_system& system, fleet_session session, roster_actor roster,
                  std::shared_ptr<const miner_mechanisms> mechanisms) {
  return system.spawn(miner_entry_behavior, std::move(session), std::move(roster),
                      std::move(mechanisms));
}

} // namespace sluice
