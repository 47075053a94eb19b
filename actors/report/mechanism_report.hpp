/// One mechanism's part of the report of a run: it remembers the run, and shows it in each form.
#pragma once

#include "actors/report/line.hpp"
#include "actors/report/page.hpp"
#include "messages/node.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::report {

using json = nlohmann::ordered_json;

/// What may differ between two runs. `time`: milliseconds since 1970-01-01 UTC. Errors: none.
struct json_extras {
  std::optional<uint64_t> time; // unix milliseconds
  bool data = false;            // the folder of the state
};

/// Text ends in '\n' where it is not empty. What has a default here need not be there.
class mechanism_report {
public:
  virtual ~mechanism_report() = default;

  // ---- memory -----------------------------------------------------------------------------------

  /// Comes before anything is shown; may come again, with the same settings.
  virtual void start(const run_started&) {}

  /// Comes before the same step is shown.
  virtual void take(const step_report&) {}

  /// Does a miner hold this slot, or did one since the start? A uid is from 0 to 65535. Errors:
  /// none.
  virtual bool is_miner(miner_uid) const { return false; }

  // ---- a terminal -------------------------------------------------------------------------------

  /// What stands below the title: a name of at most eight characters, "" as above it, and a text.
  virtual std::vector<std::pair<std::string, std::string>> facts() const { return {}; }
  /// Paragraphs: each of them ends in an empty line.
  virtual std::string draw_step(const step_report&, const page&) const { return {}; }
  virtual std::string draw_summary(const page&) const { return {}; }

  // ---- lines of key=value -----------------------------------------------------------------------

  /// What it adds to the line of the run's start.
  virtual void add_to_start_line(line&) const {}
  /// Lines of its own that follow that line.
  virtual std::string start_lines() const { return {}; }
  virtual std::string step_lines(const step_report&) const { return {}; }
  virtual std::string summary_lines() const { return {}; }

  // ---- JSON -------------------------------------------------------------------------------------

  /// Adds keys of its own to the object of the run's start.
  virtual void add_to_start(json&) const {}
  /// The number of the step, and what it did: one object per line (json_event.hpp). The number is
  /// from 1. Errors: none.
  virtual std::string step_json(uint64_t, const step_report&, const json_extras&) const {
    return {};
  }
  /// Adds keys of its own to the object of the run's end.
  virtual void add_to_summary(json&) const {}
};

/// By the mechanism's name, which is the order in which they are shown.
using mechanism_reports = std::map<std::string, std::unique_ptr<mechanism_report>>;

} // namespace sluice::report
