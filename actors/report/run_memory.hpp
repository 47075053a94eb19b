/// What a reporter remembers of a run: enough for the summary, and for printing nothing twice.
#pragma once

#include "actors/report/mechanism_report.hpp"

#include <optional>
#include <utility>

namespace sluice::report {

class run_memory {
public:
  run_memory() = default;
  explicit run_memory(mechanism_reports parts) : parts_(std::move(parts)) {}

  /// Parts of mechanisms that are not configured are left out from now on.
  void start(run_started first);

  /// Comes before the step is shown. Reports of a mechanism without a part are ignored.
  void take(const step_done& step);

  const run_started& started() const { return started_; }
  const mechanism_reports& parts() const { return parts_; }
  const std::optional<publish_record>& published() const { return published_; }

  /// Did the step that was taken last bring weights, or a status of them, that were not shown yet?
  bool new_weights() const { return new_weights_; }

  /// Does a miner of any mechanism hold this slot, or did one since the start? `uid`: 0 to 65535.
  /// Errors: none.
  bool is_miner(miner_uid uid) const;

  /// Calls `f(part, report)` for every mechanism that has both, in the order of their names.
  template <class F>
  void for_each_step(const step_done& step, F f) const {
    for (const auto& [name, part] : parts_)
      for (const auto& x : step.mechanisms)
        if (x.mechanism == name)
          f(*part, x);
  }

private:
  run_started started_;
  mechanism_reports parts_;
  std::optional<publish_record> published_;
  bool new_weights_ = false;
};

} // namespace sluice::report
