#include "actors/base/log.hpp"
#include "actors/dev_config.hpp"
#include "actors/mechanism_module.hpp"
#include "actors/node/run_node.hpp"
#include "bin/commands.hpp"
#include "bin/log.hpp"
#include "bin/network_flags.hpp"
#include "bin/node_limits.hpp"
#include "bin/setting_flags.hpp"
#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/process_limits.hpp"
#include "io/signals.hpp"
#include "rules/chain/sha256.hpp"
#include "storage/marker.hpp"
#include "storage/tables.hpp"
#include "tools/queued_output.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <termios.h>
#include <unistd.h>
#include <vector>

namespace sluice::bin {

namespace {

namespace fs = std::filesystem;

/// Real time per simulated time on a terminal, where somebody watches: a round takes five seconds.
constexpr double watching_speed = 180;
/// After a signal: then the process ends, with what remains of a second for the last lines.
constexpr std::chrono::milliseconds node_stop_patience{700};
/// After a run that has come to its end by itself, for whoever reads slowly.
constexpr std::chrono::milliseconds node_reader_patience{std::chrono::minutes{10}};

struct node_flags {
  bool dev = false;
  std::string config;
  std::optional<uint64_t> seed;
  std::string data;
  uint64_t rounds = 0;
  std::optional<double> speed;
  std::vector<std::string> feeds;
  std::string output;
  std::string log = "text";
  std::string log_level = "warn";
  std::string log_file;
  bool adopt = false;
  network_arguments network;
  setting_arguments settings;
};

/// The seed of an existing folder, so that it continues without the flag.
std::optional<uint64_t> seed_in(const fs::path& data) {
  auto found = storage::find_marker(data, storage::tables::schema_version);
  if (found && *found)
    return (*found)->who.seed;
  return std::nullopt;
}

/// A seeded run without a folder is a run to be repeated: it always begins anew.
result<fs::path> folder_of(const node_flags& flags) {
  if (!flags.data.empty())
    return fs::path{flags.data};
  auto original = value_of_original(flags.settings, io::original_place::node, "--data");
  if (!original)
    return original.error();
  if (*original)
    return fs::path{**std::move(original)};
  if (!flags.seed)
    return fs::path{"sluice-dev"};
  std::error_code error;
  auto pattern = (fs::temp_directory_path(error) / "sluice-dev-XXXXXX").string();
  if (error || !mkdtemp(pattern.data()))
    return fault{ec::unreachable, "no folder for the state can be made in " + pattern};
  return fs::path{pattern};
}

result<node_config> scoring_config_of(const node_flags& flags, const fs::path& data) {
  const auto set = overrides_of(flags.settings, io::original_place::node);
  if (!set)
    return set.error();
  std::vector<std::string> notes;
  auto config = flags.dev ? dev_config(all_mechanisms(), {flags.seed ? flags.seed : seed_in(data),
                                                          flags.feeds, *set, &notes})
                          : io::read_config(flags.config, sections_of(all_mechanisms()), &notes,
                                            flags.network.allow.size(), *set);
  if (config && !flags.dev)
    if (auto added = add_neurons_of(all_mechanisms(), *config); !added)
      return added.error();
  if (config && !flags.dev && flags.seed)
    config->seed = *flags.seed;
  for (const auto& x : notes)
    print_shown(stderr, "sluice: note: %s\n", x.c_str());
  return config;
}

result<node_config> config_of(const node_flags& flags, const fs::path& data) {
  auto config = scoring_config_of(flags, data);
  if (!config)
    return config;
  if (auto applied = apply(flags.network, config->network); !applied)
    return applied.error();
  return config;
}

report_style style_of(const node_flags& flags, bool terminal) {
  if (flags.output == "json")
    return report_style::json;
  if (flags.log == "json")
    return report_style::json_log;
  return flags.output == "table" || (flags.output.empty() && terminal) ? report_style::live
                                                                       : report_style::lines;
}

uint32_t columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 100;
}

tools::dropped_note note_of(report_style style) {
  switch (style) {
  case report_style::json:
  case report_style::json_log:
    return tools::dropped_note::json;
  case report_style::lines:
    return tools::dropped_note::pairs;
  case report_style::live:
    break;
  }
  return tools::dropped_note::people;
}

uint64_t unix_milliseconds() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

bool endless(const node_config& config) {
  const auto followers = followers_of(all_mechanisms(), config);
  const bool led = followers.size() < config.mechanisms.size();
  for (const auto* mechanism : all_mechanisms()) {
    const std::string name{mechanism->name()};
    if (config.mechanisms.contains(name) && mechanism->endless(config)
        && !(led && followers.contains(name)))
      return true;
  }
  return false;
}

/// Without --rounds and how it is shown: those are of one run only.
std::vector<std::string> continuing(const node_flags& flags, const fs::path& data) {
  std::vector<std::string> arguments{"sluice", "node"};
  const auto add = [&](const char* flag, const std::string& value) {
    arguments.insert(arguments.end(), {flag, value});
  };
  if (flags.dev)
    arguments.emplace_back("--dev");
  else
    add("--config", flags.config);
  if (flags.seed)
    add("--seed", std::to_string(*flags.seed));
  for (const auto& feed : flags.feeds)
    add("--feed", feed);
  for (const auto& one : flags.settings.set)
    add("--set", one);
  for (const auto& [flag, value] : flags.settings.original)
    if (flag != "db") // its folder is --data
      add(("--" + flag).c_str(), value);
  const auto open = flags_of(flags.network);
  arguments.insert(arguments.end(), open.begin(), open.end());
  add("--data", data.string());
  return arguments;
}

/// SIGHUP: from a person, or because the terminal that the node belongs to is gone.
void take_up_changes() {
  for (const int x : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (termios seen{}; ::tcgetattr(x, &seen) != 0 && errno == EIO) {
      ::kill(::getpid(), SIGTERM);
      return;
    }
  reopen_log();
}

run_options options_of(const node_flags& flags, node_config config, const fs::path& data) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  run_options options;
  options.report.style = style_of(flags, terminal);
  options.report.color = terminal && !std::getenv("NO_COLOR");
  options.report.columns = columns();
  options.report.letters = letters();
  const bool json
    = options.report.style == report_style::json || options.report.style == report_style::json_log;
  options.report.write = [json](std::string_view text) { write_answer(!json, text); };
  options.report.takes_more = tools::output_takes_more;
  options.report.columns_now = columns;
  options.report.wall_clock = unix_milliseconds;
  const bool watched = options.report.style == report_style::live && terminal;
  const bool paced = watched && flags.rounds == 0 && endless(config);
  options.speed = flags.speed.value_or(paced ? watching_speed : 0);
  options.steps = flags.rounds;
  options.mechanisms = all_mechanisms();

  options.hang_up = take_up_changes;
  options.data = data;
  options.adopt_config = flags.adopt;
  std::error_code none; // of a path that cannot be made absolute: then no file may be named
  options.files_below = flags.dev ? fs::current_path(none).string()
                                  : fs::absolute(flags.config, none).parent_path().string();
  options.version = SLUICE_VERSION;
  options.again = continuing(flags, data);
  options.title = "Sluice " SLUICE_VERSION ", " + config.name;
  options.config_digest
    = sha256_hex(io::write_scoring_config(config, sections_of(all_mechanisms()))).substr(0, 16);
  options.config = std::move(config);
  options.say = [](const std::string& x) { print_shown(stderr, "sluice: %s\n", x.c_str()); };
  return options;
}

/// The end of a run, reported once: orderly, or by the deadline after a signal.
class last_report {
public:
  last_report(std::filesystem::path data, bool bar) : data_(std::move(data)), bar_(bar) {}

