/// Lets a node's own operator in: from the socket of the data folder to the admin actor.
#pragma once

#include "messages/admin.hpp"
#include "net/admin/server.hpp"

#include <caf/fwd.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Outlives the admin actor, which is restarted together with whatever stands above it: a shell
/// keeps its connection, and what it asks meanwhile is answered by the next admin actor.
class shell_port {
public:
  /// True when the command only reads, so that it can be asked a second time.
  using reads_function = std::function<bool(std::string_view line)>;

  /// Listens in `folder`, which is this process's own. Each command asks the admin actor by itself,
  /// so that a long one holds no other up. Must end before `system`. Faults: those of
  /// net::shell_server::open.
  static result<shell_port>
  open(caf::actor_system& system, const std::filesystem::path& folder, reads_function reads);

  shell_port(shell_port&&) noexcept;
  shell_port& operator=(shell_port&&) = delete;
  /// Closes all connections. What was not answered yet is not answered any more.
  ~shell_port();

  /// From now on `admin` answers, what waited for one included. Does not keep it alive.
  void serve(const admin_actor& admin);

  const std::filesystem::path& path() const { return server_->path(); }

private:
  class requests;

  shell_port(std::shared_ptr<requests> waiting, net::shell_server server);

  std::shared_ptr<requests> requests_;
  std::optional<net::shell_server> server_;
};

} // namespace sluice
