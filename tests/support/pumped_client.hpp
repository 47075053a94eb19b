/// A real HTTP client whose answers reach the actors only when the test lets them.
#pragma once

#include "net/http/client.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace sluice::test {

/// Actors of a test run in its thread only; the client has its own. What comes from there waits
/// here, and `deliver` hands it over in the test's thread.
class pumped_client {
public:
  pumped_client() {
    net::http_client_terms terms;
    terms.tick_ms = 5;
    auto made = net::http_client::start(terms);
    if (!made)
      throw std::runtime_error(made.error().what);
    client_ = *std::move(made);
  }

  std::function<void(net::http_call, net::http_answered)> caller() {
    return [this](net::http_call x, net::http_answered answered) {
      ++open_;
      client_->call(std::move(x), [this, answered](result<net::http_answer> outcome) {
        const std::lock_guard lock{mutex_};
        come_.emplace_back(
          [answered, outcome = std::move(outcome)]() mutable { answered(std::move(outcome)); });
        came_.notify_all();
      });
    };
  }

  /// Requests without a delivered answer, from 0. Errors: none.
  size_t open() const { return open_; }

  /// Waits for one answer and hands it over; std::runtime_error when none comes for a minute.
  void deliver() {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, std::chrono::minutes{1}, [this] { return !come_.empty(); }))
      throw std::runtime_error("no answer came");
    const auto next = std::move(come_.front());
    come_.pop_front();
    lock.unlock();
    --open_;
    next();
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> come_;
  size_t open_ = 0;
  std::unique_ptr<net::http_client> client_; // the last: its thread uses all of these
};

} // namespace sluice::test
