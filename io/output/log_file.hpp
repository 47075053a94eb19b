/// A log file that is put aside when it is long or old enough, and of which some old ones are kept.
#pragma once

#include "io/output/target.hpp"
#include "rules/config/log_settings.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice::io {

/// FILE is put aside as FILE.1 between two lines, the older ones move on to FILE.2 and so on, and
/// those above `keep` are removed. Where that is not possible FILE goes on, and it is tried again a
/// minute later.
class log_file final : public output_target {
public:
  /// Appends to the file, which is made when it is missing (mode 0600). `unix_s`: seconds since
  /// 1970-01-01 UTC. Faults: bad_input for what is no regular file, unreachable for one that cannot
  /// be opened to write.
  static result<std::unique_ptr<log_file>>
  open(const log_settings& settings, std::function<int64_t()> unix_s);
  ~log_file() override;
  log_file(const log_file&) = delete;
  log_file& operator=(const log_file&) = delete;

  /// A file takes bytes at any time. Milliseconds.
  bool wait(int bell, int wait_ms) override;
  /// Whole lines are best: a file is changed before a text that begins a line.
  write_outcome write(std::string_view text) override;
  /// Opens what is at its name now; where that fails the old one goes on.
  void reopen() override;

private:
  log_file(const log_settings& settings, std::function<int64_t()> unix_s);
  result<int> open_file() const;
  void take(int file);
  void change_when_due(size_t bytes);
  bool put_aside() const;

  log_settings settings_;
  std::function<int64_t()> unix_s_;
  int file_ = -1;
  uint64_t bytes_ = 0;     // that it has
  int64_t begun_s_ = 0;    // when it was made
  int64_t not_before_ = 0; // no attempt to change it
  bool at_line_ = true;    // what is written next begins a line
};

} // namespace sluice::io
