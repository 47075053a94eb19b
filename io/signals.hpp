/// Reports when the operating system asks this process to stop, or to take up what has changed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace sluice::io {

/// What a watch calls, all in a thread of its own. Nothing of it may destroy the watch, throw or
/// wait: the deadline of end_after_stop() is kept by the same thread.
struct signal_calls {
  /// SIGINT or SIGTERM, once per signal.
  std::function<void(int signal)> stop;
  /// SIGHUP: logs are opened anew, certificates and limits read anew. Empty: SIGHUP keeps its
  /// default, the end.
  std::function<void()> hang_up{};
  /// A second SIGINT or SIGTERM ends the process at once, with exit code 130.
  bool second_ends = false;
};

/// Catches SIGINT and SIGTERM (and SIGHUP, when it is wanted) as long as it exists; afterwards they
/// do what they did before. Up to eight watches may exist at a time; each gets every signal.
class signal_watch {
public:
  /// std::system_error when there is no thread or no descriptor for it, or a ninth watch.
  explicit signal_watch(signal_calls calls);
  /// The same with `stop` alone: a second signal calls it again.
  explicit signal_watch(std::function<void(int signal)> on_signal);
  /// Waits for a call that is under way. After a stop signal under end_after_stop() it waits for
  /// nobody: the deadline goes on and a second signal still ends the process.
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

private:
  struct watcher;
  std::shared_ptr<watcher> watcher_;
};

/// From now on this process ends at most `patience` after the first stop signal that a watch gets,
/// whatever its threads do then (a name is looked up, a file system stands): `last_words` is
/// called in the watch's thread, then the process ends with `code`, without destructors.
/// Milliseconds from 1; 0 takes it back. `code`: 0 to 255. Watches that exist already are meant
/// too.
void end_after_stop(std::chrono::milliseconds patience, int code,
                    std::function<void()> last_words = {});

/// Ends this process as `signal` (of signal(7)) does by default; where that does nothing, as in the
/// first process of a container, with exit code 128 + signal.
[[noreturn]] void end_by_signal(int signal);

/// The first process of a container (PID 1) ignores every signal that it has no handler for. Call
/// it first in main: when this is one, SIGHUP, SIGINT, SIGQUIT and SIGTERM end it from now on, with
/// exit code 128 + signal, until a watch takes them. Else it does nothing.
void end_first_process_by_signals();

} // namespace sluice::io
