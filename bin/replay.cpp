/// `sluice replay`: recorded files against our engine.
#include "tools/replay/replay.hpp"

#include "bin/commands.hpp"
#include "tools/progress_line.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace sluice::bin {

namespace {

struct replay_flags {
  std::vector<std::string> files;
  bool check = false;
  std::string dump;
  std::string pool;
  std::string output = "table";
};

int code_of(ec code) {
  return code == ec::bad_input || code == ec::invalid_argument ? usage : environment;
}

int cannot_replay(const fault& error) {
  print_shown(stderr, "sluice replay: %s\n", error.what.c_str());
  return code_of(error.code);
}

result<tools::replay_report> replay_one(const std::string& file, const replay_flags& flags,
                                        const io::pool_overrides& overrides) {
  tools::replay_options options;
  options.overrides = overrides;
  tools::progress_line line(
    [&](int percent) { return file + " " + std::to_string(percent) + " %"; });
  options.progress = [&](double part) { line.show(static_cast<int>(part * 100)); };
  if (flags.dump.empty()) {
    options.mode = flags.check ? tools::corpus_mode::check : tools::corpus_mode::count;
    return tools::replay_file(file, options);
  }
  options.mode = tools::corpus_mode::dump;
  auto out = io::output_file::open(flags.dump);
  if (!out)
    return out.error();
  options.out = &*out;
  auto report = tools::replay_file(file, options);
  if (report)
    if (auto kept = out->commit(); !kept)
      return kept.error();
  return report;
}

int replay(const replay_flags& flags) {
  auto overrides = io::parse_pool_overrides(flags.pool);
  if (!overrides)
    return cannot_replay(overrides.error());
  if (!flags.dump.empty() && flags.files.size() > 1)
    return cannot_replay({ec::invalid_argument, "--dump: expected one FILE, got "
                                                  + std::to_string(flags.files.size())
                                                  + "; dump them one by one"});
  const bool as_json = flags.output == "json";
  // What is dumped to standard output must not be mixed with the report about it.
  std::FILE* const text_out = flags.dump == "-" ? stderr : stdout;
  int worst = done;
  io::json all{{"files", io::json::array()}};
  for (const auto& file : flags.files) {
    auto report = replay_one(file, flags, *overrides);
    if (!report) {
      worst = std::max(worst, cannot_replay(report.error()));
      continue;
    }
    if (report->first)
      worst = std::max<int>(worst, answer_is_no);
    if (as_json)
      all["files"].push_back(tools::as_json(*report));
    else
      write_shown(text_out, tools::as_text(*report));
  }
  if (as_json)
    write_data(text_out, all.dump(2, ' ', false, io::json::error_handler_t::replace) + '\n');
  if (std::fflush(text_out) != 0)
    return cannot_replay({ec::storage_full, "standard output: cannot be written"});
  return worst;
}

} // namespace

void add_replay(CLI::App& app, int& code) {
  auto* command = app.add_subcommand(
    "replay", "Re-executes recorded operations or events on our pool and compares.");
  auto flags = std::make_shared<replay_flags>();
  command
    ->add_option("FILE", flags->files,
                 "Operation corpora or event streams (JSON lines; the kind is recognized)")
    ->required();
  auto* check = command->add_flag("--check", flags->check,
                                  "Compare a corpus with its recorded answers; exit 1 on the first "
                                  "difference (event streams are always compared)");
  command
    ->add_option("--dump", flags->dump,
                 "Write what our engine answers to OUT (- is standard output), reading no answers")
    ->type_name("OUT")
    ->excludes(check);
  command
    ->add_option("--pool", flags->pool,
                 "What an event stream does not state: fee=500,tick-spacing=10,decimals0=6,"
                 "decimals1=18,sqrt-price-x96=...; kind=slipstream,unstaked-fee=..,gauge=0x..,"
                 "position-manager=0x.. for a pool of Aerodrome or Velodrome")
    ->type_name("KEY=VALUE,...");
  command->add_option("--output", flags->output, "table or json")
    ->check(CLI::IsMember({"table", "json"}))
    ->capture_default_str();
  command->footer("Example: sluice replay --check corpus.jsonl\n"
                  "         sluice replay --dump ours.jsonl corpus.jsonl\n"
                  "         sluice replay --pool kind=slipstream aerodrome-rows.jsonl");
  command->callback([flags, &code] { code = replay(*flags); });
}

} // namespace sluice::bin
