/// The address of a unix socket in a folder, however long the folder's name is.
#pragma once

#include "net/admin/descriptor.hpp"
#include "rules/result.hpp"

#include <sys/un.h>

#include <filesystem>
#include <string_view>

namespace sluice::net {

/// In the data folder of a node that runs. A file's name of 10 bytes.
inline constexpr std::string_view shell_socket_name = "shell.sock";

/// An address has space for 107 bytes. A longer path is reached by way of the open folder:
/// /proc/self/fd/N/NAME. The address is good as long as this exists.
class socket_place {
public:
  /// unreachable when there is no such folder, or it may not be entered.
  static result<socket_place> in(const std::filesystem::path& folder, std::string_view name);

  const sockaddr_un& address() const { return address_; }
  /// The real path, for people and for chmod.
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
  descriptor folder_;
  sockaddr_un address_{};
};

} // namespace sluice::net
