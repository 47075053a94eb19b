#include "actors/fleet/admin_entry.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/fleet/admin_messages.hpp"
#include "rules/admin/commands.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

class admin_entry_state {
public:
  static inline const char* name = "admin_entry";

  explicit admin_entry_state(observed_plain_pointer<fleet_entry_actor> self) : self_(self) {}

  void setup(fleet_session session, admin_actor admin, admin::catalogue commands) {
    commands_ = std::move(commands);
    session_ = std::move(session);
    admin_ = std::move(admin);
    self_->monitor(session_.handle->face());
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == session_.handle->face())
        leave("connection lost");
    });
  }

  void receive(const fleet_frame& frame) {
    const handled_frame done{*session_.handle};
    auto message = storage::decode<admin_line_message>(frame.bytes);
    if (!message)
      return leave("sent what cannot be read: " + message.error().what);
    if (auto why = doubt(message->line); !why.empty())
      return answer(message->id, {false, std::move(why)});
    // The name of the certificate: what is done is written down under it.
    self_
      ->request(admin_, caf::infinite,
                admin_request{title() + " (fleet)", std::move(message->line)})
      .then([this, id = message->id](const admin_reply& reply) { answer(id, reply); },
            [this, id = message->id](const caf::error& why) {
              answer(id, {false, sentence(why)});
            });
  }

  void leave(const std::string& why) {
    spdlog::info("fleet: {} left: {}", title(), why);
    session_.handle->close();
    self_->quit();
  }

private:
  std::string title() const {
    return std::string{to_string(session_.who.role)} + " " + session_.who.name;
  }

  /// Why an observer may not send this; the admin itself judges what is no command at all.
  std::string doubt(const std::string& line) const {
    if (session_.who.role == fleet_role::operating)
      return {};
    const auto call = admin::parse_command(commands_, line);
    if (!call || call->what->effect == admin::command_effect::reads)
      return {};
    return std::string{call->what->name}
           + ": an observer only reads; use the certificate of an operator";
  }

  void answer(uint64_t id, const admin_reply& reply) {
    session_.handle->send(frame_kind::admin_answer,
                          storage::encode(admin_answer_message{id, reply.ok, reply.text}));
  }

  fleet_entry_actor::pointer self_;
  fleet_session session_;
  admin_actor admin_;
  admin::catalogue commands_;
};

fleet_entry_actor::behavior_type
admin_entry_behavior(observed_pointer<fleet_entry_actor, admin_entry_state> self,
                     fleet_session session, admin_actor admin, admin::catalogue commands) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(session), std::move(admin), std::move(commands));
  return {
    [](atom::start) {},
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [&state](const fleet_offence& offence) { state.leave(offence.what); },
  };
}

} // namespace

fleet_entry_actor spawn_admin_entry(caf::actor_system& system, fleet_session session,
                                    admin_actor admin, admin::catalogue commands) {
  return system.spawn(admin_entry_behavior, std::move(session), std::move(admin),
                      std::move(commands));
}

} // namespace sluice
