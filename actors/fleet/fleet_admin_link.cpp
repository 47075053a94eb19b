#include "actors/fleet/fleet_admin_link.hpp"

#include "actors/base/quiet_config.hpp"
#include "actors/fleet/admin_messages.hpp"
#include "actors/fleet/link.hpp"
#include "messages/all.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>

namespace sluice {

namespace {

constexpr std::chrono::seconds answer_patience{30};

struct shell_system_config : quiet_config {
  explicit shell_system_config(const fleet_network& network) : quiet_config(1) {
    add_all_messages(*this);
    load_network(*this, network);
  }
};

} // namespace

struct fleet_admin_link::parts {
  parts(std::string node, const fleet_network& network, hello_message who)
    : where(std::move(node)), config(network), system(config), self(system) {
    link = spawn_link(system,
                      {.network = network,
                       .where = where,
                       .who = std::move(who),
                       .sign = {},
                       .pauses = {.first_ms = 500, .longest_ms = 5'000}},
                      caf::actor_cast<caf::actor>(self));
  }
  ~parts() { caf::anon_send_exit(link, caf::exit_reason::user_shutdown); }

  /// Receives what has come, or waits for one thing until then; false when nothing came.
  bool receive(caf::actor_clock::time_point until) {
    const auto now = system.clock().now();
    if (now >= until)
      return false;
    bool came = true;
    self->receive(
      [&](const link_up& up) {
        handle = up.handle;
        why = {};
      },
      [&](const link_down& down) {
        handle = nullptr;
        why = {down.refused ? ec::refused : ec::unreachable, down.why};
      },
      [&](const fleet_frame& frame) {
        if (!handle || frame.session != handle->session())
          return;
        const handled_frame done{*handle};
        if (auto message = storage::decode<admin_answer_message>(frame.bytes))
          answer = *std::move(message);
      },
      [&](const fleet_offence&) { handle = nullptr; },
      caf::after(std::chrono::duration_cast<std::chrono::milliseconds>(until - now)) >>
        [&] { came = false; });
    return came;
  }

  std::string where;
  shell_system_config config;
  caf::actor_system system;
  caf::scoped_actor self;
  fleet_link_actor link;
  std::shared_ptr<session_handle> handle;
  fault why{ec::unreachable, "not connected yet"};
  admin_answer_message answer;
  uint64_t next = 0;
};

fleet_admin_link::fleet_admin_link(std::unique_ptr<parts> x) : parts_(std::move(x)) {}

fleet_admin_link::~fleet_admin_link() = default;

result<std::unique_ptr<fleet_admin_link>>
fleet_admin_link::open(const std::string& where, const fleet_settings& settings) {
  auto network = fleet_network_of(settings, where);
  if (!network)
    return network.error();
  if (!network->identity)
    return fault{ec::refused, "--insecure: a node without certificates has no operators over the "
                              "network; use --data DIR on its own machine"};
  hello_message who;
  who.role = network->identity->role();
  who.name = network->identity->name();
  if (who.role != fleet_role::operating && who.role != fleet_role::observer)
    return fault{ec::bad_input, settings.certificate + ": the certificate is of a "
                                  + std::string{to_string(who.role)}
                                  + ": expected one of an operator or observer; make one: sluice "
                                    "keys tls new DIR --name NAME --role operator"};
  return std::unique_ptr<fleet_admin_link>{
    new fleet_admin_link{std::make_unique<parts>(where, *network, std::move(who))}};
}

result<std::string> fleet_admin_link::ask(std::string_view line) {
  auto& x = *parts_;
  const auto until = x.system.clock().now() + answer_patience;
  while (x.self->has_next_message()) // what happened since the last question
    x.receive(until);
  bool failed = false; // a first attempt may still be under way; its end is an answer
  while (!x.handle) {
    if (failed || !x.receive(until))
      return fault{x.why.code == ec::refused ? ec::refused : ec::unreachable,
                   x.why.what.empty() ? x.where + ": no connection" : x.why.what};
    failed = !x.handle && x.why.what != "not connected yet";
  }
  const auto id = ++x.next;
  const auto session = x.handle->session();
  x.handle->send(frame_kind::admin_line,
                 storage::encode(admin_line_message{id, std::string{line}}));
  while (x.answer.id != id) {
    if (!x.handle || x.handle->session() != session)
      return fault{ec::timeout, x.where
                                  + ": the connection was lost before the answer came; the command "
                                    "may have been done"};
    if (!x.receive(until))
      return fault{ec::timeout, x.where + ": no answer in "
                                  + std::to_string(answer_patience.count())
                                  + " s; the command may have been done"};
  }
  if (!x.answer.ok)
    return fault{ec::refused, x.answer.text};
  return std::move(x.answer.text);
}

std::string fleet_admin_link::place() const {
  return parts_->where;
}

} // namespace sluice
