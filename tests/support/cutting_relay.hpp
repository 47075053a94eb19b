/// A relay of TCP connections that cuts each of them where the test wants it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace sluice::test {

/// One thread. Bytes go on as they come, in both directions.
class cutting_relay {
public:
  /// How many bytes of a new connection, both directions together, go on before it is cut; none:
  /// all of them. `first_line`: what the client sent first, up to a line feed or as much as came.
  /// Called in the relay's thread.
  using budget = std::function<std::optional<uint64_t>(std::string_view first_line)>;

  /// At a free port of 127.0.0.1, to this port there; std::runtime_error when there is none.
  cutting_relay(uint16_t to, budget bytes);
  ~cutting_relay();
  cutting_relay(const cutting_relay&) = delete;
  cutting_relay& operator=(const cutting_relay&) = delete;

  /// 1 to 65535.
  uint16_t port() const;
  /// Where connections from now on go.
  void lead_to(uint16_t port);
  /// Ends what is open, at once.
  void cut_all();
  /// Connections that were cut by their budget or by `cut_all`, from 0.
  uint64_t cuts() const;

private:
  class thread;
  std::unique_ptr<thread> thread_;
};

} // namespace sluice::test
