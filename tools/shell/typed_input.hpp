/// Characters from a terminal, one by one; what is no character is not passed over in silence.
#pragma once

#include <csignal>
#include <cstdint>
#include <cwchar>
#include <functional>
#include <optional>

namespace sluice::tools {

/// Catches SIGWINCH and SIGCONT while it exists, so that a read ends and can go on afterwards.
class redraw_signals {
public:
  redraw_signals();
  ~redraw_signals();
  redraw_signals(const redraw_signals&) = delete;
  redraw_signals& operator=(const redraw_signals&) = delete;

private:
  struct sigaction resized_ {};
  struct sigaction continued_ {};
};

/// Reads bytes and makes characters of them as LC_CTYPE defines.
class typed_input {
public:
  /// `on_signal` is called in next() with a signal that a redraw_signals has seen. `descriptor`: an
  /// open one, which stays the caller's. A wrong one is an error of next().
  typed_input(int descriptor, std::function<void(int signal)> on_signal);

  /// The next character: 1; 0 at the end; -1 (errno) when the terminal is gone. Bytes that are no
  /// character in the locale are U+FFFD.
  int next(wchar_t& out);

  /// The first byte that was no character since the last call. 0 to 255; none when there was none.
  /// Errors: none.
  std::optional<uint8_t> take_unreadable();

private:
  int next_byte(char& out);

  int descriptor_;
  std::function<void(int)> on_signal_;
  std::mbstate_t state_{};
  std::optional<char> first_; // of the sequence that is being read
  std::optional<char> held_;  // read, but not looked at
  std::optional<uint8_t> unreadable_;
};

} // namespace sluice::tools
