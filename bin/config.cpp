#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"
#include "bin/setting_flags.hpp"
#include "io/config/config_file.hpp"
#include "io/config/config_origin.hpp"
#include "io/config/config_write.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace sluice::bin {
namespace {

/// The files that mechanisms read must be there; what is inside them is read when a node opens
/// them.
int check_inputs(const node_config& config, io::mechanism_sections sections) {
  for (const auto& x : sections) {
    const auto at = config.mechanisms.find(x.name);
    if (at == config.mechanisms.end() || !x.inputs)
      continue;
    for (const auto& input : x.inputs(at->second)) {
      std::error_code error;
      if (!std::filesystem::is_regular_file(input.path, error)) {
        print_shown(stderr, "sluice: %s %s does not exist\n", input.what.c_str(),
                    input.path.c_str());
        return environment;
      }
    }
  }
  return done;
}

std::string counted(size_t n, const std::string& what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

int check(const std::string& path, const setting_arguments& settings) {
  const auto sections = sections_of(all_mechanisms());
  const auto set = overrides_of(settings, io::original_place::node);
  if (!set)
    return complain(set.error());
  std::vector<std::string> notes;
  const auto config = io::read_config(path, sections, &notes, 0, *set);
  if (!config)
    return complain(config.error());
  if (const int code = check_inputs(*config, sections); code != done)
    return code;
  for (const auto& x : notes)
    print_shown(stderr, "sluice: note: %s\n", x.c_str());
  std::string summary;
  for (const auto& x : sections)
    if (const auto at = config->mechanisms.find(x.name);
        at != config->mechanisms.end() && x.summary)
      summary += x.summary(at->second) + ", ";
  summary += counted(config->miners.size(), "miner") + ", ";
  summary += counted(config->neurons.size(), "neuron");
  print_shown(stdout, "%s: %s; good\n", path.c_str(), summary.c_str());
  return done;
}

/// Every key with where its value comes from.
int show_origins(const std::string& path, const node_config& config, bool json,
                 io::setting_overrides set) {
  const auto sections = sections_of(all_mechanisms());
  const auto origins = path.empty()
                         ? io::origins_in(io::dev_config_text(), "configs/dev.toml", sections, set)
                         : io::origins_of(path, sections, set);
  if (!origins)
    return complain(origins.error());
  const auto rows = io::with_origins(io::write_config(config, sections), *origins);
  write_data(stdout,
             json ? io::origins_json(rows) : report::shown_toml(io::origins_toml(rows), letters()));
  return done;
}

int show(const std::string& path, bool json, bool origin, const setting_arguments& settings) {
  const auto sections = sections_of(all_mechanisms());
  const auto set = overrides_of(settings, io::original_place::node);
  if (!set)
    return complain(set.error());
  const auto config = path.empty() ? io::parse_config(io::dev_config_text(), "configs/dev.toml",
                                                      sections, nullptr, 0, *set)
                                   : io::read_config(path, sections, nullptr, 0, *set);
  if (!config)
    return complain(config.error());
  if (origin)
    return show_origins(path, *config, json, *set);
  const auto text
    = json ? io::write_config_json(*config, sections) + '\n' : io::write_config(*config, sections);
  write_data(stdout, json ? text : report::shown_toml(text, letters()));
  return done;
}

} // namespace

void add_config(CLI::App& app, int& code) {
  auto* config = app.add_subcommand("config", "Check a configuration, or show what is in effect");
  config->require_subcommand(1);

  auto path = std::make_shared<std::string>();
  auto* checking = config->add_subcommand("check", "Check whether a node would accept this file");
  checking->add_option("FILE", *path, "a TOML file; see docs/configuration.md")->required();
  auto settings = std::make_shared<setting_arguments>();
  add_setting_flags(*checking, *settings);
  checking->callback([path, settings, &code] { code = check(*path, *settings); });

  auto output = std::make_shared<std::string>("toml");
  auto* showing = config->add_subcommand("show", "Every key with the value that is in effect");
  showing->add_option("FILE", *path, "a TOML file; without it what --dev runs");
  showing->add_option("--output", *output, "toml or json")
    ->check(CLI::IsMember({"toml", "json"}))
    ->capture_default_str();
  auto origin = std::make_shared<bool>(false);
  showing->add_flag("--origin", *origin,
                    "Where each value comes from: FILE:LINE, a variable, a flag, or default");
  add_setting_flags(*showing, *settings);
  showing->footer("Examples: sluice config show node.toml --origin\n"
                  "          sluice config show node.toml --set chain.tempo=100 --origin --output"
                  " json");
  showing->callback([path, output, origin, settings, &code] {
    code = show(*path, *output == "json", *origin, *settings);
  });
}

} // namespace sluice::bin
