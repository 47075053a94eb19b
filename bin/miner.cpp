#include "tools/miner/miner.hpp"

#include "actors/fleet/run_miner.hpp"
#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"
#include "bin/setting_flags.hpp"
#include "io/process_limits.hpp"
#include "io/signals.hpp"
#include "tools/fleet_flags.hpp"
#include "tools/queued_output.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice::bin {

namespace {

/// After a signal; then the process ends, with what remains of a second for the last lines.
constexpr std::chrono::milliseconds stop_patience{700};
constexpr std::chrono::milliseconds moment{50};
constexpr std::chrono::minutes reader_patience{10}; // where it ends by itself

// What the largest of them takes, and some.
constexpr size_t miner_threads = 12;
constexpr size_t miner_descriptors = 32;
constexpr uint64_t miner_memory_bytes = uint64_t{16} << 20;

struct miner_flags {
  std::vector<std::string> connect;
  std::string hotkey;
  std::string strategy; // "": the mechanism's own
  std::string data = "miner";
  std::optional<uint16_t> uid;
  bool stats = false;
  std::string mechanism;
  std::string output;
  bool once = false;
  fleet_settings fleet; // its certificates are those of wss:// as well
  setting_arguments settings;
};

/// Queued: answers go on whatever becomes of it.
void show_line(std::string_view line, bool json) {
  write_answer(!json, line);
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

/// As it was given, or that of the mechanism's own miner.
std::string strategy_of(const miner_flags& flags) {
  if (!flags.strategy.empty())
    return flags.strategy;
  const auto* module = find_mechanism(all_mechanisms(), flags.mechanism);
  const auto own = module ? module->own_miner_strategy() : std::string_view{};
  return own.empty() ? "wide" : std::string{own};
}

/// The miner of a mechanism that has one of its own; none: it has none, or it is not meant.
std::optional<int> mine_on_its_own(const miner_flags& flags) {
  const auto* module = find_mechanism(all_mechanisms(), flags.mechanism);
  if (!module || module->own_miner_strategy().empty())
    return std::nullopt;
  own_miner_request request;
  for (const auto& text : flags.connect) {
    auto url = parse_gateway_url(text);
    if (!url)
      return complain({url.error().code, "--connect: " + url.error().what});
    if (url->scheme == gateway_scheme::caf)
      return std::nullopt;
    request.connect.push_back(*std::move(url));
  }
  if (request.connect.empty() && !flags.stats)
    return complain({ec::bad_input, "--connect: expected the address of a validator, as "
                                    "ws://HOST:PORT"});
  if (flags.hotkey.empty() && !flags.stats)
    return complain({ec::bad_input, "--hotkey: expected a file of `sluice keys new`"});
  request.hotkey = flags.hotkey;
  request.ca = flags.fleet.ca;
  request.data = flags.data;
  auto settings = miner_settings_of(flags.settings, module->name());
  if (!settings)
    return complain(settings.error());
  request.settings = *std::move(settings);
  const auto folder = value_of_original(flags.settings, io::original_place::miner, "--data");
  if (!folder)
    return complain(folder.error());
  if (*folder)
    request.data = **folder;
  request.strategy = strategy_of(flags);
  request.software = "sluice/" SLUICE_VERSION;
  request.uid = flags.uid;
  request.json = flags.output == "json";
  request.stats = flags.stats;
  request.unix_ms = unix_now_ms;
  request.write = [json = request.json](std::string_view line) { show_line(line, json); };
  const auto end = module->run_own_miner(request);
  return end ? std::optional{report_end(*end)} : std::nullopt;
}

int mine_by_mechanism(const miner_flags& flags) {
  if (const auto code = mine_on_its_own(flags))
    return *code;
  if (flags.stats)
    return complain({ec::bad_input, "--stats: name a mechanism whose miner keeps figures by "
                                    "--mechanism"});
  if (!flags.settings.set.empty() || !flags.settings.original.empty())
    return complain({ec::bad_input, "--set, and flags of another program: name a mechanism whose "
                                    "miner has settings by --mechanism"});
  if (flags.connect.size() != 1)
    return complain({ec::bad_input, "--connect: expected one address, got "
                                      + std::to_string(flags.connect.size())});
  if (flags.hotkey.empty())
    return complain({ec::bad_input, "--hotkey: expected a file of `sluice keys new`"});
  auto where = parse_gateway_url(flags.connect.front());
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
                    {strategy_of(flags), json, flags.once,
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

int mine(const miner_flags& flags) {
  if (const auto enough
      = io::check_process({"a miner", miner_threads, miner_descriptors, 0, miner_memory_bytes});
      !enough)
    return complain(enough.error());
  tools::queued_output streams{flags.output == "json" ? tools::dropped_note::json
                                                      : tools::dropped_note::people};
  io::end_after_stop(stop_patience, done, [] { tools::drain_output(moment); });
  int code = mine_by_mechanism(flags);
  const bool stopped = io::stop_was_asked();
  const auto lost = streams.finish(stopped ? moment : reader_patience);
  if (lost != 0 && code == done && !stopped) {
    print_shown(stderr, "sluice: %llu lines of standard output could not be written\n",
                static_cast<unsigned long long>(lost));
    code = environment;
  }
  tools::drain_output(moment);
  return code;
}

} // namespace

void add_miner(CLI::App& app, int& code) {
  auto flags = std::make_shared<miner_flags>();
  auto* miner = app.add_subcommand("miner", "Take part in a node's rounds from another machine");
  miner
    ->add_option(
      "--connect", flags->connect,
      "The node's miner gateway, ws://HOST:PORT or wss://, or its fleet, caf://; several "
      "where the mechanism's miner serves more than one validator")
    ->type_name("URL");
  miner->add_option("--hotkey", flags->hotkey, "File of `sluice keys new`")->type_name("FILE");
  miner->add_option(
    "--strategy", flags->strategy,
    "NAME[:key=value,...], as `miners` of a configuration (wide); see docs/miners.md");
  miner
    ->add_option("--mechanism", flags->mechanism, "Which one is played, when several have miners")
    ->type_name("NAME");
  miner
    ->add_option("--data", flags->data,
                 "Folder of a miner that keeps a database: its predictions and backups")
    ->capture_default_str()
    ->type_name("DIR");
  miner->add_option("--uid", flags->uid, "Its slot, where validators do not state it")
    ->type_name("UID");
  miner->add_flag("--stats", flags->stats, "Show the figures of the miner in --data, and end");
  tools::add_fleet_flags(*miner, flags->fleet);
  miner->add_flag("--once", flags->once,
                  "One round until its scores come: exit code 0 scored, 1 refused or failed");
  miner->add_option("--output", flags->output, "table or json: one object per line")
    ->check(CLI::IsMember({"table", "json"}));
  add_setting_flags(*miner, flags->settings);
  add_original_flags(*miner, flags->settings, io::original_place::miner);
  miner->footer("Comes back by itself, for ever: after 1 to 60 s, with some chance in it.\n"
                "\nExamples:\n"
                "  sluice keys new miner.key\n"
                "  sluice miner --connect ws://127.0.0.1:8700 --hotkey miner.key"
                " --strategy narrow:width=0.05\n"
                "  sluice miner --connect caf://10.0.0.5:4600 --hotkey miner.key --ca ca.pem \\\n"
                "    --certificate miner-1.pem --key miner-1.key\n"
                "  sluice miner --connect wss://node.example:8700 --hotkey miner.key --once"
                " --output json\n"
                "  sluice miner --mechanism NAME --connect ws://127.0.0.1:8800"
                " --hotkey miner.key --data miner\n"
                "  sluice miner --mechanism NAME --stats --data miner");
  miner->callback([flags, &code] { code = mine(*flags); });
}

} // namespace sluice::bin
