#include "io/signals.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <poll.h>
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

/// What `play` does in a process of its own; its exit code, or 128 + the signal that ended it.
template <class F>
int code_of_process(F play) {
  const auto child = ::fork();
  if (child == 0) {
    play();
    ::_exit(99); // it came back
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Until a signal or a thread ends the process.
void wait_for_the_end() {
  for (;;)
    ::pause();
}

TEST(signals, a_hang_up_is_reported_where_it_is_wanted) {
  mailbox box;
  const signal_watch watch{
    signal_calls{[&](int signal) { box.put(signal); }, [&] { box.put(SIGHUP); }}};
  ASSERT_EQ(kill(getpid(), SIGHUP), 0);
  ASSERT_EQ(box.wait_for(1), std::vector{SIGHUP});
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  EXPECT_EQ(box.wait_for(2), (std::vector{SIGHUP, SIGTERM}));
}

TEST(signals, a_hang_up_ends_whoever_does_not_want_it) {
  EXPECT_EQ(code_of_process([] {
              const signal_watch watch{[](int) {}};
              ::kill(::getpid(), SIGHUP);
              wait_for_the_end();
            }),
            128 + SIGHUP);
}

TEST(signals, two_watches_get_each_signal_and_the_default_comes_back_with_the_last) {
  mailbox first;
  mailbox second;
  const signal_watch one{[&](int signal) { first.put(signal); }};
  {
    const signal_watch other{[&](int signal) { second.put(signal); }};
    ASSERT_EQ(kill(getpid(), SIGINT), 0);
    EXPECT_EQ(first.wait_for(1), std::vector{SIGINT});
    EXPECT_EQ(second.wait_for(1), std::vector{SIGINT});
  }
  ASSERT_EQ(kill(getpid(), SIGINT), 0);
  EXPECT_EQ(first.wait_for(2).size(), 2U);
  EXPECT_EQ(second.wait_for(1).size(), 1U);
}

TEST(signals, a_second_one_ends_the_process_where_that_is_wanted) {
  EXPECT_EQ(code_of_process([] {
              mailbox box;
              const signal_watch watch{signal_calls{[&](int x) { box.put(x); }, {}, true}};
              ::kill(::getpid(), SIGTERM);
              (void)box.wait_for(1);
              ::kill(::getpid(), SIGINT);
              wait_for_the_end();
            }),
            130);
}

TEST(signals, the_deadline_ends_a_process_whose_threads_wait_for_ever) {
  EXPECT_EQ(code_of_process([] {
              end_after_stop(std::chrono::milliseconds{20}, 7);
              const signal_watch watch{[](int) {}};
              ::kill(::getpid(), SIGTERM);
              wait_for_the_end();
            }),
            7);
}

TEST(signals, the_deadline_goes_on_when_the_watch_is_gone_and_says_its_last_words) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  EXPECT_EQ(code_of_process([&] {
              end_after_stop(std::chrono::milliseconds{20}, 8,
                             [to = ends[1]] { (void)!::write(to, "x", 1); });
              {
                mailbox box;
                const signal_watch watch{[&](int signal) { box.put(signal); }};
                ::kill(::getpid(), SIGTERM);
                (void)box.wait_for(1);
              }
              wait_for_the_end();
            }),
            8);
  char word = 0;
  EXPECT_EQ(::read(ends[0], &word, 1), 1);
  for (const int x : ends)
    ::close(x);
}

TEST(signals, without_a_signal_there_is_no_deadline) {
  EXPECT_EQ(code_of_process([] {
              end_after_stop(std::chrono::milliseconds{1}, 7);
              {
                const signal_watch watch{[](int) {}};
                ::poll(nullptr, 0, 20);
              }
              ::_exit(5);
            }),
            5);
}

TEST(signals, a_process_may_end_as_a_signal_ends_it) {
  EXPECT_EQ(code_of_process([] {
              const signal_watch watch{[](int) {}};
              end_by_signal(SIGTERM);
            }),
            128 + SIGTERM);
}

} // namespace
} // namespace sluice::io
