#include "actors/admin/views/views.hpp"

#include "actors/admin/views/commands_of.hpp"
#include "actors/admin/views/parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace sluice::views {

namespace {

constexpr uint64_t actions_shown = 20;
constexpr uint64_t actions_max = 10'000;

result<json>
chosen(const storage::data_dir& disk, const admin::call& what, const chain_seen& seen) {
  const auto name = what.what->name;
  const auto first = what.argument_at(0);
  if (name == "weights")
    return weights(disk, seen);
  if (name == "sheets")
    return scores_of_mechanisms(disk, seen);
  if (name == "chain")
    return chain(seen);
  if (name == "storage")
    return storage_used(disk);
  if (name == "actions") {
    uint64_t count = actions_shown;
    if (!first.empty())
      std::from_chars(first.data(), first.data() + first.size(), count); // parsed before
    return actions(disk, std::min(count, actions_max));
  }
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

std::string with_sign(const std::string& digits, bool negative) {
  return negative && digits != "0" ? '-' + digits : digits;
}

} // namespace

bool shows_chain(const admin::call& what) {
  const auto name = what.what->name;
  return name == "weights" || name == "sheets" || name == "chain";
}

result<std::string> of_disk(const storage::data_dir& disk, const admin::call& what,
                            mechanism_list mechanisms, const chain_seen& seen) {
  if (const auto* module = mechanism_of(*what.what, mechanisms))
    return module->view(disk, what);
  auto shown = chosen(disk, what, seen);
  return shown ? result<std::string>{text_of(*shown)} : shown.error();
}

std::string text_of(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

json time_of(uint64_t unix_seconds) {
  if (unix_seconds == 0)
    return nullptr;
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  std::array<char, 32> text{};
  if (!::gmtime_r(&seconds, &parts)
      || std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return nullptr;
  return text.data();
}

json number(double x) {
  return std::isfinite(x) ? json(x) : json(nullptr);
}

std::string exact(const u256& amount, uint8_t decimals) {
  auto digits = to_string(amount);
  if (decimals == 0)
    return digits;
  if (digits.size() <= decimals)
    digits.insert(0, decimals + size_t{1} - digits.size(), '0');
  digits.insert(digits.size() - decimals, 1, '.');
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.')
    digits.pop_back();
  return digits;
}

std::string exact(const i256& amount, uint8_t decimals) {
  return with_sign(exact(amount.magnitude(), decimals), amount.is_negative());
}

bool is_miner(std::string_view who, miner_uid uid, const hotkey& key) {
  return who == key.value || who == std::to_string(uid.value);
}

} // namespace sluice::views
