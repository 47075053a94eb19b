/// A program whose output goes where the test says: nothing of it is read here.
#pragma once

#include "tests/support/pause.hpp"
#include "tests/support/run_program.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// Killed when it goes out of scope.
class plain_process {
public:
  /// `out`, `err`: open descriptors, which stay the caller's.
  plain_process(const std::string& program, const std::vector<std::string>& arguments, int out,
                int err, const run_options& options = {}) {
    const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    child_ = ::fork();
    if (child_ == 0)
      detail::become(program, arguments, options, in, out, err);
    ::close(in);
  }
  ~plain_process() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }
  plain_process(const plain_process&) = delete;
  plain_process& operator=(const plain_process&) = delete;

  pid_t pid() const { return child_; }
  /// `signal`: of signal(7).
  void send(int signal) const { ::kill(child_, signal); }

  /// True when it has ended; then code() is known.
  bool ended() {
    int status = 0;
    if (child_ > 0 && ::waitpid(child_, &status, WNOHANG) == child_) {
      child_ = -1;
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return child_ < 0;
  }
  /// Its exit code, or 128 + signal; -1 until then.
  int code() const { return code_; }

  /// Waits for its end; std::runtime_error when it does not come within a minute.
  int end() {
    const auto until = detail::clock::now() + std::chrono::seconds{60};
    while (!ended()) {
      if (detail::clock::now() >= until)
        throw std::runtime_error("it does not end");
      pause_for(std::chrono::milliseconds{10});
    }
    return code_;
  }

private:
  pid_t child_ = -1;
  int code_ = -1;
};

} // namespace sluice::test
