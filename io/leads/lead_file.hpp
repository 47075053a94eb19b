/// Reads files of lead records: JSON lines, and what Firestore's REST interface answers.
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/leads/lead.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::io {

/// The first record of a case (mechanisms-large/README.md), as it came.
struct lead_file_settings {
  json value;
};

/// A record, and the line where it begins, from 1.
struct lead_record {
  uint32_t line = 0;
  std::variant<curation_result, prospect_batch, lead_file_settings> what;
};

/// A record that was passed over. `reason`: "FILE:LINE:COLUMN: field: expected ..., got ...; ...".
struct bad_lead_record {
  uint32_t line = 0;
  std::string reason;
};

struct lead_file_options {
  bool strict = false; // the first bad record ends the reading with ec::bad_input
  /// Called now and then with the bytes read and those of the file (0: not known).
  std::function<void(uint64_t, uint64_t)> progress{};
};

/// Counts from 0.
struct lead_file_counts {
  uint64_t records = 0; // without the bad ones
  uint64_t bad = 0;
};

/// Who takes records; either may answer a fault, which ends the reading with it.
using take_lead_record = std::function<result<nothing>(const lead_record&)>;
using take_bad_record = std::function<void(const bad_lead_record&)>;

/// Reads a file. Its form is found out:
///   JSON lines: an object a line, by its `kind` (curation_result, prospects, settings) or, without
///     one, by what it has (`leads`, `prospects`); or a Firestore document a line;
///   a JSON text over any lines: a Firestore document, a list {"documents": [...]}, an answer of
///     runQuery [{"document": ...}, ...], or a list of such objects as lines have.
/// Lines are at most 16 MiB, a JSON text 64 MiB, at most 64 deep. ec::unreachable when the file
/// cannot be read, ec::bad_input when it is no such file, or strict and a record is bad.
result<lead_file_counts> read_lead_file(const std::string& path, const lead_file_options& options,
                                        const take_lead_record& take, const take_bad_record& bad);

/// The same of a text; `name` stands for the file in sentences.
result<lead_file_counts>
read_lead_text(std::string_view text, const std::string& name, const lead_file_options& options,
               const take_lead_record& take, const take_bad_record& bad);

} // namespace sluice::io
