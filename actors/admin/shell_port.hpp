/// Lets a node's own operator in: from the socket of the data folder to the admin actor.
#pragma once

#include "messages/admin.hpp"
#include "net/admin/server.hpp"

#include <caf/fwd.hpp>

#include <filesystem>

namespace sluice {

/// Listens in `folder`, which is this process's own. Each command asks `admin` by itself, so that a
/// long one holds no other up. Does not keep `admin` alive; must end before `system`.
result<net::shell_server>
open_shell_port(caf::actor_system& system, const std::filesystem::path& folder,
                const admin_actor& admin);

} // namespace sluice
