#include "net/http/socket_poller.hpp"

#include "net/http/link.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <unistd.h>

namespace sluice::net {

namespace {

int made_descriptor(int x) {
  if (x < 0)
    throw std::system_error(errno, std::generic_category(), "no descriptor for sockets");
  return x;
}

} // namespace

poller_wakeup::poller_wakeup()
  : event_(made_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {}

poller_wakeup::~poller_wakeup() {
  ::close(event_);
}

/// Each call is a change; nobody reads how many there were.
void poller_wakeup::operator()() const {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

socket_poller::socket_poller(boost::asio::io_context& io)
  : epoll_(io, made_descriptor(::epoll_create1(EPOLL_CLOEXEC))) {
  return_for(wakeup_->descriptor());
}

/// It has no watcher, and each change is reported once: the context sees to it by itself.
void socket_poller::return_for(int socket) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event);
}

bool socket_poller::watch(int socket, watcher& who) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &who;
  return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void socket_poller::forget(int socket, const watcher& who) {
  epoll_event ignored{};
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, &ignored);
  for (int i = at_; i < count_; ++i)
    if (auto& event = events_[static_cast<size_t>(i)]; event.data.ptr == &who)
      event.events = 0;
}

void socket_poller::wait() {
  epoll_.async_wait(descriptor::wait_read,
                    [who = weak_from_this()](const boost::system::error_code& error) {
                      if (const auto self = error ? nullptr : who.lock())
                        self->report();
                    });
}

void socket_poller::report() {
  const auto until = steady_ms() + turn_ms_max;
  for (bool some = report_once(0); some && !return_ && steady_ms() < until;)
    some = report_once(alone_ ? turn_ms_max : 0);
  return_ = false;
  wait();
}

/// False when there was nothing.
bool socket_poller::report_once(int wait_ms) {
  count_ = ::epoll_wait(epoll_.native_handle(), events_.data(), static_cast<int>(events_.size()),
                        wait_ms);
  const bool some = count_ > 0;
  for (at_ = 0; at_ < count_; ++at_) {
    const auto event = events_[static_cast<size_t>(at_)];
    if (event.events == 0)
      continue;
    if (!event.data.ptr) {
      return_ = true;
      continue;
    }
    static_cast<watcher*>(event.data.ptr)
      ->ready({(event.events & (EPOLLIN | EPOLLRDHUP)) != 0, (event.events & EPOLLOUT) != 0,
               (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0});
  }
  count_ = 0;
  return some;
}

} // namespace sluice::net
