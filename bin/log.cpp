#include "bin/log.hpp"

#include "actors/base/log.hpp"
#include "tools/print.hpp"

#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <utility>

namespace sluice::bin {

namespace {

class shown_sink : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit shown_sink(std::FILE* to) : to_(to) {}

protected:
  void sink_it_(const spdlog::details::log_msg& record) override {
    spdlog::memory_buf_t line;
    formatter_->format(record, line);
    tools::write_shown(to_, {line.data(), line.size()});
    flush_();
  }
  void flush_() override { std::fflush(to_); }

private:
  std::FILE* to_;
};

} // namespace

void log_to(std::FILE* to, std::string name) {
  spdlog::set_default_logger(
    std::make_shared<spdlog::logger>(std::move(name), std::make_shared<shown_sink>(to)));
}

} // namespace sluice::bin
