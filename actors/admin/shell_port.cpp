#include "actors/admin/shell_port.hpp"

#include "messages/errors.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

namespace sluice {

namespace {

/// Lives as long as one question.
void messenger(caf::event_based_actor* self, const admin_actor& admin, const admin_request& asked,
               const net::shell_server::reply_function& reply) {
  self->request(admin, caf::infinite, asked)
    .then(
      [reply](const admin_reply& x) {
        reply({x.ok, x.text});
      },
      [reply](const caf::error& why) {
        reply({false, to_fault(why).what});
      });
}

} // namespace

result<net::shell_server>
open_shell_port(caf::actor_system& system, const std::filesystem::path& folder,
                const admin_actor& admin) {
  const auto weak = caf::actor_cast<caf::actor_addr>(admin);
  return net::shell_server::open(folder, [&system,
                                          weak](net::shell_request asked,
                                                const net::shell_server::reply_function& reply) {
    const auto strong = caf::actor_cast<caf::strong_actor_ptr>(weak);
    if (!strong)
      return reply({false, "the node is stopping"});
    system.spawn([admin = caf::actor_cast<admin_actor>(strong),
                  request = admin_request{std::move(asked.who), std::move(asked.line)},
                  reply](caf::event_based_actor* self) { messenger(self, admin, request, reply); });
  });
}

} // namespace sluice
