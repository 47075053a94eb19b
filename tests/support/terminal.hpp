/// A real terminal for programs that need one: tmux types and looks.
#pragma once

#include "tests/support/run_program.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice::test {

class terminal {
public:
  static bool available() { return run_program("tmux", {"-V"}).code == 0; }

  /// Runs `command` in a shell on a screen of its own; `$?` is shown when it has ended. `columns`
  /// and `rows`: from 1. Not checked: tmux refuses others.
  explicit terminal(const std::string& command, int columns = 100, int rows = 40)
    : name_("sluice-test-" + std::to_string(::getpid()) + '-' + std::to_string(++made_)) {
    tmux({"-f", "/dev/null", "new-session", "-d", "-x", std::to_string(columns), "-y",
          std::to_string(rows), command + "; echo \"code $?\"; exec cat"});
  }
  ~terminal() { tmux({"kill-server"}); }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Types: text as it is, or a key by its name ("Enter", "Tab", "C-c", "Up").
  void type(const std::vector<std::string>& keys) {
    std::vector<std::string> arguments{"send-keys"};
    arguments.insert(arguments.end(), keys.begin(), keys.end());
    tmux(arguments);
  }

  /// What is on the screen now.
  std::string screen() { return tmux({"capture-pane", "-p"}).out; }

  /// Looks until the screen shows all of these; what it shows in the end, which shows what is
  /// missing.
  template <class... Texts>
  std::string wait_for(const Texts&... texts) {
    return wait(
      [&](const std::string& seen) { return ((seen.find(texts) != std::string::npos) && ...); });
  }
  std::string wait_until_gone(const std::string& text) {
    return wait([&](const std::string& seen) { return seen.find(text) == std::string::npos; });
  }

private:
  template <class F>
  std::string wait(F good) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    std::string seen;
    do {
      seen = screen();
      if (good(seen))
        return seen;
      ::poll(nullptr, 0, 20);
    } while (std::chrono::steady_clock::now() < until);
    return seen;
  }

  program_run tmux(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"-u", "-L", name_}; // UTF-8, whatever the locale
    all.insert(all.end(), arguments.begin(), arguments.end());
    // libedit frees the tree of bound keys, not what they stand for.
    return run_program(
      "tmux", all,
      {.environment = {"TERM=xterm-256color",
                       "LSAN_OPTIONS=suppressions=" SOURCE_DIR "/tests/support/lsan.supp"}});
  }

  static inline int made_ = 0;
  std::string name_;
};

/// With all of the screen when the text is not on it.
inline testing::AssertionResult shows(const std::string& screen, const std::string& text) {
  if (screen.find(text) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << text << "\" on\n" << screen;
}

} // namespace sluice::test
