/// Text that leaves the program through a bounded queue and a thread of its own: who writes never
/// waits, whatever becomes of the text.
#pragma once

#include "io/output/target.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::io {

/// How it goes.
enum class output_state : uint8_t {
  flowing = 0, // everything is taken, sooner or later
  stalled,     // nobody has taken anything for a while, and something waits
  failing,     // the last attempt failed; tried again once a second
};

/// "flowing", ...
std::string_view name_of(output_state x);

/// Counted since the writer began, all from 0.
struct output_counts {
  output_state state = output_state::flowing;
  int error = 0;              // of errno(3), while it is failing
  uint64_t waiting_bytes = 0; // in the queue
  uint64_t written_bytes = 0;
  uint64_t dropped_lines = 0; // that found no space, or were left when the writer ended
};

/// What has become of a stream, for people: "standard output: nobody reads it; ..." and so on,
/// without an end of line. `name`: of the stream.
std::string sentence_of(const std::string& name, const output_counts& x);

/// `now_ms`: milliseconds of a clock that does not go back; asked in any thread. Sizes are bytes.
struct output_terms {
  std::function<int64_t()> now_ms;
  size_t bytes_max = size_t{4} << 20;   // of the queue; what comes when it is full is dropped
  size_t ahead_max = size_t{256} << 10; // bytes that wait, from which takes_more() is false
  int64_t stall_ms = 1'000;             // nothing was taken for so long: stalled
  int retry_ms = 1'000;                 // between two attempts while it fails
  /// What the stream gets in the place of lines that were dropped; empty: nothing.
  std::function<std::string(uint64_t lines)> note{};
  /// Called when attempts begin to fail or lines begin to be dropped, and when neither is so any
  /// more; by whoever notices, in any thread. It must not wait and not write into this writer.
  std::function<void(const output_counts&)> changed{};
};

class output_writer {
public:
  /// Starts the thread. std::system_error: there is none, or no descriptor.
  output_writer(std::unique_ptr<output_target> to, output_terms terms);
  /// Leaves what waits. A thread that is inside a write which does not return is left behind, with
  /// the target.
  ~output_writer();
  output_writer(const output_writer&) = delete;
  output_writer& operator=(const output_writer&) = delete;

  /// Any thread. False: dropped, and its lines are counted.
  bool put(std::string_view text);
  /// For what is worth nothing a moment later (a bar that is drawn again): taken only when nothing
  /// waits, never counted.
  void put_passing(std::string_view text);
  /// False while a moment's patience would help: much waits, and it is being taken.
  bool takes_more();

  /// Waits until everything is written; false when it fails or `patience` is over before. Attempts
  /// once more at once when it was failing. Milliseconds from 0.
  bool drain(std::chrono::milliseconds patience);
  /// Before the next text the target is opened anew (SIGHUP).
  void reopen();

  output_counts counts();

private:
  class shared;
  std::shared_ptr<shared> shared_;
};

} // namespace sluice::io
