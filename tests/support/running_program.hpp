/// A program that runs beside the test: what it prints can be waited for, signals can be sent.
#pragma once

#include "tests/support/run_program.hpp"

#include <array>
#include <optional>
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
    const auto err = detail::make_pipe();
    child_ = ::fork();
    if (child_ == 0)
      detail::become(program, arguments, options, in.read, out.write, err.write);
    for (const int end : {in.read, in.write, out.write, err.write})
      ::close(end);
    streams_[0].pipe = out.read;
    streams_[1].pipe = err.read;
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
    for (auto& x : streams_)
      ::close(x.pipe);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  /// `signal`: a number of signal(7); nothing once it has ended.
  void send(int signal) const {
    if (child_ > 0)
      ::kill(child_, signal);
  }

  /// Waits until `text` has been printed on one of both streams, after what was waited for there
  /// before; answers the line that it is in. Throws with everything that was printed when it does
  /// not come. `patience`: in all; 0: a minute.
  std::string wait_for(std::string_view text, std::chrono::seconds patience = {}) {
    const auto deadline
      = detail::clock::now() + (patience.count() ? patience : std::chrono::seconds{60});
    for (;;) {
      for (auto& x : streams_)
        if (auto line = x.next_line_with(text))
          return *std::move(line);
      if (!read_more(deadline))
        throw std::runtime_error("\"" + std::string{text} + "\" was not printed; printed was:\n"
                                 + output());
    }
  }

  /// Its exit code (128 + signal), once it has ended by itself. std::runtime_error when it has not
  /// ended by then.
  int end(std::chrono::seconds patience = std::chrono::seconds{60}) {
    const auto deadline = detail::clock::now() + patience;
    while (read_more(deadline)) {
    }
    if (detail::clock::now() >= deadline)
      throw std::runtime_error("it does not end; printed was:\n" + output());
    return reap();
  }

  /// SIGTERM, and its exit code. As end(). std::runtime_error when it does not end within a minute.
  int stop() {
    send(SIGTERM);
    return end();
  }

  pid_t pid() const { return child_; }
  /// All that was read so far: of stdout, then of stderr. (One pipe for both would put a line of
  /// the log into the middle of a long line of output.)
  std::string output() const { return streams_[0].text + streams_[1].text; }

private:
  struct stream {
    int pipe = -1;
    bool open = true;
    std::string text;
    size_t read = 0;

    std::optional<std::string> next_line_with(std::string_view wanted) {
      const auto at = text.find(wanted, read);
      const auto end = at == std::string::npos ? at : text.find('\n', at);
      if (end == std::string::npos)
        return std::nullopt;
      const auto begin = text.rfind('\n', at) + 1; // 0 when there is none
      read = end + 1;
      return text.substr(begin, end - begin);
    }
  };

  /// False when both streams have ended, or the time is over.
  bool read_more(detail::clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - detail::clock::now());
    std::array<pollfd, 2> watched{};
    for (size_t i = 0; i < watched.size(); ++i)
      watched[i] = {streams_[i].open ? streams_[i].pipe : -1, POLLIN, 0};
    if (left.count() <= 0
        || ::poll(watched.data(), watched.size(), static_cast<int>(left.count())) <= 0)
      return false;
    for (size_t i = 0; i < watched.size(); ++i)
      if (watched[i].revents != 0)
        streams_[i].open = detail::drain(streams_[i].pipe, streams_[i].text);
    return streams_[0].open || streams_[1].open;
  }

  int reap() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t child_ = -1;
  std::array<stream, 2> streams_; // stdout, stderr
};

} // namespace sluice::test
