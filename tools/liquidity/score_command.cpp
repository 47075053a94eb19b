#include "tools/exit_code.hpp"
#include "tools/liquidity/commands.hpp"
#include "tools/liquidity/score_report.hpp"
#include "tools/print.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace sluice::tools {

namespace {

struct score_flags {
  tools::score_request asked;
  std::string pool;
  std::string model = "observed";
  std::string output;
};

int run(score_flags& flags) {
  const auto failed = [](const fault& why) {
    print_shown(stderr, "sluice score: %s\n", why.what.c_str());
    return why.code == ec::unreachable || why.code == ec::storage_full ? environment : usage;
  };
  if (!flags.pool.empty()) {
    auto overrides = io::parse_pool_overrides(flags.pool);
    if (!overrides)
      return failed(overrides.error());
    flags.asked.pool = *overrides;
  }
  flags.asked.model = flags.model == "replayed" ? pool_model::replayed : pool_model::observed;
  const auto report = tools::make_score_report(flags.asked);
  if (!report)
    return failed(report.error());
  for (const auto& note : report->notes)
    print_shown(stderr, "note: %s\n", note.c_str());
  const bool table = flags.output == "table" || (flags.output.empty() && isatty(STDOUT_FILENO));
  const auto text = table ? tools::to_table(*report) : tools::to_json(*report);
  if (write_answer(table, text))
    return done;
  print_shown(stderr, "sluice score: the answer could not be written\n");
  return environment;
}

} // namespace

void add_score(CLI::App& app, int& code) {
  auto flags = std::make_shared<score_flags>();
  auto* score = app.add_subcommand("score", "What a plan would have earned on recorded events.");
  score
    ->add_option("--events", flags->asked.events,
                 "An event stream (JSON lines), or files of minute bars (CSV) in time order")
    ->required()
    ->type_name("FILE");
  score->add_option("--plan", flags->asked.plan, "The plan")->required()->type_name("PLAN.json");
  score
    ->add_option("--from", flags->asked.from,
                 "First block (bars: unix time / 60); default: that of the first swap")
    ->type_name("BLOCK");
  score->add_option("--to", flags->asked.to, "Last block, included; default: the last one")
    ->type_name("BLOCK");
  score
    ->add_option("--model", flags->model,
                 "observed: the prices that happened; replayed: the plan inside the pool")
    ->check(CLI::IsMember({"observed", "replayed"}))
    ->capture_default_str();
  score
    ->add_option(
      "--pool", flags->pool,
      "What the files do not state: fee=500,tick-spacing=10,decimals0=6,decimals1=18 "
      "(the defaults of bars); kind=slipstream,unstaked-fee=100000,gauge=0x..,"
      "position-manager=0x..,reward-rate=..,reward-until=UNIX for a pool of Aerodrome or "
      "Velodrome")
    ->type_name("KEY=VALUE,...");
  score->add_flag("--staked", flags->asked.staked,
                  "Slipstream: every position is staked and earns rewards instead of fees, shown "
                  "beside the score and in no value");
  score->add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  score->footer(
    "The plan:\n"
    "  {\"inventory\": {\"amount0\": \"1000000000\", \"amount1\": \"0\"},\n"
    "   \"positions\": [{\"tick_lower\": 200000, \"tick_upper\": 202000, \"liquidity\": "
    "\"1000\"}],\n"
    "   \"rebalances\": [{\"block\": 28198080, \"desired_positions\": [{\"tick_lower\": 201000,\n"
    "     \"tick_upper\": 201200, \"allocation0\": \"500000000\", \"allocation1\": \"0\"}]}]}\n"
    "Amounts are in the smallest unit; a rebalance happens after the last event of its block.\n"
    "\nExamples:\n"
    "  sluice score --events pool.jsonl --plan plan.json\n"
    "  sluice score --events 2023-08-13.csv 2023-08-14.csv --plan plan.json --output json\n"
    "  sluice score --events pool.jsonl --plan plan.json --from 13578932 --model replayed\n"
    "  sluice score --events bars.csv --plan plan.json --pool fee=3000,tick-spacing=60\n"
    "  sluice score --events aero.jsonl --plan plan.json --staked --pool "
    "kind=slipstream,reward-rate=500000000000000000,reward-until=1755734400");
  score->callback([flags, &code] { code = run(*flags); });
}

} // namespace sluice::tools
