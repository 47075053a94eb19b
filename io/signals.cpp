#include "io/signals.hpp"

#include <sys/timerfd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t watches_max = 8;
constexpr int code_of_second_signal = 130;
constexpr int code_of_signals = 128;
constexpr unsigned char over = 0; // through a bell: its watch goes

/// A pipe that the handler writes into. It is made once and never closed: a handler may have read
/// its number just before its watch goes.
struct bell {
  int out = -1;
  int in = -1;
  bool taken = false;            // under the mutex
  std::atomic<bool> rung{false}; // a watch listens
};
std::array<bell, watches_max> bells{};

void ring_bells(int signal) {
  const int kept = errno;
  const auto byte = static_cast<unsigned char>(signal);
  for (const auto& x : bells)
    if (x.rung.load()) [[maybe_unused]]
      const auto put = ::write(x.in, &byte, 1);
  errno = kept;
}

void end_at_once(int signal) {
  ::_exit(code_of_signals + signal);
}

/// One signal that watches want; taken by the first of them, given back by the last.
struct wanted_signal {
  int number = 0;
  size_t wanted = 0;
  struct sigaction before {};

  void take() {
    if (wanted++ != 0)
      return;
    struct sigaction ours {};
    ours.sa_handler = ring_bells;
    ours.sa_flags = SA_RESTART;
    ::sigemptyset(&ours.sa_mask);
    ::sigaction(number, &ours, &before);
  }
  void give_back() {
    if (--wanted == 0)
      ::sigaction(number, &before, nullptr);
  }
};

struct stop_deadline {
  std::chrono::milliseconds patience{0}; // 0: none
  int code = 0;
  std::function<void()> last_words;
};

std::mutex signals_mutex; // of all that follows
std::array<wanted_signal, 3> wanted_signals{
  wanted_signal{SIGINT, 0, {}}, {SIGTERM, 0, {}}, {SIGHUP, 0, {}}};
stop_deadline deadline;

stop_deadline deadline_now() {
  const std::lock_guard lock{signals_mutex};
  return deadline;
}

[[noreturn]] void no_watch(int error) {
  throw std::system_error{error, std::generic_category(), "signals cannot be watched"};
}

/// One that nobody has, with nothing in it. The caller has the mutex.
bell& free_bell() {
  for (auto& x : bells) {
    if (x.taken)
      continue;
    std::array<int, 2> made{};
    if (x.out < 0) {
      if (::pipe2(made.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        no_watch(errno);
      x.out = made[0];
      x.in = made[1];
    }
    for (unsigned char stale = 0; ::read(x.out, &stale, 1) == 1;) {
    }
    x.taken = true;
    return x;
  }
  no_watch(EAGAIN);
}

} // namespace

struct signal_watch::watcher {
  explicit watcher(signal_calls x) : calls(std::move(x)) {
    timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0)
      no_watch(errno);
  }
  ~watcher() { ::close(timer); }
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;

  void take_signals() {
    const std::lock_guard lock{signals_mutex};
    ours = &free_bell();
    ours->rung = true;
    for (auto& x : wanted_signals)
      if (x.number != SIGHUP || calls.hang_up)
        x.take();
  }

  void give_signals_back() const {
    const std::lock_guard lock{signals_mutex};
    ours->rung = false;
    for (auto& x : wanted_signals)
      if (x.number != SIGHUP || calls.hang_up)
        x.give_back();
  }

  void free_the_bell() const {
    const std::lock_guard lock{signals_mutex};
    ours->taken = false;
  }

  void run() {
    for (bool more = true; more;) {
      std::array<pollfd, 2> watched{pollfd{ours->out, POLLIN, 0}, pollfd{timer, POLLIN, 0}};
      ::poll(watched.data(), watched.size(), -1);
      unsigned char signal = over;
      while (more && ::read(ours->out, &signal, 1) == 1)
        more = take(signal);
      uint64_t times = 0;
      if (more && ::read(timer, &times, sizeof times) == sizeof times)
        end_late();
    }
  }

  /// False: the watch goes.
  bool take(unsigned char signal) {
    if (signal == over)
      return false;
    const std::lock_guard lock{calling};
    if (signal == SIGHUP) {
      if (!left)
        calls.hang_up();
      return true;
    }
    if (std::exchange(stopped, true) && (calls.second_ends || left))
      ::_exit(code_of_second_signal);
    arm();
    if (!left)
      calls.stop(signal);
    return true;
  }

  /// The first stop signal begins the time; later ones do not prolong it.
  void arm() {
    const auto patience = deadline_now().patience;
    if (patience.count() <= 0 || armed)
      return;
    constexpr int64_t ms_per_s = 1000;
    constexpr int64_t ns_per_ms = 1'000'000;
    itimerspec when{};
    when.it_value.tv_sec = patience.count() / ms_per_s;
    when.it_value.tv_nsec = patience.count() % ms_per_s * ns_per_ms;
    armed = ::timerfd_settime(timer, 0, &when, nullptr) == 0;
  }

  static void end_late() {
    const auto x = deadline_now();
    if (x.patience.count() <= 0)
      return; // taken back
    if (x.last_words)
      x.last_words();
    ::_exit(x.code);
  }

  signal_calls calls;
  bell* ours = nullptr;
  int timer = -1;
  std::mutex calling; // of all that follows
  bool left = false;  // the watch is gone, the deadline is not
  bool stopped = false;
  bool armed = false; // the deadline runs
  std::thread thread; // of the watch
};

signal_watch::signal_watch(signal_calls calls)
  : watcher_(std::make_shared<watcher>(std::move(calls))) {
  watcher_->take_signals();
  try {
    watcher_->thread = std::thread{[x = watcher_] { x->run(); }};
  } catch (...) {
    watcher_->give_signals_back();
    watcher_->free_the_bell();
    throw;
  }
}

signal_watch::signal_watch(std::function<void(int)> on_signal)
  : signal_watch(signal_calls{std::move(on_signal)}) {}

signal_watch::~signal_watch() {
  {
    const std::lock_guard lock{watcher_->calling};
    watcher_->left = true;
    if (watcher_->armed)
      return watcher_->thread.detach();
  }
  watcher_->give_signals_back();
  [[maybe_unused]] const auto put = ::write(watcher_->ours->in, &over, 1);
  watcher_->thread.join();
  watcher_->free_the_bell();
}

void end_after_stop(std::chrono::milliseconds patience, int code,
                    std::function<void()> last_words) {
  const std::lock_guard lock{signals_mutex};
  deadline = {patience, code, std::move(last_words)};
}

void end_by_signal(int signal) {
  ::signal(signal, SIG_DFL);
  sigset_t only{};
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  ::_exit(code_of_signals + signal);
}

void end_first_process_by_signals() {
  if (::getpid() != 1)
    return;
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM})
    ::signal(signal, end_at_once);
}

} // namespace sluice::io
