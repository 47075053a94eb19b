/// The shell's end of a node's unix socket.
#pragma once

#include "net/admin/descriptor.hpp"
#include "net/admin/link.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace sluice::net {

/// Connects when it is asked, again after a loss.
class shell_client : public shell_link {
public:
  /// `patience`: of one `ask` in all, connecting and answer; 0 or less gives up at once (timeout).
  /// Then the fault is timeout.
  struct settings {
    std::chrono::milliseconds patience{30'000};
    /// Asked when a signal came while waiting: give up? Null: never.
    std::function<bool()> interrupted;
  };

  explicit shell_client(std::filesystem::path folder)
    : shell_client(std::move(folder), settings{}) {}
  shell_client(std::filesystem::path folder, settings how)
    : folder_(std::move(folder)), how_(std::move(how)) {}

  /// An answer of more than 64 MiB ends the connection.
  result<std::string> ask(std::string_view line) override;
  std::string place() const override { return folder_.string(); }

private:
  result<nothing> connect();
  result<nothing> wait(short events, std::chrono::steady_clock::time_point until);
  result<nothing> send(const std::string& bytes, std::chrono::steady_clock::time_point until);
  result<std::string> receive(std::chrono::steady_clock::time_point until);
  fault lost(ec code, const std::string& why);

  std::filesystem::path folder_;
  settings how_;
  descriptor socket_;
  std::string in_;
  uint64_t next_id_ = 1;
};

} // namespace sluice::net
