/// A node's data folder as a shell asks it: the node if one runs, else the disk.
#pragma once

#include "actors/mechanism_module.hpp"
#include "io/text/charset.hpp"
#include "net/admin/client.hpp"
#include "net/admin/link.hpp"
#include "rules/admin/catalogue.hpp"

#include <filesystem>

namespace sluice {

/// Asks the node over its socket. When none runs, commands that only read the disk are answered
/// from it; the others state how to start the node.
class folder_link : public net::shell_link {
public:
  folder_link(std::filesystem::path folder, mechanism_list mechanisms,
              net::shell_client::settings how, report::charset letters = report::charset::utf8);

  result<std::string> ask(std::string_view line) override;
  std::string place() const override { return folder_.string(); }

private:
  result<std::string> read(const admin::call& call) const;

  std::filesystem::path folder_;
  mechanism_list mechanisms_;
  admin::catalogue commands_;
  net::shell_client node_;
  report::charset letters_; // of commands that it proposes
};

} // namespace sluice
