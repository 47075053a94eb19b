/// Worked examples and end-to-end cases of the mechanisms, as values: `op` of an example, or a
/// folder of input files, to what this program makes of it.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace sluice::vectors {

using nlohmann::json;

/// From the `input` of an example to its `output` (mechanism-ops.md). Throws what nlohmann::json
/// throws when the input has another form.
using operation = std::function<json(const json& input)>;

/// By system and op: {"atx", "fifo_close"}.
using operations = std::map<std::pair<std::string, std::string>, operation>;

/// From the folder of a case to what its expected.json holds (mechanisms-large/README.md). Throws
/// std::runtime_error when an input cannot be read.
using case_reader = std::function<json(const std::filesystem::path& folder)>;

/// By the name of the system: "trading".
using case_readers = std::map<std::string, case_reader, std::less<>>;

void add_common_operations(operations& all);
void add_trading_operations(operations& all);
void add_leads_operations(operations& all);
void add_consensus_operations(operations& all);
void add_sports_operations(operations& all);

void add_trading_cases(case_readers& all);
void add_leads_cases(case_readers& all);
void add_consensus_cases(case_readers& all);
void add_sports_cases(case_readers& all);

/// All there are.
operations all_operations();
case_readers all_cases();

} // namespace sluice::vectors
