/// Reports when the operating system asks this process to stop.
#pragma once

#include <functional>
#include <memory>

namespace sluice::io {

/// Catches SIGINT and SIGTERM as long as it exists; afterwards both do their default again.
class signal_watch {
public:
  /// `on_signal` gets the signal's number, in a thread of this object, once per signal: a second
  /// one calls it again. It must not destroy the watch and must not throw.
  explicit signal_watch(std::function<void(int signal)> on_signal);
  /// Waits for a call that is under way.
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

private:
  struct watcher;
  std::unique_ptr<watcher> watcher_;
};

} // namespace sluice::io
