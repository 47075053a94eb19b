/// A picture that fills the terminal and is drawn again and again; what was there before comes
/// back.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <termios.h>

namespace sluice::tools {

/// Columns and rows of the terminal, or 100 by 40 when there is none. Both from 1. Errors: none.
struct terminal_size {
  size_t columns = 100;
  size_t rows = 40;
};
/// Of standard output, asked each time. Errors: none.
terminal_size size_of_terminal();

/// A signal asked us to stop since the last call: SIGINT, SIGTERM, SIGHUP or SIGQUIT.
bool take_interruption();

/// Catches these four while it exists, so that whoever waits can clean up; a SIGTERM, SIGHUP or
/// SIGQUIT is raised again at its end.
class interruptions {
public:
  interruptions();
  ~interruptions();
  interruptions(const interruptions&) = delete;
  interruptions& operator=(const interruptions&) = delete;

private:
  struct before;
  before* before_;
};

/// The alternate screen with single keys, from construction to destruction.
class full_screen {
public:
  full_screen();
  ~full_screen();
  full_screen(const full_screen&) = delete;
  full_screen& operator=(const full_screen&) = delete;

  /// Shows at most as many lines as there are.
  void draw(std::string_view text);
  /// The next key, or 0 when none came in time. Ctrl-C and signals are 'q'. `patience`: from 0;
  /// negative waits for ever.
  char key(std::chrono::milliseconds patience);

private:
  termios before_{};
};

} // namespace sluice::tools
