#include "actors/admin/disk_reader.hpp"

#include "actors/admin/views/views.hpp"
#include "actors/manners.hpp"
#include "rules/admin/commands.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

admin_actor::behavior_type
disk_reader_behavior(observed_plain_pointer<admin_actor> self,
                     const std::shared_ptr<const storage::data_dir>& disk) {
  mind_manners(self);
  return {[disk](const admin_request& said) {
    const auto what = admin::parse_command(said.line);
    if (!what)
      return admin_reply{false, what.error().what};
    auto text = views::of_disk(*disk, *what);
    return text ? admin_reply{true, *std::move(text)} : admin_reply{false, text.error().what};
  }};
}

} // namespace

admin_actor spawn_disk_reader(caf::actor_system& system,
                              std::shared_ptr<const storage::data_dir> disk, bool own_thread) {
  return own_thread ? system.spawn<caf::detached>(disk_reader_behavior, std::move(disk))
                    : system.spawn(disk_reader_behavior, std::move(disk));
}

} // namespace sluice
