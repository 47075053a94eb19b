/// A shell's link to a node on another machine, for a program without actors of its own.
#pragma once

#include "net/admin/link.hpp"
#include "rules/network_config.hpp"
#include "rules/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sluice {

/// Owns an actor system with a link; belongs to one thread.
class fleet_admin_link : public net::shell_link {
public:
  /// Checks the certificates, whose role must be operator or observer; connects when it is asked.
  static result<std::unique_ptr<fleet_admin_link>>
  open(const std::string& where, const fleet_settings& settings);
  fleet_admin_link(const fleet_admin_link&) = delete;
  fleet_admin_link& operator=(const fleet_admin_link&) = delete;
  ~fleet_admin_link() override;

  /// Waits for the connection and the answer, thirty seconds in all.
  result<std::string> ask(std::string_view line) override;

  std::string place() const override;

private:
  struct parts;
  explicit fleet_admin_link(std::unique_ptr<parts> x);
  std::unique_ptr<parts> parts_;
};

} // namespace sluice
