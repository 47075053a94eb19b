/// The two servers of the HTTP benchmark as processes of their own, and wrk.
#pragma once

#include "http_bodies.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace sluice {

/// A process that serves; ends with the object.
class bench_server {
public:
  bench_server() = default;
  virtual ~bench_server();
  bench_server(const bench_server&) = delete;
  bench_server& operator=(const bench_server&) = delete;

  /// 1 to 65535.
  uint16_t port() const { return port_; }
  /// User and system time of all its threads so far.
  double cpu_seconds() const;
  /// What it holds in memory now, in KiB.
  long memory_kib() const;

protected:
  pid_t process_ = -1;
  uint16_t port_ = 0;
};

/// Ours, with the limits of an address for this load; std::runtime_error when it cannot start.
class own_server final : public bench_server {
public:
  explicit own_server(const bench_bodies& bodies);
};

/// One process that accepts and serves, files in a temporary folder.
class nginx_server final : public bench_server {
public:
  explicit nginx_server(const bench_bodies& bodies);
  ~nginx_server() override;

private:
  std::filesystem::path folder_;
};

/// Where a program is; "" when it is not.
std::string find_program(const std::string& name);

struct wrk_result {
  double requests = 0;
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

/// `header`: lines with CRLF between them; "" none. std::runtime_error when an answer was an error
/// or what wrk prints cannot be read.
wrk_result run_wrk(uint16_t port, const std::string& path, const std::string& header,
                   size_t connections, size_t seconds);

/// One request on a connection of its own; the whole answer.
std::string ask_once(uint16_t port, const std::string& path, const std::string& header);
std::string header_of(const std::string& answer, const std::string& name);
std::string body_of(const std::string& answer);

} // namespace sluice
