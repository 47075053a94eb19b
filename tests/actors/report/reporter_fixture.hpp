/// A reporter whose output is collected, with a clock that is counted.
#pragma once

#include "actors/reporter.hpp"
#include "tests/support/actor_test.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sluice::test {

class reporter_fixture : public actor_test {
protected:
  /// `reports`: of the mechanisms that this test is about.
  explicit reporter_fixture(std::function<report::mechanism_reports()> reports)
    : reports_(std::move(reports)) {}

  reporter_actor spawned(report_style style, bool color = false, uint32_t columns = 100) {
    return keep(spawn_reporter(sys, {style, color, columns, report::charset::utf8,
                                     [this](std::string_view text) { printed.emplace_back(text); },
                                     [this] {
                                       ++clock_reads;
                                       return uint64_t{1'700'000'000'123};
                                     },
                                     reports_}));
  }

  void progress(const reporter_actor& whom, uint64_t block) {
    caf::anon_send(whom, step_progress{"weth-usdc", 1, 100, block});
    settle();
  }

  void whole_run(const reporter_actor& whom, const run_started& first, const step_done& step) {
    ask<atom::done>(whom, first);
    progress(whom, 50);
    ask<atom::done>(whom, step);
    ask<atom::done>(whom, run_over{0, "", 1});
  }

  std::string all() const {
    std::string text;
    for (const auto& x : printed)
      text += x;
    return text;
  }

  std::vector<std::string> printed;
  size_t clock_reads = 0;

private:
  std::function<report::mechanism_reports()> reports_;
};

/// What a terminal of endless width shows after these bytes; \r goes back to the line's beginning.
inline std::string screen(const std::string& bytes) {
  std::string done;
  std::vector<std::string> line; // one entry per column
  size_t at = 0;
  for (size_t i = 0; i < bytes.size();) {
    size_t n = 1;
    while (i + n < bytes.size() && (static_cast<uint8_t>(bytes[i + n]) & 0xC0) == 0x80)
      ++n;
    const auto x = bytes.substr(i, n);
    i += n;
    if (x == "\r" || x == "\n") {
      if (x == "\n") {
        std::string text;
        for (const auto& c : line)
          text += c;
        text.erase(text.find_last_not_of(' ') + 1);
        done += text + '\n';
        line.clear();
      }
      at = 0;
      continue;
    }
    if (line.size() <= at)
      line.resize(at + 1, " ");
    line[at++] = x;
  }
  for (const auto& c : line)
    done += c;
  done.erase(done.find_last_not_of(' ') + 1);
  return done;
}

} // namespace sluice::test
