#include "net/http/listening.hpp"

#include "rules/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace sluice::net {

namespace {

constexpr int unaccepted_max = 1024;

fault no(const std::string& where, const std::string& why) {
  return {ec::unreachable,
          where + ": cannot be listened on: " + why + "; choose another address or port"};
}

/// "127.0.0.1:9944" or "[::1]:9944", and the port alone.
std::pair<std::string, uint16_t> bound_name(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  char text[INET6_ADDRSTRLEN] = "";
  if (bound.ss_family == AF_INET6) {
    const auto& x = reinterpret_cast<const sockaddr_in6&>(bound);
    ::inet_ntop(AF_INET6, &x.sin6_addr, text, sizeof text);
    const auto port = ntohs(x.sin6_port);
    return {'[' + std::string{text} + "]:" + std::to_string(port), port};
  }
  const auto& x = reinterpret_cast<const sockaddr_in&>(bound);
  ::inet_ntop(AF_INET, &x.sin_addr, text, sizeof text);
  const auto port = ntohs(x.sin_port);
  return {std::string{text} + ':' + std::to_string(port), port};
}

} // namespace

result<listening_socket> listening_socket::open(const std::string& where) {
  const auto at = parse_endpoint(where);
  if (!at)
    return at.error();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int rc
      = ::getaddrinfo(at->host.c_str(), std::to_string(at->port).c_str(), &hints, &found);
      rc != 0)
    return no(where, ::gai_strerror(rc));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{found, ::freeaddrinfo};
  listening_socket made;
  made.fd_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  if (made.fd_ < 0 || ::setsockopt(made.fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
      || ::bind(made.fd_, found->ai_addr, found->ai_addrlen) != 0
      || ::listen(made.fd_, unaccepted_max) != 0)
    return no(where, std::strerror(errno));
  made.v6_ = found->ai_family == AF_INET6;
  std::tie(made.address_, made.port_) = bound_name(made.fd_);
  return made;
}

listening_socket::listening_socket(listening_socket&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)), v6_(other.v6_), port_(other.port_),
    address_(std::move(other.address_)) {}

listening_socket& listening_socket::operator=(listening_socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  v6_ = other.v6_;
  port_ = other.port_;
  address_ = std::move(other.address_);
  return *this;
}

listening_socket::~listening_socket() {
  if (fd_ >= 0)
    ::close(fd_);
}

int listening_socket::copy() const {
  return ::fcntl(fd_, F_DUPFD_CLOEXEC, 3);
}

} // namespace sluice::net
