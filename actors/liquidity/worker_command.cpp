#include "actors/liquidity/commands.hpp"
#include "actors/liquidity/work/run_worker.hpp"
#include "io/signals.hpp"
#include "tools/fleet_flags.hpp"
#include "tools/print.hpp"
#include "tools/queued_output.hpp"

#include <chrono>
#include <cstdio>
#include <memory>

namespace sluice {

void add_worker(CLI::App& app, int& code) {
  auto options = std::make_shared<worker_options>();
  auto* worker = app.add_subcommand("worker", "Calculate for a node on another machine");
  worker->add_option("--connect", options->where, "The node's --fleet")
    ->required()
    ->type_name("HOST:PORT");
  worker->add_option("--cores", options->cores, "How many to use; 0: all")->capture_default_str();
  worker->add_option("--name", options->name, "Default: the certificate's");
  worker->add_flag("--once", options->once,
                   "End when the connection is lost or cannot be made, instead of trying again");
  tools::add_fleet_flags(*worker, options->network);
  worker->footer("A worker may come and go at any time: no score depends on it.\n"
                 "\nExamples:\n"
                 "  sluice worker --connect 10.0.0.5:4600 --ca ca.pem \\\n"
                 "    --certificate worker-1.pem --key worker-1.key\n"
                 "  sluice worker --connect 127.0.0.1:4600 --insecure --cores 1");
  worker->callback([options, &code] {
    constexpr std::chrono::milliseconds stop_patience{700};
    constexpr std::chrono::milliseconds moment{50};
    const tools::queued_output streams{tools::dropped_note::people};
    io::end_after_stop(stop_patience, 0, [=] { tools::drain_output(moment); });
    options->print
      = [](const std::string& line) { tools::print_shown(stdout, "%s\n", line.c_str()); };
    const auto end = run_worker(*options);
    code = end.code;
    if (end.code != 0)
      tools::print_shown(stderr, "sluice worker: %s\n", end.why.c_str());
    tools::drain_output(moment);
  });
}

} // namespace sluice
