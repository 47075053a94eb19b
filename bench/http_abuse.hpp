/// Clients that are not honest, for as long as the object exists: half-open connections, slow
/// readers and writers, and heads with mistakes in them.
#pragma once

#include "http_bodies.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/malformed_requests.hpp"
#include "tests/support/pause.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sluice {

class http_abuse {
public:
  /// 10,000 malformed requests spread over `seconds`; 200 half-open, 100 slow writers and 100 slow
  /// readers all the time.
  http_abuse(uint16_t port, uint64_t seed, size_t seconds)
    : thread_([this, port, seed, seconds] { run(port, seed, seconds); }) {}
  ~http_abuse() {
    stop_ = true;
    thread_.join();
  }
  http_abuse(const http_abuse&) = delete;
  http_abuse& operator=(const http_abuse&) = delete;

  /// Sent so far.
  uint64_t malformed() const { return malformed_; }

private:
  static constexpr size_t all_malformed = 10'000;

  void run(uint16_t port, uint64_t seed, size_t seconds) {
    std::vector<std::unique_ptr<test::bare_socket>> half_open, writers, readers;
    for (int i = 0; i < 200; ++i)
      half_open.push_back(std::make_unique<test::bare_socket>(port));
    for (int i = 0; i < 100; ++i) {
      writers.push_back(std::make_unique<test::bare_socket>(port));
      writers.back()->send("GET / HTTP/1.1\r\nX: ");
      readers.push_back(std::make_unique<test::bare_socket>(port));
      for (int n = 0; n < 20; ++n)
        readers.back()->send("GET " + std::string{large_path} + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    test::malformed_requests requests{seed};
    const auto gap = std::chrono::microseconds{seconds * 1'000'000 / all_malformed};
    auto next = std::chrono::steady_clock::now();
    for (size_t i = 0; i < all_malformed && !stop_; ++i) {
      test::pause_until(next += gap);
      const test::bare_socket peer{port};
      peer.send(requests.next());
      ++malformed_;
      if (i % 100 == 0)
        writers[i / 100 % writers.size()]->send("x");
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> malformed_{0};
  std::thread thread_;
};

} // namespace sluice
