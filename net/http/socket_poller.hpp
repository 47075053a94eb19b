/// Which of many sockets can be read from or written to: one call of the system for all of them.
#pragma once

#include "net/http/socket_kinds.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <memory>

namespace sluice::net {

/// Ends the waiting of a poller; any thread, also when the poller is gone.
class poller_wakeup {
public:
  /// std::system_error: no descriptor is left.
  poller_wakeup();
  ~poller_wakeup();
  poller_wakeup(const poller_wakeup&) = delete;
  poller_wakeup& operator=(const poller_wakeup&) = delete;

  void operator()() const;
  /// Stays this object's. Errors: none.
  int descriptor() const { return event_; }

private:
  int event_;
};

/// Beside Asio, whose sockets cost a second read of each request and a queue. All calls
/// in the thread of the context; it must end before the context does.
class socket_poller : public std::enable_shared_from_this<socket_poller> {
public:
  /// Since the last time; a bit may be set without reason.
  struct readiness {
    bool read = false;
    bool write = false;
    bool over = false; // the peer writes no more, or is gone
  };
  class watcher {
  public:
    virtual void ready(readiness x) = 0;

  protected:
    ~watcher() = default;
  };

  /// std::system_error: no descriptor is left.
  explicit socket_poller(boost::asio::io_context& io);
  socket_poller(const socket_poller&) = delete;
  socket_poller& operator=(const socket_poller&) = delete;

  void start() { wait(); }
  /// While there is much to do it waits here and not in the context, until `socket` can be read
  /// from or `wakeup` is called, but never longer than `turn_ms_max`.
  void return_for(int socket);
  /// The context has something to do: the next turn, or the one that is running, is short.
  void give_way() { return_ = true; }
  /// Sockets of the context itself must not wait for these any more.
  void share() { alone_ = false; }
  /// For whoever posts something to the context from another thread.
  const std::shared_ptr<const poller_wakeup>& wakeup() const { return wakeup_; }

  /// From now on until `forget`: each change is reported once. False: no memory for it.
  bool watch(int socket, watcher& who);
  /// Nothing more is reported, not even what is known already.
  void forget(int socket, const watcher& who);

  static constexpr int turn_ms_max = 5; // milliseconds
  /// Bytes that are read at once; for whoever is being called.
  std::array<char, 65536>& scratch() { return scratch_; }

private:
  using descriptor
    = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  void wait();
  void report();
  bool report_once(int wait_ms);

  descriptor epoll_;
  std::shared_ptr<const poller_wakeup> wakeup_ = std::make_shared<const poller_wakeup>();
  bool alone_ = true;   // nothing but these sockets is waited for
  bool return_ = false; // there is something for the context
  int count_ = 0;       // of `events_`
  int at_ = 0;          // of them: being reported
  std::array<epoll_event, 64> events_{};
  std::array<char, 65536> scratch_{};
};

} // namespace sluice::net
