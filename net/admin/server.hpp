/// A node's admin socket for its own operator: a unix socket in the data folder.
#pragma once

#include "net/admin/wire.hpp"
#include "rules/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace sluice::net {

/// One command, and which user of this machine asks: "root (uid 0)".
struct shell_request {
  std::string who;
  std::string line;
};

/// A count of connections and bytes without the end of a line. A client beyond `clients_max` and a
/// longer request are answered with an error, and their connection ends.
struct shell_limits {
  size_t clients_max = 64;
  size_t request_bytes_max = size_t{64} << 10; // a line of JSON
  size_t reply_bytes_max = size_t{16} << 20;   // longer ones become an error that states it
};

/// Open to its own user and to root: the file has mode 0600, and the peer's uid is asked for
/// besides. A client has one question in hand at a time and is read again when its answer is
/// written, so that a slow one holds one answer and nobody up.
class shell_server {
public:
  /// Any thread may call it, once; a second call and one after the server's end are nothing. When
  /// the last copy goes uncalled the client receives that as an error.
  using reply_function = std::function<void(shell_reply)>;
  /// Called in the server's thread; must not wait and must not throw.
  using request_function = std::function<void(shell_request, reply_function)>;

  /// Listens in `folder`, whose only node the caller is: a socket file of a dead one is replaced.
  /// Faults: busy (somebody answers there), bad_input (a file that is no socket), unreachable.
  static result<shell_server>
  open(const std::filesystem::path& folder, request_function on_request, shell_limits limits = {});

  shell_server(shell_server&&) noexcept;
  shell_server& operator=(shell_server&&) = delete;
  /// Closes all connections and takes the file away.
  ~shell_server();

  const std::filesystem::path& path() const;

private:
  struct port;
  explicit shell_server(std::unique_ptr<port> x);
  std::unique_ptr<port> port_;
};

} // namespace sluice::net
