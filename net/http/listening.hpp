/// An address that is listened on, from the first moment to the last, whoever serves it meanwhile.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <string>

namespace sluice::net {

/// Owns the listening socket. A server takes a copy of it (`copy`), so that one that fails and
/// comes back finds its port, and connections that came meanwhile wait.
class listening_socket {
public:
  /// HOST:PORT; port 0: the system chooses. `ec::unreachable` states why it cannot be. Ports are 0
  /// to 65535; other text is `ec::bad_input`.
  static result<listening_socket> open(const std::string& where);

  listening_socket(listening_socket&& other) noexcept;
  listening_socket& operator=(listening_socket&& other) noexcept;
  ~listening_socket();

  /// As bound: HOST:PORT with numbers.
  const std::string& address() const { return address_; }
  /// 1 to 65535. Errors: none.
  uint16_t port() const { return port_; }
  bool is_v6() const { return v6_; }

  /// Another descriptor of the same socket; -1 when there are no more descriptors. Its owner closes
  /// it.
  int copy() const;

private:
  listening_socket() = default;

  int fd_ = -1;
  bool v6_ = false;
  uint16_t port_ = 0;
  std::string address_;
};

} // namespace sluice::net
