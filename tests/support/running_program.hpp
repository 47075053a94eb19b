/// A program that runs beside the test: what it prints can be waited for, signals can be sent.
#pragma once

#include "tests/support/run_program.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::test {

/// Killed when it goes out of scope.
class running_program {
public:
  running_program(const std::string& program, const std::vector<std::string>& arguments,
                  const run_options& options = {}) {
    const auto in = detail::make_pipe();
    const auto out = detail::make_pipe();
    child_ = ::fork();
    if (child_ == 0)
      detail::become(program, arguments, options, in.read, out.write, out.write);
    ::close(in.read);
    ::close(in.write);
    ::close(out.write);
    out_ = out.read;
  }
  explicit running_program(const std::vector<std::string>& arguments,
                           const run_options& options = {})
    : running_program(BINARY_DIR "/sluice", arguments, options) {}
  ~running_program() {
    if (child_ > 0) {
      send(SIGCONT);
      send(SIGKILL);
      reap();
    }
    ::close(out_);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  /// `signal`: a number of signal(7); nothing once it has ended.
  void send(int signal) const {
    if (child_ > 0)
      ::kill(child_, signal);
  }

  /// Waits until `text` has been printed after what was waited for before; answers the line that
  /// they are in. Throws with everything that was printed when they do not come. `patience`: in
  /// all; 0: a minute.
  std::string wait_for(std::string_view text, std::chrono::seconds patience = {}) {
    const auto deadline
      = detail::clock::now() + (patience.count() ? patience : std::chrono::seconds{60});
    for (;;) {
      if (const auto at = output_.find(text, read_); at != std::string::npos) {
        const auto end = output_.find('\n', at);
        if (end != std::string::npos) {
          const auto begin = output_.rfind('\n', at) + 1; // 0 when there is none
          read_ = end + 1;
          return output_.substr(begin, end - begin);
        }
      }
      if (!read_more(deadline))
        throw std::runtime_error("\"" + std::string{text} + "\" was not printed; printed was:\n"
                                 + output_);
    }
  }

  /// Its exit code (128 + signal), once it has ended by itself. std::runtime_error when it has not
  /// ended by then.
  int end(std::chrono::seconds patience = std::chrono::seconds{60}) {
    const auto deadline = detail::clock::now() + patience;
    while (read_more(deadline)) {
    }
    if (detail::clock::now() >= deadline)
      throw std::runtime_error("it does not end; printed was:\n" + output_);
    return reap();
  }

  /// SIGTERM, and its exit code. As end(). std::runtime_error when it does not end within a minute.
  int stop() {
    send(SIGTERM);
    return end();
  }

  pid_t pid() const { return child_; }
  const std::string& output() const { return output_; }

private:
  bool read_more(detail::clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - detail::clock::now());
    pollfd ready{out_, POLLIN, 0};
    return left.count() > 0 && ::poll(&ready, 1, static_cast<int>(left.count())) > 0
           && detail::drain(out_, output_);
  }

  int reap() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t child_ = -1;
  int out_ = -1;
  std::string output_;
  size_t read_ = 0;
};

} // namespace sluice::test
