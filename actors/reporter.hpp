/// Shows a run to people on a terminal, as lines, or to machines.
#pragma once

#include "actors/report/mechanism_report.hpp"
#include "io/text/charset.hpp"
#include "messages/node.hpp"

#include <functional>
#include <string_view>

namespace sluice {

enum class report_style : uint8_t {
  live = 0, // terminal: progress bar, a ranked table after every round
  lines,    // one line of text per event
  json_log, // one JSON object per event, with the wall clock
  json,     // the same without the wall clock: the same seed gives the same bytes
};

/// `columns`: of the terminal, from 1; what does not fit is cut or broken.
struct reporter_config {
  report_style style = report_style::lines;
  bool color = false;
  uint32_t columns = 100;
  report::charset letters = report::charset::utf8; // of what is for people
  /// Writes to the user; called in the reporter's thread, in order.
  std::function<void(std::string_view)> write;
  /// Unix milliseconds, for json_log; never called otherwise. Errors: none.
  std::function<uint64_t()> wall_clock;
  /// Makes the mechanisms' parts of the report, anew for every incarnation of the reporter. Those
  /// that the run is not configured with are left out. Empty: there are none.
  std::function<report::mechanism_reports()> reports{};
  /// Columns of the terminal now, from 1; asked before a bar is drawn. Empty: as at the start.
  std::function<uint32_t()> columns_now{};
  /// False while more text would only wait to be read: then the run waits for its reader, who is
  /// asked again every 20 ms. Empty: never.
  std::function<bool()> takes_more{};
};

reporter_actor spawn_reporter(caf::actor_system& system, reporter_config config);

} // namespace sluice
