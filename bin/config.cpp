#include "bin/commands.hpp"
#include "net/files/config_file.hpp"
#include "net/files/config_write.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace sluice::bin {
namespace {

/// The files that feeds name must be there; what is inside them is read when a node opens them.
int check_feeds(const node_config& config) {
  for (const auto& job : config.jobs)
    for (const auto& file : job.feed.files) {
      std::error_code error;
      if (!std::filesystem::is_regular_file(file, error)) {
        print_shown(stderr, "sluice: job %s: feed file %s does not exist\n", job.id.value.c_str(),
                    file.c_str());
        return environment;
      }
    }
  return done;
}

int check(const std::string& path) {
  const auto config = net::read_config(path);
  if (!config)
    return complain(config.error());
  if (const int code = check_feeds(*config); code != done)
    return code;
  print_shown(stdout, "%s: %zu job%s, %zu miner%s, %zu neuron%s; good\n", path.c_str(),
              config->jobs.size(), config->jobs.size() == 1 ? "" : "s", config->miners.size(),
              config->miners.size() == 1 ? "" : "s", config->neurons.size(),
              config->neurons.size() == 1 ? "" : "s");
  return done;
}

int show(const std::string& path, bool json) {
  const auto config = path.empty() ? net::parse_config(net::dev_config_text(), "configs/dev.toml")
                                   : net::read_config(path);
  if (!config)
    return complain(config.error());
  const auto text = json ? net::write_config_json(*config) + '\n' : net::write_config(*config);
  const auto out = json ? text : report::shown_toml(text, letters());
  write_data(stdout, out);
  return done;
}

} // namespace

void add_config(CLI::App& app, int& code) {
  auto* config = app.add_subcommand("config", "Check a configuration, or show what is in effect");
  config->require_subcommand(1);

  auto path = std::make_shared<std::string>();
  auto* checking = config->add_subcommand("check", "Say whether a node would take this file");
  checking->add_option("FILE", *path, "a TOML file; see docs/configuration.md")->required();
  checking->callback([path, &code] { code = check(*path); });

  auto output = std::make_shared<std::string>("toml");
  auto* showing = config->add_subcommand("show", "Every key with the value that is in effect");
  showing->add_option("FILE", *path, "a TOML file; without it what --dev runs");
  showing->add_option("--output", *output, "toml or json")
    ->check(CLI::IsMember({"toml", "json"}))
    ->capture_default_str();
  showing->callback([path, output, &code] { code = show(*path, *output == "json"); });
}

} // namespace sluice::bin
