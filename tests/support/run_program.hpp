/// Runs a program as a user would and keeps everything it prints.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::test {

/// `code`: -1 to 255. Errors: -1, or `too_slow`.
struct program_run {
  int code = -1;   // exit code; 128 + signal when a signal ended it; -1 when it was not started
  std::string out; // standard output
  std::string err; // standard error
  bool too_slow = false; // was killed because it did not end in time
};

/// `patience`: from 0; `file_bytes_max`: bytes. Not checked.
struct run_options {
  std::vector<std::string> environment{}; // "NAME=value", on top of ours
  std::string folder{};                   // working folder, ours when empty
  std::string input{};                    // standard input
  int signal = 0;                         // sent once `signal_after` appeared in out or err
  std::string signal_after{};             // "" = at once
  std::chrono::seconds patience{120};     // then SIGKILL
  unsigned long file_bytes_max = 0;       // RLIMIT_FSIZE, 0 = ours; SIGXFSZ is ignored then
};

namespace detail {

using clock = std::chrono::steady_clock;

struct pipe_ends {
  int read = -1;
  int write = -1;
};

inline pipe_ends make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return {};
  return {ends[0], ends[1]};
}

/// The child's side of fork: never returns.
[[noreturn]] inline void
become(const std::string& program, const std::vector<std::string>& arguments,
       const run_options& options, int in, int out, int err) {
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0)
    ::_exit(127);
  if (options.file_bytes_max != 0) {
    const rlimit limit{options.file_bytes_max, options.file_bytes_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  ::signal(SIGPIPE, SIG_DFL);
  for (const auto& setting : options.environment)
    ::putenv(const_cast<char*>(setting.c_str()));
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execvp(program.c_str(), argv.data());
  ::_exit(127);
}

/// Moves what is there to read into `text`; false once the other side has closed. At most 64 KiB at
/// a time.
inline bool drain(int from, std::string& text) {
  std::array<char, 1 << 16> chunk{};
  const auto got = ::read(from, chunk.data(), chunk.size());
  if (got > 0)
    text.append(chunk.data(), static_cast<size_t>(got));
  return got > 0;
}

/// Reads both streams to their ends, sends the signal when its time has come.
inline void
read_output(program_run& run, pid_t child, int out, int err, const run_options& options) {
  const auto deadline = clock::now() + options.patience;
  bool signalled = options.signal == 0;
  std::array<pollfd, 2> watched{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (!signalled
        && (options.signal_after.empty() || run.out.find(options.signal_after) != std::string::npos
            || run.err.find(options.signal_after) != std::string::npos)) {
      ::kill(child, options.signal);
      signalled = true;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    if (left.count() <= 0) {
      run.too_slow = true;
      ::kill(child, SIGKILL);
      return;
    }
    ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
    for (size_t i = 0; i < 2; ++i)
      if (watched[i].fd >= 0 && watched[i].revents != 0
          && !drain(watched[i].fd, i == 0 ? run.out : run.err))
        watched[i].fd = -1;
  }
}

inline void feed(int to, const std::string& text) {
  ::signal(SIGPIPE, SIG_IGN); // the program may end without reading
  size_t at = 0;
  while (at < text.size()) {
    const auto put = ::write(to, text.data() + at, text.size() - at);
    if (put <= 0)
      return;
    at += static_cast<size_t>(put);
  }
}

} // namespace detail

/// Runs `program` with `arguments` and waits until it ends.
inline program_run
run_program(const std::string& program, const std::vector<std::string>& arguments,
            const run_options& options = {}) {
  program_run run;
  const auto in = detail::make_pipe();
  const auto out = detail::make_pipe();
  const auto err = detail::make_pipe();
  const auto child = ::fork();
  if (child == 0)
    detail::become(program, arguments, options, in.read, out.write, err.write);
  for (int end : {in.read, out.write, err.write})
    ::close(end);
  if (child > 0) {
    detail::feed(in.write, options.input); // at most a pipe full: tests do not send more
    ::close(in.write);
    detail::read_output(run, child, out.read, err.read, options);
    int status = 0;
    ::waitpid(child, &status, 0);
    run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  for (int end : {out.read, err.read})
    ::close(end);
  return run;
}

/// The binary under test, with a subcommand and its flags.
inline program_run
run_sluice(const std::vector<std::string>& arguments, const run_options& options = {}) {
  return run_program(BINARY_DIR "/sluice", arguments, options);
}

} // namespace sluice::test
