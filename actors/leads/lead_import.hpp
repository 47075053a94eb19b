/// Takes files of lead records into a data folder that no node has.
#pragma once

#include "rules/leads/intake.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sluice {

/// `now_ms`: milliseconds since 1970-01-01 UTC, for what is stored.
struct lead_import {
  std::string folder; // made when it is not there
  std::vector<std::string> files;
  std::string disposable_domains; // a file; "": the list of the program
  std::string version;            // of this program, for a new folder
  bool strict = false;            // the first bad record ends the import; what was durable stays
  uint64_t now_ms = 0;
  std::function<void(int percent)> progress{};
  std::function<void(const std::string&)> bad_record{}; // its sentence, as it is met
};

/// Counts from 0.
struct lead_import_report {
  uint64_t files = 0;
  uint64_t records = 0; // without the bad ones
  uint64_t bad = 0;
  uint64_t added = 0;    // curation results that are new
  uint64_t repeated = 0; // that were stored already
  uint64_t settings = 0; // records of kind settings, which change nothing
  intake_counts prospects;
};

/// In batches of a bounded number of documents, each durable before the next. Reading a file again
/// changes nothing but the counters of the intake's duplicates. Faults: busy when a node has the
/// folder, with advice; those of the files and of the disk.
result<lead_import_report> import_leads(const lead_import& what);

} // namespace sluice
