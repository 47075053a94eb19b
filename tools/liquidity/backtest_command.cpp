/// `sluice backtest`: strategies and plans over a long recording.
#include "io/signals.hpp"
#include "io/text/bar.hpp"
#include "io/text/output_file.hpp"
#include "tools/exit_code.hpp"
#include "tools/liquidity/backtest.hpp"
#include "tools/liquidity/commands.hpp"
#include "tools/print.hpp"
#include "tools/progress_line.hpp"

#include <CLI/CLI.hpp>
#include <sys/ioctl.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <unistd.h>

namespace sluice::tools {

namespace {

struct backtest_flags {
  tools::backtest_request asked;
  std::string pool;
  std::string model = "observed";
  std::string report;
  std::string csv;
  std::string output;
};

int failed(const fault& why) {
  print_shown(stderr, "sluice backtest: %s\n", why.what.c_str());
  return why.code == ec::unreachable || why.code == ec::storage_full ? environment : usage;
}

size_t columns_of(int terminal) {
  winsize size{};
  if (ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 120;
}

std::string bar_and(int percent) {
  const auto number = std::to_string(percent);
  return report::bar_of({static_cast<uint64_t>(percent), 100}, 40, letters())
         + std::string(4 - number.size(), ' ') + number + " %";
}

/// Both files or none; nothing appears under a name before everything is known.
struct outputs {
  std::optional<io::output_file> report;
  std::optional<io::output_file> csv;

  result<nothing> open(const backtest_flags& flags) {
    for (const auto& [path, into] : {std::pair{&flags.report, &report}, {&flags.csv, &csv}}) {
      if (path->empty())
        continue;
      auto file = io::output_file::open(*path);
      if (!file)
        return file.error();
      *into = *std::move(file);
    }
    return nothing{};
  }
};

/// What `write` writes becomes the file.
result<nothing> fill(std::optional<io::output_file>& file,
                     const std::function<result<nothing>(const tools::text_sink&)>& write) {
  if (!file)
    return nothing{};
  if (auto written = write([&](std::string_view text) { return file->write(text); }); !written)
    return written;
  return file->commit();
}

/// While files are read nobody looks at `stop`: a signal then does what it always does.
result<tools::backtest_report>
play(const backtest_flags& flags, outputs& files, std::atomic<bool>& stop) {
  std::atomic<bool> reading = true;
  const io::signal_watch signals{[&](int signal) {
    stop = true;
    if (reading)
      io::end_by_signal(signal);
  }};
  progress_line line(bar_and);
  tools::backtest_watch watch;
  watch.progress = [&](uint64_t done, uint64_t all) {
    line.show(static_cast<int>(report::round_share{done, all}.percent()));
  };
  watch.stop = [&] { return stop.load(); };
  watch.ready = [&] {
    reading = false;
    return files.open(flags);
  };
  return tools::make_backtest_report(flags.asked, watch);
}

bool table_wanted(const backtest_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
}

constexpr const char* unwritten = "the answer could not be written";

result<nothing> answered_or(bool written) {
  return written ? result<nothing>(nothing{}) : fault{ec::unreachable, unwritten};
}

int print_report(const backtest_flags& flags, const tools::backtest_report& report,
                 outputs& files) {
  for (const auto& note : report.notes)
    print_shown(stderr, "note: %s\n", note.c_str());
  const auto page = fill(files.report, [&](const tools::text_sink& to) {
    const auto text = tools::to_html(report, SLUICE_VERSION);
    return report.rounds.broken() ? *report.rounds.broken() : to(text);
  });
  if (!page)
    return failed(page.error());
  const auto rows
    = fill(files.csv, [&](const tools::text_sink& to) { return tools::write_csv(report, to); });
  if (!rows)
    return failed(rows.error());
  const bool watched = ::isatty(STDOUT_FILENO) != 0;
  const auto answered
    = table_wanted(flags) ? answered_or(
        write_answer(true, tools::to_table(report, columns_of(STDOUT_FILENO), watched, letters())))
                          : tools::write_json(report, [](std::string_view text) {
                              return answered_or(write_data(stdout, text));
                            });
  if (!answered || std::fflush(stdout) != 0) {
    print_shown(stderr, "sluice backtest: %s\n",
                answered ? unwritten : answered.error().what.c_str());
    return environment;
  }
  for (const auto* path : {&flags.report, &flags.csv})
    if (!path->empty() && *path != "-")
      print_shown(stderr, "%s: written\n", path->c_str());
  return done;
}

int run(backtest_flags& flags) {
  if (!flags.pool.empty()) {
    auto overrides = io::parse_pool_overrides(flags.pool);
    if (!overrides)
      return failed(overrides.error());
    flags.asked.pool = *overrides;
  }
  flags.asked.model = flags.model == "replayed" ? pool_model::replayed : pool_model::observed;
  flags.asked.keep_rounds = !table_wanted(flags) || !flags.report.empty() || !flags.csv.empty();
  outputs files;
  std::atomic<bool> stop = false;
  const auto report = play(flags, files, stop);
  if (!report && stop) {
    print_shown(stderr, "sluice backtest: stopped; nothing was written\n");
    files = {};
    io::end_by_signal(SIGINT);
  }
  return report ? print_report(flags, *report, files) : failed(report.error());
}

void add_input(CLI::App& app, backtest_flags& flags) {
  auto& asked = flags.asked;
  app
    .add_option("--events", asked.events,
                "An event stream (JSON lines), or files of minute bars (CSV) in time order")
    ->required()
    ->type_name("FILE");
  app
    .add_option("--strategy", asked.strategies,
                "hold, wide[:width=0.2], narrow[:width=0.02], volatility[:k=4,floor=0.01]; several "
                "times; default, without plans: these four")
    ->type_name("NAME[:KEY=VALUE,...]");
  app.add_option("--plan", asked.plans, "A plan as `sluice score` takes it; several times")
    ->type_name("PLAN.json");
  app
    .add_option(
      "--from", asked.from,
      "A block or a time (2023-08-14 12:00, UTC); default: the first whole round with a price")
    ->type_name("WHEN");
  app.add_option("--to", asked.to, "The same; default: the last block")->type_name("WHEN");
  app
    .add_option("--round", asked.round,
                "Length of a round: 900s, 15m, 1h, or 450blocks; only whole rounds are played")
    ->type_name("LENGTH")
    ->capture_default_str();
  app
    .add_option("--checkpoint", asked.checkpoint,
                "Between two questions in a round; default: 2/9 of it (100 of 450 blocks)")
    ->type_name("LENGTH");
  app
    .add_option(
      "--start", asked.start,
      "Whole tokens that strategies begin with; default: the first plan's, else 10 token0 "
      "(30000 when it has 6 decimals) and as much token1")
    ->type_name("AMOUNT0,AMOUNT1");
  app.add_option("--tokens", asked.tokens, "Names of token0 and token1, for people")
    ->type_name("NAME0,NAME1");
  app
    .add_option("--model", flags.model,
                "observed: the prices that happened; replayed: each inside a pool of its own")
    ->check(CLI::IsMember({"observed", "replayed"}))
    ->capture_default_str();
  app
    .add_option("--pool", flags.pool,
                "What the files do not state: fee=500,tick-spacing=10,decimals0=6,decimals1=18 "
                "(the defaults of bars); for a pool of Aerodrome or Velodrome what `sluice score` "
                "takes")
    ->type_name("KEY=VALUE,...");
  app.add_flag("--staked", asked.staked,
               "Slipstream: everybody stakes every position and earns rewards instead of fees, "
               "shown beside the score and in no value");
}

} // namespace

void add_backtest(CLI::App& app, int& code) {
  auto flags = std::make_shared<backtest_flags>();
  auto* command = app.add_subcommand(
    "backtest", "Strategies and plans over a long recording, round by round as a validator would.");
  add_input(*command, *flags);
  command->add_option("--report", flags->report, "Write a page to look at; it needs no network")
    ->type_name("OUT.html");
  command->add_option("--csv", flags->csv, "Write one line per round and player")
    ->type_name("OUT.csv");
  command->add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  command->footer(
    "Everybody has a vault of its own, which goes on from round to round; the rank is by the "
    "mean\n"
    "of the rounds' scores. docs/backtest.md explains every column.\n"
    "\nExamples:\n"
    "  sluice backtest --events 2023-08-1*.csv --tokens USDC,WETH --report out.html\n"
    "  sluice backtest --events pool.jsonl --strategy narrow --strategy narrow:width=0.05\n"
    "  sluice backtest --events bars.csv --plan mine.json --strategy hold --csv rounds.csv\n"
    "  sluice backtest --events pool.jsonl --round 75blocks --from 2021-11-09 --model replayed\n"
    "  sluice backtest --events aero.jsonl --staked --model replayed");
  command->callback([flags, &code] { code = run(*flags); });
}

} // namespace sluice::tools
