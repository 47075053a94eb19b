/// Ends the process when an actor is stuck in a message, or a commit to the disk does not end.
#pragma once

#include "actors/observed/actor_slot.hpp"
#include "rules/supervision/watchdog_settings.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace sluice {

/// Durations are from 1 ms; a bound of 0 ms is none. Not checked.
struct watchdog_config {
  std::chrono::milliseconds handler{0}; // the longest that one message may take
  std::chrono::milliseconds commit{0};  // the longest that one commit may take
  std::chrono::milliseconds look_every{1000};
  /// What is done with the exit code and the sentence, in the watchdog's thread; empty: the
  /// sentence goes to standard error, if that takes it, and the process ends. What was answered is
  /// durable.
  std::function<void(int code, const std::string& sentence)> end{};
};

watchdog_config watchdog_config_of(const watchdog_settings& settings);

/// A thread of its own: it looks at the statistics of the actors under `root` and asks none of
/// them. An actor that announces unbounded work (announced_work) is left alone. Exit codes: 70 for
/// a message, 3 for a commit. Its constructor throws std::system_error when there is no thread.
class watchdog {
public:
  watchdog(std::shared_ptr<const actor_slot> root, watchdog_config config);
  ~watchdog();
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

private:
  class looker;
  std::unique_ptr<looker> looker_;
};

} // namespace sluice
