#include "io/signals.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sluice::io {
namespace {

/// Collects signals; the test waits for as many as it sent.
class mailbox {
public:
  void put(int signal) {
    const std::lock_guard lock{mutex_};
    got_.push_back(signal);
    thread_ = std::this_thread::get_id();
    arrived_.notify_all();
  }
  std::vector<int> wait_for(size_t count) {
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, std::chrono::seconds{30}, [&] { return got_.size() >= count; });
    return got_;
  }
  std::thread::id thread() const { return thread_; }

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<int> got_;
  std::thread::id thread_;
};

TEST(signals, an_interrupt_is_reported_in_another_thread) {
  mailbox box;
  const signal_watch watch{[&](int signal) { box.put(signal); }};
  ASSERT_EQ(std::raise(SIGINT), 0);
  EXPECT_EQ(box.wait_for(1), std::vector{SIGINT});
  EXPECT_NE(box.thread(), std::this_thread::get_id());
}

TEST(signals, a_request_to_terminate_is_reported_as_well) {
  mailbox box;
  const signal_watch watch{[&](int signal) { box.put(signal); }};
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  EXPECT_EQ(box.wait_for(1), std::vector{SIGTERM});
}

TEST(signals, a_second_signal_calls_again) {
  mailbox box;
  const signal_watch watch{[&](int signal) { box.put(signal); }};
  ASSERT_EQ(std::raise(SIGINT), 0);
  ASSERT_EQ(box.wait_for(1).size(), 1U);
  ASSERT_EQ(std::raise(SIGINT), 0);
  EXPECT_EQ(box.wait_for(2), (std::vector{SIGINT, SIGINT}));
}

TEST(signals, a_signal_during_a_call_is_not_lost) {
  mailbox box;
  std::promise<void> go_on;
  auto gate = go_on.get_future().share();
  const signal_watch watch{[&](int signal) {
    box.put(signal);
    gate.wait();
  }};
  ASSERT_EQ(std::raise(SIGINT), 0);
  ASSERT_EQ(box.wait_for(1).size(), 1U);
  ASSERT_EQ(std::raise(SIGTERM), 0);
  go_on.set_value();
  EXPECT_EQ(box.wait_for(2), (std::vector{SIGINT, SIGTERM}));
}

TEST(signals, afterwards_the_default_is_back) {
  {
    const signal_watch watch{[](int) {}};
  }
  struct sigaction now {};
  ASSERT_EQ(sigaction(SIGINT, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  ASSERT_EQ(sigaction(SIGTERM, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

} // namespace
} // namespace sluice::io
