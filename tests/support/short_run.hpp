/// A run of a whole node on real threads, short, with everything it prints kept.
#pragma once

#include "actors/node/run_node.hpp"
#include "tests/support/node_world.hpp"

#include <filesystem>
#include <string>

namespace sluice::test {

/// `output` must outlive the run. The number of steps is of this run, from 0 (0: without end).
/// Errors: none.
inline run_options
short_run(const std::filesystem::path& data, uint64_t steps, std::string& output) {
  run_options x;
  x.config = short_config();
  x.mechanisms = all_mechanisms();
  x.config_digest = "short";
  x.version = "0.1.0";
  x.data = data;
  x.steps = steps;
  x.title = "a short run";
  x.report.style = report_style::json;
  x.report.write = [&output](std::string_view text) { output += text; };
  return x;
}

} // namespace sluice::test
