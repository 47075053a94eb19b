/// A run of a whole node on real threads, short, with everything it says kept.
#pragma once

#include "actors/run_node.hpp"
#include "tests/support/node_world.hpp"

#include <filesystem>
#include <string>

namespace sluice::test {

/// `said` must outlive the run.
inline run_options short_run(const std::filesystem::path& data, uint64_t laps, std::string& said) {
  run_options x;
  x.config = short_config();
  x.mechanisms = all_mechanisms();
  x.config_digest = "short";
  x.version = "0.1.0";
  x.data = data;
  x.laps = laps;
  x.title = "a short run";
  x.report.style = report_style::json;
  x.report.write = [&said](std::string_view text) { said += text; };
  return x;
}

} // namespace sluice::test
