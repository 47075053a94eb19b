#include "io/signals.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <thread>
#include <utility> // Boost 1.74's asio uses std::exchange without including it

namespace sluice::io {

struct signal_watch::watcher {
  explicit watcher(std::function<void(int)> f)
    : on_signal(std::move(f)), signals(io, SIGINT, SIGTERM) {
    wait();
    thread = std::thread{[this] { io.run(); }};
  }

  void wait() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error)
        return;
      wait(); // first, so that a signal during the call is not lost
      on_signal(signal);
    });
  }

  std::function<void(int)> on_signal;
  boost::asio::io_context io{1};
  boost::asio::signal_set signals;
  std::thread thread;
};

signal_watch::signal_watch(std::function<void(int)> on_signal)
  : watcher_(std::make_unique<watcher>(std::move(on_signal))) {}

signal_watch::~signal_watch() {
  watcher_->io.stop();
  watcher_->thread.join();
}

} // namespace sluice::io
