#include "actors/fleet/miner_entry.hpp"

#include "actors/default_handlers.hpp"
#include "actors/door/peer.hpp"
#include "actors/log.hpp"
#include "actors/supervisor.hpp"
#include "net/door/wire.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

/// The newest protocol that this node and a miner know, which says the newest that it knows in its
/// first words ("" is 1).
uint64_t common_protocol(const std::string& theirs) {
  uint64_t newest = door_protocol_oldest;
  std::from_chars(theirs.data(), theirs.data() + theirs.size(), newest);
  return std::clamp(newest, door_protocol_oldest, door_protocol);
}

class miner_entry_state {
public:
  static inline const char* name = "miner_entry";

  explicit miner_entry_state(observed_plain_pointer<fleet_entry_actor> self) : self_(self) {}

  void setup(fleet_guest guest, roster_actor roster,
             std::shared_ptr<const miner_mechanisms> mechanisms) {
    guest_ = std::move(guest);
    roster_ = std::move(roster);
    mechanisms_ = std::move(mechanisms);
    protocol_ = common_protocol(guest_.who.engine);
    self_->monitor(guest_.way->face());
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == guest_.way->face())
        leave("connection lost");
      else if (peer_ && down.source == peer_)
        bye(door_reason::closing, "something broke here; come back");
    });
    self_->set_exit_handler(
      [this](const caf::exit_msg&) { bye(door_reason::closing, "this node stops"); });
  }

  void introduce() {
    if (protocol_ == door_protocol_oldest && mechanisms_->protocol_1.empty())
      return bye(door_reason::wrong_version, "this node speaks protocol "
                                               + std::to_string(door_protocol)
                                               + ", you speak 1; update your miner");
    self_->request(roster_, caf::infinite, atom::roster_v)
      .then([this](const std::vector<roster_entry>& all) { know(all); },
            [this](const caf::error& why) { leave(sentence(why)); });
  }

  void hear(const fleet_frame& frame) {
    const handled_frame done{*guest_.way};
    auto message
      = net::read_message(frame.bytes, net::door_side::miner, net::miner_bytes_max, protocol_);
    if (!message)
      return bye(door_reason::malformed, message.error().what);
    auto* answer = std::get_if<net::wire_answer>(&*message);
    if (answer && peer_)
      self_->send(peer_, door_answered{guest_.way->session(), answer->id, std::move(answer->body)});
    else if (std::holds_alternative<net::door_bye>(*message))
      leave("said goodbye");
    else if (!answer)
      bye(door_reason::out_of_turn,
          protocol_ == door_protocol_oldest ? "expected a proposal" : "expected an answer");
  }

  void offended(const fleet_offence& offence) { leave(offence.what); }

private:
  void know(const std::vector<roster_entry>& all) {
    const auto found = std::find_if(
      all.begin(), all.end(), [this](const auto& x) { return x.key.value == guest_.who.hotkey; });
    if (found == all.end())
      return bye(door_reason::unknown_hotkey,
                 guest_.who.hotkey + " is not registered, or banned: register it on the chain");
    net::door_welcome welcome;
    welcome.session = guest_.way->session();
    welcome.uid = found->uid;
    welcome.key = found->key;
    welcome.bytes_max = net::miner_bytes_max;
    if (protocol_ != door_protocol_oldest)
      welcome.protocol = protocol_;
    say(net::write_message(welcome));
    // Every question is said by the peer itself; its time runs from then on.
    const auto said = std::make_shared<peer_actor>();
    peer_voice voice{[way = guest_.way, said](std::string text, uint64_t mark) {
                       way->say(frame_kind::miner_hears, std::move(text));
                       if (mark != 0)
                         caf::anon_send(*said, door_written{way->session(), mark});
                     },
                     {}};
    voice.end
      = [me = caf::actor_cast<fleet_entry_actor>(self_), way = guest_.way](door_refusal why) {
          if (why.reason == door_reason::malformed) // of a peer that ends, the entry says it
            way->say(frame_kind::miner_hears,
                     net::write_message(net::door_bye{why.reason, why.text, why.retry_ms}));
          caf::anon_send(me, fleet_offence{way->session(), why.text});
        };
    *said = peer_ = spawn_peer(self_->system(), {mechanisms_, protocol_}, std::move(voice),
                               std::make_shared<peer_counts>());
    said_ = said;
    self_->monitor(peer_);
    self_->send(roster_, miner_came{found->key, "remote " + guest_.who.name, peer_});
  }

  void say(std::string text) { guest_.way->say(frame_kind::miner_hears, std::move(text)); }

  void bye(door_reason reason, const std::string& text) {
    say(net::write_message(net::door_bye{reason, text, 0}));
    leave(std::string{to_string(reason)} + ": " + text);
  }

  void leave(const std::string& why) {
    spdlog::info("fleet: miner {} left: {}", guest_.who.name, why);
    guest_.way->close();
    if (peer_) {
      self_->send(roster_, miner_gone{hotkey{guest_.who.hotkey}, peer_});
      self_->send(peer_, door_left{guest_.way->session(), "closing", why});
      *said_ = nullptr; // the peer's voice held the peer
    }
    self_->quit();
  }

  fleet_entry_actor::pointer self_;
  fleet_guest guest_;
  roster_actor roster_;
  std::shared_ptr<const miner_mechanisms> mechanisms_;
  uint64_t protocol_ = door_protocol;
  peer_actor peer_;
  std::shared_ptr<peer_actor> said_;
};

fleet_entry_actor::behavior_type
miner_entry_behavior(observed_pointer<fleet_entry_actor, miner_entry_state> self, fleet_guest guest,
                     roster_actor roster, std::shared_ptr<const miner_mechanisms> mechanisms) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(guest), std::move(roster), std::move(mechanisms));
  return {
    [&state](atom::start) { state.introduce(); },
    [&state](const fleet_frame& frame) { state.hear(frame); },
    [&state](const fleet_offence& offence) { state.offended(offence); },
  };
}

} // namespace

fleet_entry_actor
spawn_miner_entry(caf::actor_system& system, fleet_guest guest, roster_actor roster,
                  std::shared_ptr<const miner_mechanisms> mechanisms) {
  return system.spawn(miner_entry_behavior, std::move(guest), std::move(roster),
                      std::move(mechanisms));
}

} // namespace sluice
