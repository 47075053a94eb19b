#include "tools/miner/miner_event.hpp"

#include <fmt/format.h>

#include <ctime>
#include <utility>

namespace sluice::tools {

namespace {

/// What a node sends goes to a terminal: nothing in it may steer that.
std::string tame(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
      c = '?';
  return text;
}

std::string clock_text(uint64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}  ", local.tm_hour, local.tm_min, local.tm_sec);
}

} // namespace

miner_event::miner_event(std::string_view name, std::string text)
  : name(name), text(std::move(text)) {
  object["event"] = name;
}

std::string line_of(const miner_event& x, bool json, const std::function<uint64_t()>& unix_ms) {
  if (json) {
    auto object = x.object;
    if (unix_ms)
      object["time_ms"] = unix_ms();
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  }
  const auto when = unix_ms ? clock_text(unix_ms()) : std::string{};
  return fmt::format("{}{:<9} {}\n", when, x.name, tame(x.text));
}

} // namespace sluice::tools
