#include "tools/miner/miner.hpp"

#include "actors/fleet/run_miner.hpp"
#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"
#include "tools/fleet_flags.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <random>
#include <unistd.h>

namespace sluice::bin {

namespace {

struct miner_flags {
  std::string connect;
  std::string hotkey;
  std::string strategy = "wide";
  std::string mechanism;
  std::string output;
  bool once = false;
  fleet_settings fleet; // its certificates are those of wss:// as well
};

void show_line(std::string_view line, bool json) {
  if (!write_answer(!json, line))
    std::raise(SIGTERM); // whoever read us has left
}

uint64_t unix_now_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

int report_end(const run_result& end) {
  if (!end.why.empty())
    print_shown(stderr, "sluice: %s\n", end.why.c_str());
  return end.code;
}

int mine(const miner_flags& flags) {
  std::signal(SIGPIPE, SIG_IGN);
  auto where = parse_gateway_url(flags.connect);
  if (!where)
    return complain({where.error().code, "--connect: " + where.error().what});
  if (where->scheme == gateway_scheme::ws && !flags.fleet.ca.empty())
    return complain({ec::bad_input, "--ca is for wss:// and caf://, where there are certificates"});
  if (where->scheme != gateway_scheme::caf
      && (flags.fleet.insecure || !flags.fleet.certificate.empty() || !flags.fleet.key.empty()))
    return complain({ec::bad_input, "--certificate, --key and --insecure are for caf://"});
  const bool json = flags.output == "json";
  auto side
    = make_miner_of(all_mechanisms(), flags.mechanism,
                    {flags.strategy, json, flags.once,
                     [json](std::string_view line) { show_line(line, json); }, unix_now_ms});
  if (!side) {
    const bool none = side.error().code == ec::invalid_argument;
    return complain(
      {side.error().code, (none ? "--mechanism: " : "--strategy: ") + side.error().what});
  }
  tools::miner_options options;
  options.side = std::move(side->side);
  options.mechanism = std::move(side->mechanism);
  const auto at = where->at;
  const bool over_caf = where->scheme == gateway_scheme::caf;
  options.where = *std::move(where);
  options.hotkey = flags.hotkey;
  options.ca = flags.fleet.ca;
  options.software = "sluice/" SLUICE_VERSION;
  if (over_caf)
    return report_end(run_fleet_miner({to_string(at), flags.fleet, flags.hotkey,
                                       std::move(options.mechanism), std::move(options.side)}));
  options.unix_ms = unix_now_ms;
  options.chance
    = [chance = std::mt19937_64{std::random_device{}()}]() mutable { return chance(); };
  const auto end = tools::run_miner(std::move(options));
  return end ? *end : complain(end.error());
}

} // namespace

void add_miner(CLI::App& app, int& code) {
  auto flags = std::make_shared<miner_flags>();
  auto* miner = app.add_subcommand("miner", "Take part in a node's rounds from another machine");
  miner
    ->add_option("--connect", flags->connect,
                 "The node's miner gateway, ws://HOST:PORT or wss://, or its fleet, caf://")
    ->required()
    ->type_name("URL");
  miner->add_option("--hotkey", flags->hotkey, "File of `sluice keys new`")
    ->required()
    ->type_name("FILE");
  miner
    ->add_option("--strategy", flags->strategy,
                 "NAME[:key=value,...], as `miners` of a configuration; see docs/miners.md")
    ->capture_default_str();
  miner
    ->add_option("--mechanism", flags->mechanism, "Which one is played, when several have miners")
    ->type_name("NAME");
  tools::add_fleet_flags(*miner, flags->fleet);
  miner->add_flag("--once", flags->once,
                  "One round until its scores come: exit code 0 scored, 1 refused or failed");
  miner->add_option("--output", flags->output, "table or json: one object per line")
    ->check(CLI::IsMember({"table", "json"}));
  miner->footer("Comes back by itself, for ever: after 1 to 60 s, with some chance in it.\n"
                "\nExamples:\n"
                "  sluice keys new miner.key\n"
                "  sluice miner --connect ws://127.0.0.1:8700 --hotkey miner.key"
                " --strategy narrow:width=0.05\n"
                "  sluice miner --connect caf://10.0.0.5:4600 --hotkey miner.key --ca ca.pem \\\n"
                "    --certificate miner-1.pem --key miner-1.key\n"
                "  sluice miner --connect wss://node.example:8700 --hotkey miner.key --once"
                " --output json");
  miner->callback([flags, &code] { code = mine(*flags); });
}

} // namespace sluice::bin