  /// Any thread. Waits a moment at most.
  void stopped() {
    if (reported_.exchange(true))
      return tools::drain_output(moment);
    erase_bar();
    end_log(); // what it counts comes before the last sentence
    print_shown(stderr,
                "sluice: stopped; the state is in %s and continues with the same command"
                " and --data %s\n",
                data_.c_str(), data_.c_str());
    tools::drain_output(moment);
  }

  /// The bar, and the "^C" that the terminal may have put behind it.
  void erase_bar() const {
    if (!bar_)
      return;
    tools::drain_output(moment);
    const auto width = columns();
    write_shown(stdout, '\r' + std::string(width > 1 ? width - 1 : 1, ' ') + '\r');
    tools::drain_output(moment);
  }

  static constexpr std::chrono::milliseconds moment{50};

private:
  std::filesystem::path data_;
  bool bar_;
  std::atomic<bool> reported_{false};
};

/// What a run leaves on standard output is its answer: without all of it the answer is none.
int report_lost(uint64_t lines, int code) {
  if (lines == 0 || code != done)
    return code;
  print_shown(stderr, "sluice: %llu lines of standard output could not be written\n",
              static_cast<unsigned long long>(lines));
  return environment;
}

int run_queued(const node_flags& flags, node_config config, const fs::path& data) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const auto style = style_of(flags, terminal);
  tools::queued_output streams{note_of(style)};
  if (!config.log.file.empty()) {
    if (const auto opened = log_into(config.log, "sluice"); !opened)
      return complain(opened.error());
    spdlog::set_level(spdlog::level::from_str(flags.log_level));
  }
  const auto last = std::make_shared<last_report>(data, terminal && style == report_style::live);
  io::end_after_stop(node_stop_patience, done, [last] { last->stopped(); });
  const auto end = run_node(options_of(flags, std::move(config), data));
  if (end.stopped) {
    last->stopped();
    return end.code;
  }
  end_log();
  if (end.code != done)
    print_shown(stderr, "sluice: %s\n", end.why.c_str());
  else if (flags.seed && flags.data.empty())
    print_shown(stderr, "sluice: the state is in %s\n", data.c_str());
  const auto patience = end.code == done ? node_reader_patience : last_report::moment;
  const int code = report_lost(streams.finish(patience), end.code);
  end_log();
  tools::drain_output(last_report::moment);
  return code;
}

