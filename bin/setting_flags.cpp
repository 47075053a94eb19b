#include "bin/setting_flags.hpp"

#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"

#include <cstdlib>
#include <set>
#include <unistd.h>

namespace sluice::bin {

namespace {

/// Calls f(mechanism, original name) with all of a place.
template <class F>
void for_each_original(io::original_place place, F f) {
  for (const auto& section : sections_of(all_mechanisms()))
    for (const auto& x : section.original_names)
      if (x.place == place)
        f(section.name, x);
}

bool is_flag(std::string_view key) {
  return key.starts_with("--");
}

/// The value of a variable; null: it is not set, or has no name.
const char* variable_set(std::string_view name) {
  return name.empty() ? nullptr : std::getenv(std::string{name}.c_str());
}

/// "heartbeat_s" -> "SLUICE_MINER_HEARTBEAT_S".
std::string own_variable_of(std::string_view key) {
  std::string name = "SLUICE_MINER_";
  for (const char c : key)
    name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

std::vector<std::string> environment_variables() {
  std::vector<std::string> all;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at)
    all.emplace_back(*at);
  return all;
}

} // namespace

void add_setting_flags(CLI::App& command, setting_arguments& out) {
  command
    .add_option("--set", out.set,
                "KEY=VALUE counts instead of the file's, as chain.tempo=100; repeat it for more. "
                "SLUICE_CHAIN_TEMPO=100 in the environment does the same")
    ->allow_extra_args(false)
    ->type_name("KEY=VALUE");
}

void add_original_flags(CLI::App& command, setting_arguments& out, io::original_place place) {
  std::set<std::string_view> known;
  for_each_original(place, [&](const std::string&, const io::original_name& x) {
    if (x.flag.empty() || !known.insert(x.flag).second)
      return;
    const std::string flag{x.flag};
    command
      .add_option_function<std::string>(
        "--" + flag, [&out, flag](const std::string& value) { out.original[flag] = value; })
      ->expected(0, 1)
      ->group(""); // docs have the list
  });
}

result<std::vector<io::setting_override>>
overrides_of(const setting_arguments& x, io::original_place place) {
  std::vector<io::setting_override> all;
  for_each_original(place, [&](const std::string& mechanism, const io::original_name& one) {
    if (one.variable.empty() || is_flag(one.key))
      return;
    if (const char* value = variable_set(one.variable))
      all.push_back(io::override_of(one, mechanism, value, true));
  });
  auto variables
    = io::overrides_in_environment(environment_variables(), sections_of(all_mechanisms()));
  if (!variables)
    return variables;
  all.insert(all.end(), variables->begin(), variables->end());
  for_each_original(place, [&](const std::string& mechanism, const io::original_name& one) {
    const auto at = x.original.find(std::string{one.flag});
    if (at != x.original.end() && !is_flag(one.key))
      all.push_back(io::override_of(one, mechanism, at->second, false));
  });
  for (const auto& text : x.set) {
    auto one = io::parse_override(text);
    if (!one)
      return one.error();
    all.push_back(*std::move(one));
  }
  return all;
}

result<std::vector<io::setting_override>>
miner_settings_of(const setting_arguments& x, std::string_view mechanism) {
  std::vector<io::setting_override> all;
  std::vector<io::setting_override> later;
  for_each_original(
    io::original_place::miner, [&](const std::string& name, const io::original_name& one) {
      if (name != mechanism || is_flag(one.key))
        return;
      if (const char* value = variable_set(one.variable))
        all.push_back(io::override_of(one, "", value, true));
      if (const auto own = own_variable_of(one.key); !one.key.empty() && variable_set(own))
        later.push_back({std::string{one.key}, variable_set(own), own});
      if (const auto at = x.original.find(std::string{one.flag}); at != x.original.end())
        later.push_back(io::override_of(one, "", at->second, false));
    });
  all.insert(all.end(), later.begin(), later.end());
  for (const auto& one : all)
    if (one.wrong)
      return *one.wrong;
  for (const auto& one : all)
    if (!one.note.empty())
      print_shown(stderr, "sluice: note: %s\n", one.note.c_str());
  std::erase_if(all, [](const io::setting_override& one) { return one.key.empty(); });
  for (const auto& text : x.set) {
    auto one = io::parse_override(text);
    if (!one)
      return one.error();
    all.push_back(*std::move(one));
  }
  return all;
}

result<std::optional<std::string>>
value_of_original(const setting_arguments& x, io::original_place place, std::string_view flag) {
  std::optional<io::setting_override> found;
  for_each_original(place, [&](const std::string& mechanism, const io::original_name& one) {
    const auto at = x.original.find(std::string{one.flag});
    if (at != x.original.end() && one.key == flag)
      found = io::override_of(one, mechanism, at->second, false);
  });
  if (!found)
    return std::optional<std::string>{};
  if (found->wrong)
    return *found->wrong;
  print_shown(stderr, "sluice: note: %s\n", found->note.c_str());
  return std::optional{std::move(found->value)};
}

} // namespace sluice::bin
