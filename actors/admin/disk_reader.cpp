#include "actors/admin/disk_reader.hpp"

#include "actors/admin/views/commands_of.hpp"
#include "actors/admin/views/views.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/promised_answer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

class disk_reader_state {
public:
  static inline const char* name = "disk_reader";

  explicit disk_reader_state(observed_plain_pointer<admin_actor> self) : self_(self) {}

  void setup(mechanism_list mechanisms, disk_reader_links links) {
    mechanisms_ = mechanisms;
    links_ = std::move(links);
    commands_ = commands_of(mechanisms);
  }

  caf::result<admin_reply> take(const admin_request& request) {
    const auto what = admin::parse_command(commands_, request.line);
    if (!what)
      return admin_reply{false, what.error().what};
    if (!views::shows_chain(*what))
      return reply(*what, {});
    promised_answer<admin_reply> promised{self_};
    const auto promise = promised.promise();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [this, promised, what = *what](chain_view& seen) mutable {
          promised.deliver(reply(what, {std::move(seen), {}}));
        },
        [this, promised, what = *what](const caf::error& why) mutable {
          promised.deliver(
            reply(what, {std::nullopt, "the chain cannot be seen: " + sentence(why)}));
        });
    return promise;
  }

private:
  admin_reply reply(const admin::call& what, const views::chain_seen& seen) const {
    const announced_work asked{*self_->observed().stats, work_kind::unbounded};
    auto text = views::of_disk(*links_.disk, what, mechanisms_, seen);
    return text ? admin_reply{true, *std::move(text)} : admin_reply{false, text.error().what};
  }

  observed_plain_pointer<admin_actor> self_;
  mechanism_list mechanisms_;
  disk_reader_links links_;
  admin::catalogue commands_;
};

admin_actor::behavior_type
disk_reader_behavior(observed_pointer<admin_actor, disk_reader_state> self,
                     mechanism_list mechanisms, disk_reader_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(mechanisms, std::move(links));
  return {[&state](const admin_request& request) { return state.take(request); }};
}

} // namespace

admin_actor spawn_disk_reader(caf::actor_system& system, mechanism_list mechanisms,
                              disk_reader_links links, bool own_thread) {
  return own_thread
           ? system.spawn<caf::detached>(disk_reader_behavior, mechanisms, std::move(links))
           : system.spawn(disk_reader_behavior, mechanisms, std::move(links));
}

} // namespace sluice
