/// A node's data folder as a shell asks it: the node if one runs, else the disk.
#pragma once

#include "net/admin/client.hpp"
#include "net/admin/link.hpp"

#include <filesystem>

namespace sluice {

/// Asks the node over its socket. When none runs, commands that only read the disk are answered
/// from it; the others say how to start the node.
class folder_link : public net::shell_link {
public:
  folder_link(std::filesystem::path folder, net::shell_client::settings how)
    : folder_(std::move(folder)), node_(folder_, std::move(how)) {}

  result<std::string> ask(std::string_view line) override;
  std::string place() const override { return folder_.string(); }

private:
  std::filesystem::path folder_;
  net::shell_client node_;
};

} // namespace sluice