int run(const node_flags& flags) {
  if (flags.dev != flags.config.empty()) {
    print_shown(stderr, "sluice: node: expected --dev or --config FILE, one of them\n");
    return usage;
  }
  log_to(stderr, "sluice");
  spdlog::set_level(spdlog::level::from_str(flags.log_level));
  auto data = folder_of(flags);
  if (!data)
    return complain(data.error());
  auto config = config_of(flags, *data);
  if (!config)
    return complain(config.error());
  if (!flags.log_file.empty())
    config->log.file = flags.log_file;
  if (const auto enough = io::check_process(needs_of(*config)); !enough)
    return complain(enough.error());
  return run_queued(flags, *std::move(config), *data);
}

/// CLI11 would take -1 and 10^20 for the highest number there is.
std::string whole_number(const std::string& text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good ? "" : "expected a whole number from 0 to 18446744073709551615, got " + text;
}

/// Slower or faster than this nobody can wait for, and nan is no speed.
std::string speed_of(const std::string& text) {
  char* end = nullptr;
  const double speed = std::strtod(text.c_str(), &end);
  const bool number = !text.empty() && *end == '\0';
  if (number && (speed == 0 || (speed >= 0.001 && speed <= 1e6)))
    return "";
  return "expected 0, or a number from 0.001 to 1000000, got " + text;
}

std::string variable_of(const std::string& flag) {
  std::string name = "SLUICE_";
  for (char c : flag)
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

/// Every option --some-name may also come as SLUICE_SOME_NAME; the flag wins. The variable of an
/// alias is read when that of the name is not set.
void take_environment(CLI::App& app) {
  for (auto* option : app.get_options()) {
    const auto& names = option->get_lnames();
    if (names.empty() || names.front() == "help")
      continue;
    const auto set = std::find_if(names.begin(), names.end(), [](const std::string& x) {
      return std::getenv(variable_of(x).c_str()) != nullptr;
    });
    option->envname(variable_of(set == names.end() ? names.front() : *set));
  }
}

} // namespace

void add_node(CLI::App& app, int& code) {
  auto flags = std::make_shared<node_flags>();
  auto* node = app.add_subcommand("node", "Run a validator node, or with --dev a whole subnet");
  node->add_flag("--dev", flags->dev,
                 "Miners, markets and a chain of its own: no keys, no network");
  node->add_option("--config", flags->config, "TOML file; see `sluice config show` and docs");
  node
    ->add_option("--seed", flags->seed,
                 "Makes two runs identical; without --data each starts in a new folder")
    ->check(whole_number);
  node->add_option("--data", flags->data, "Folder of the state (default: sluice-dev)");
  node
    ->add_option("--rounds", flags->rounds,
                 "Stop after this many steps: in each every job plays a round")
    ->check(whole_number);
  node
    ->add_option("--speed", flags->speed,
                 "Times real time; 0: as fast as it goes (default, but 180 when a terminal watches"
                 " an endless market)")
    ->check(speed_of);
  node
    ->add_option("--feed", flags->feeds,
                 "market, events=FILE or bars=FILE[,FILE...]; several make several jobs")
    ->allow_extra_args(false);
  node
    ->add_option("--output", flags->output,
                 "table, lines or json (default: table on a terminal, lines otherwise)")
    ->check(CLI::IsMember({"table", "lines", "json"}));
  node->add_option("--log", flags->log, "json: lines as JSON with the time, for machines")
    ->check(CLI::IsMember({"text", "json"}));
  node->add_option("--log-level", flags->log_level, "What goes to stderr: debug, info, warn, error")
    ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  node
    ->add_option("--log-file", flags->log_file,
                 "The log goes into this file instead of stderr; [log] has its bounds")
    ->type_name("FILE");
  node->add_flag("--adopt-config", flags->adopt, "Continue a folder under a changed configuration");
  add_network_flags(*node, flags->network);
  node->footer(
    "Examples:\n"
    "  sluice node --dev\n"
    "  sluice node --dev --seed 7 --rounds 20 --output json\n"
    "  sluice node --dev --miner-gateway 127.0.0.1:8700 --allow 5C9T...   miners from outside\n"
    "  sluice node --dev --feed bars=day1.csv,day2.csv --feed events=pool.jsonl\n"
    "  sluice node --config node.toml --set chain.tempo=100   a key beside the file\n"
    "Ctrl-C stops within a second; the same command continues.");
  take_environment(*node);
  add_setting_flags(*node, flags->settings);
  add_original_flags(*node, flags->settings, io::original_place::node);
  node->callback([flags, &code] { code = run(*flags); });
}

} // namespace sluice::bin
