/// One line that overwrites itself, for people who wait; without a terminal there is none.
#pragma once

#include "tools/print.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <unistd.h>
#include <utility>

namespace sluice::tools {

class progress_line {
public:
  /// `text` gives how far it is; asked once for each percent. A percent is from 0 to 100, as `show`
  /// was given it. Errors: none.
  explicit progress_line(std::function<std::string(int percent)> text)
    : text_(std::move(text)), shown_(::isatty(STDERR_FILENO) != 0) {}
  ~progress_line() {
    if (percent_ >= 0)
      write_shown(stderr, "\r\x1b[K");
  }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  /// `percent`: from 0 to 100, not checked; the same one twice is shown once.
  void show(int percent) {
    if (!shown_ || percent == percent_)
      return;
    percent_ = percent;
    write_shown(stderr, "\r" + text_(percent));
  }

private:
  std::function<std::string(int)> text_;
  bool shown_;
  int percent_ = -1;
};

} // namespace sluice::tools
