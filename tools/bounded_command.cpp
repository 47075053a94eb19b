#include "tools/bounded_command.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace sluice::tools {

namespace {

using clock = std::chrono::steady_clock;

/// One end of a pipe, closed with its owner.
class pipe_end {
public:
  explicit pipe_end(int fd = -1) : fd_(fd) {}
  pipe_end(pipe_end&& x) noexcept : fd_(std::exchange(x.fd_, -1)) {}
  pipe_end& operator=(pipe_end&& x) noexcept {
    std::swap(fd_, x.fd_);
    return *this;
  }
  ~pipe_end() { close(); }

  void close() {
    if (const int fd = std::exchange(fd_, -1); fd >= 0)
      ::close(fd);
  }
  int fd() const { return fd_; }

private:
  int fd_;
};

struct pipe_pair {
  pipe_end read;
  pipe_end write;
};

result<pipe_pair> make_pipe(const std::string& name) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fault{ec::unreachable, name + ": no pipe: " + std::strerror(errno)};
  return pipe_pair{pipe_end{ends[0]}, pipe_end{ends[1]}};
}

/// A process group that is killed and waited for when nobody has waited yet.
class child_process {
public:
  explicit child_process(pid_t pid) : pid_(pid) {}
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (pid_ <= 0)
      return;
    ::kill(-pid_, SIGKILL);
    reap(0);
  }

  /// Its status when it has ended; waits with `flags` as waitpid does.
  bool reap(int flags) {
    pid_t got = 0;
    do
      got = ::waitpid(pid_, &status_, flags);
    while (got < 0 && errno == EINTR);
    if (got == 0)
      return false;
    ::kill(-pid_, SIGKILL); // what it has left behind
    pid_ = 0;
    return true;
  }

  int status() const { return status_; }

private:
  pid_t pid_;
  int status_ = 0;
};

result<pid_t>
spawn_with(const std::vector<std::string>& command, const pipe_pair& in, const pipe_pair& out) {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t how{};
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&how);
  posix_spawn_file_actions_adddup2(&files, in.read.fd(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.write.fd(), STDOUT_FILENO);
  posix_spawnattr_setpgroup(&how, 0);
  sigset_t defaults{};
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&how, &defaults);
  sigset_t none{};
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none); // this thread has SIGPIPE blocked
  posix_spawnattr_setflags(&how,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> words{command};
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv.front(), &files, &how, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&how);
  if (error != 0)
    return fault{ec::unreachable, command.front() + ": cannot be started: " + std::strerror(error)};
  return pid;
}

/// Moves text both ways until the output ends; a fault when a bound is passed.
class exchange_of_text {
public:
  exchange_of_text(const std::string& name, std::string_view input, const command_bounds& bounds,
                   pipe_end to, pipe_end from)
    : name_(name), input_(input), bounds_(bounds),
      deadline_(clock::now() + std::chrono::milliseconds(bounds.time_ms)), to_(std::move(to)),
      from_(std::move(from)) {
    ::fcntl(to_.fd(), F_SETFL, O_NONBLOCK);
    ::fcntl(from_.fd(), F_SETFL, O_NONBLOCK);
  }

  result<std::string> run() {
    if (input_.empty())
      to_.close();
    while (from_.fd() >= 0) {
      const auto left = left_ms();
      if (left <= 0)
        return too_late();
      std::array<pollfd, 2> watched{pollfd{from_.fd(), POLLIN, 0}, pollfd{to_.fd(), POLLOUT, 0}};
      ::poll(watched.data(), watched.size(), left);
      if (watched[1].revents != 0)
        put();
      if (watched[0].revents != 0 && !take())
        return fault{ec::out_of_range, name_ + ": writes more than "
                                         + std::to_string(bounds_.output_bytes_max) + " bytes"};
    }
    return std::move(output_);
  }

  int left_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock::now());
    return static_cast<int>(std::min<int64_t>(left.count(), 60'000));
  }

  fault too_late() const {
    return {ec::timeout,
            name_ + ": has not ended within " + std::to_string(bounds_.time_ms) + " ms"};
  }

private:
  void put() {
    const auto sent = ::write(to_.fd(), input_.data(), input_.size());
    if (sent > 0)
      input_.remove_prefix(static_cast<size_t>(sent));
    const bool again = sent < 0 && (errno == EAGAIN || errno == EINTR);
    if (input_.empty() || (sent < 0 && !again))
      to_.close(); // it may end without reading
  }

  bool take() {
    std::array<char, 1 << 14> chunk{};
    const auto got = ::read(from_.fd(), chunk.data(), chunk.size());
    if (got > 0)
      output_.append(chunk.data(), static_cast<size_t>(got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
      from_.close();
    return output_.size() <= bounds_.output_bytes_max;
  }

  const std::string& name_;
  std::string_view input_;
  command_bounds bounds_;
  clock::time_point deadline_;
  pipe_end to_;
  pipe_end from_;
  std::string output_;
};

fault ended_badly(const std::string& name, int status) {
  if (WIFSIGNALED(status))
    return {ec::refused, name + ": ended by signal " + std::to_string(WTERMSIG(status))};
  return {ec::refused, name + ": exit code " + std::to_string(WEXITSTATUS(status))};
}

/// A write to a program that has ended must not end us: only in this thread, and only while.
class without_sigpipe {
public:
  without_sigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  without_sigpipe(const without_sigpipe&) = delete;
  without_sigpipe& operator=(const without_sigpipe&) = delete;
  ~without_sigpipe() {
    const timespec none{};
    if (sigismember(&before_, SIGPIPE) == 0)
      while (::sigtimedwait(&pipe_, nullptr, &none) > 0) {
      }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t pipe_{};
  sigset_t before_{};
};

} // namespace

result<std::string> run_bounded(const std::vector<std::string>& command, std::string_view input,
                                const command_bounds& bounds) {
  if (command.empty() || command.front().empty())
    return fault{ec::bad_input, "a command without a program: expected its name first"};
  const auto& name = command.front();
  const without_sigpipe quiet;
  auto in = make_pipe(name);
  if (!in)
    return in.error();
  auto out = make_pipe(name);
  if (!out)
    return out.error();
  const auto pid = spawn_with(command, *in, *out);
  if (!pid)
    return pid.error();
  child_process child{*pid};
  in->read.close();
  out->write.close();
  exchange_of_text exchange{name, input, bounds, std::move(in->write), std::move(out->read)};
  auto text = exchange.run();
  if (!text)
    return text;
  while (!child.reap(WNOHANG)) { // its output has ended, it soon will
    if (exchange.left_ms() <= 0)
      return exchange.too_late();
    ::poll(nullptr, 0, 1);
  }
  if (!WIFEXITED(child.status()) || WEXITSTATUS(child.status()) != 0)
    return ended_badly(name, child.status());
  return text;
}

} // namespace sluice::tools
