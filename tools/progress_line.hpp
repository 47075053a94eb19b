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
  /// `words` say how far it is; asked once for each percent.
  explicit progress_line(std::function<std::string(int percent)> words)
    : words_(std::move(words)), shown_(::isatty(STDERR_FILENO) != 0) {}
  ~progress_line() {
    if (percent_ >= 0)
      write_shown(stderr, "\r\x1b[K");
  }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(int percent) {
    if (!shown_ || percent == percent_)
      return;
    percent_ = percent;
    write_shown(stderr, "\r" + words_(percent));
  }

private:
  std::function<std::string(int)> words_;
  bool shown_;
  int percent_ = -1;
};

} // namespace sluice::tools
