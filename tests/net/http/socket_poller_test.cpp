#include "net/http/socket_poller.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::net {
namespace {

/// Two ends of one connection.
struct socket_pair {
  socket_pair() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0)
      throw std::runtime_error("no sockets");
  }
  ~socket_pair() {
    for (const int x : ends)
      if (x >= 0)
        ::close(x);
  }
  socket_pair(const socket_pair&) = delete;
  socket_pair& operator=(const socket_pair&) = delete;

  void write(char x) const { ASSERT_EQ(::write(ends[1], &x, 1), 1); }

  std::array<int, 2> ends{-1, -1};
};

class recorder final : public socket_poller::watcher {
public:
  explicit recorder(std::function<void(socket_poller::readiness)> f) : f_(std::move(f)) {}
  void ready(socket_poller::readiness x) override { f_(x); }

private:
  std::function<void(socket_poller::readiness)> f_;
};

class poller_of_sockets : public ::testing::Test {
protected:
  poller_of_sockets() { poller->start(); }

  boost::asio::io_context io{1};
  std::shared_ptr<socket_poller> poller = std::make_shared<socket_poller>(io);
};

TEST_F(poller_of_sockets, reports_bytes_and_the_end) {
  socket_pair pair;
  std::string got;
  bool over = false, wrote = false;
  recorder who{[&](socket_poller::readiness x) {
    char c = 0;
    while (x.read && ::read(pair.ends[0], &c, 1) == 1)
      got += c;
    if (got == "a" && !std::exchange(wrote, true))
      pair.write('b'); // while it is being called
    if (got == "ab" && !x.over)
      ::close(std::exchange(pair.ends[1], -1));
    over = x.over;
    if (over)
      io.stop();
  }};
  ASSERT_TRUE(poller->watch(pair.ends[0], who));
  pair.write('a');
  io.run();
  EXPECT_EQ(got, "ab");
  EXPECT_TRUE(over);
}

TEST_F(poller_of_sockets, forgets_what_it_knows_already) {
  std::vector<socket_pair> pairs(2);
  int calls = 0;
  std::vector<recorder> all;
  all.reserve(2);
  for (int i = 0; i < 2; ++i)
    all.emplace_back([&](socket_poller::readiness) {
      ++calls;
      for (size_t n = 0; n < 2; ++n) // itself, and the one that is to come
        poller->forget(pairs[n].ends[0], all[n]);
      boost::asio::post(io, [&] { io.stop(); });
      poller->give_way();
    });
  for (size_t n = 0; n < 2; ++n)
    ASSERT_TRUE(poller->watch(pairs[n].ends[0], all[n]));
  io.run();
  EXPECT_EQ(calls, 1);
}

TEST_F(poller_of_sockets, another_thread_ends_its_waiting) {
  socket_pair pair;
  int posted = 0;
  const auto wakeup = poller->wakeup();
  recorder who{[&](socket_poller::readiness) {
    std::thread{[&] {
      boost::asio::post(io, [&] {
        if (++posted == 100)
          return io.stop();
        pair.write('x'); // and again
      });
      (*wakeup)();
    }}.join();
    char c = 0;
    while (::read(pair.ends[0], &c, 1) == 1) {
    }
  }};
  ASSERT_TRUE(poller->watch(pair.ends[0], who));
  io.run();
  EXPECT_EQ(posted, 100);
}

TEST_F(poller_of_sockets, may_end_before_its_context_and_its_wakeup) {
  const auto wakeup = poller->wakeup();
  poller.reset();
  (*wakeup)();
  EXPECT_EQ(io.run(), 1U); // the wait that ended
}

} // namespace
} // namespace sluice::net
