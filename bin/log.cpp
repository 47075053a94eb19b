#include "bin/log.hpp"

#include "actors/base/log.hpp"
#include "io/output/log_file.hpp"
#include "io/output/log_line.hpp"
#include "tools/print.hpp"
#include "tools/program.hpp"
#include "tools/queued_output.hpp"

#include <spdlog/sinks/base_sink.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace sluice::bin {

namespace {

class line_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit line_sink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

protected:
  void sink_it_(const spdlog::details::log_msg& record) override {
    const auto text = io::one_line({record.payload.data(), record.payload.size()});
    const auto now
      = std::chrono::duration_cast<std::chrono::seconds>(record.time.time_since_epoch());
    const auto level = static_cast<int>(record.level);
    const auto folded = seen_.take(std::to_string(level) + ' ' + text, now.count());
    count(folded.repeated);
    last_.level = record.level;
    last_.time = record.time;
    name_.assign(record.logger_name.data(), record.logger_name.size());
    if (folded.is_new)
      put(record, text);
  }
  /// Of an empty queue or file it does nothing.
  void flush_() override { count(seen_.rest()); }

private:
  /// As one more record of the level that was repeated.
  void count(uint64_t repeated) {
    if (repeated == 0)
      return;
    auto record = last_;
    record.logger_name = name_;
    put(record,
        "last message repeated " + std::to_string(repeated) + (repeated == 1 ? " time" : " times"));
  }

  void put(spdlog::details::log_msg record, const std::string& text) {
    record.payload = text;
    spdlog::memory_buf_t line;
    formatter_->format(record, line);
    write_({line.data(), line.size()});
  }

  std::function<void(std::string_view)> write_;
  io::repeated_records seen_;
  spdlog::details::log_msg last_; // its level and time
  std::string name_;              // of its logger
};

std::shared_ptr<io::output_writer> log_file_writer; // changed while nobody logs

void log_by(std::string name, std::function<void(std::string_view)> write) {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
    std::move(name), std::make_shared<line_sink>(std::move(write))));
}

} // namespace

void log_to(std::FILE* to, std::string name) {
  log_by(std::move(name), [to](std::string_view line) {
    tools::write_shown(to, line);
    if (to != stderr) // which has no buffer, or a queue
      std::fflush(to);
  });
}

result<nothing> log_into(const log_settings& settings, std::string name) {
  auto file = io::log_file::open(settings,
                                 [] { return static_cast<int64_t>(tools::unix_ms_now() / 1000); });
  if (!file)
    return file.error();
  auto terms = tools::usual_output_terms(settings.file);
  terms.note = [](uint64_t lines) {
    return std::to_string(lines) + " lines were dropped here: they could not be written\n";
  };
  log_file_writer = std::make_shared<io::output_writer>(*std::move(file), std::move(terms));
  tools::note_log_writer(log_file_writer);
  log_by(std::move(name), [to = log_file_writer](std::string_view line) { to->put(line); });
  return nothing{};
}

void reopen_log() {
  if (log_file_writer)
    log_file_writer->reopen();
}

void end_log() {
  spdlog::default_logger()->flush();
}

} // namespace sluice::bin
