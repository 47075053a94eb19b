/// Takes files of games and predictions into a data folder that no node has, settles and scores
/// what is in it.
#pragma once

#include "messages/sports/intake.hpp"
#include "rules/result.hpp"
#include "rules/sports/prediction.hpp"
#include "storage/sports/records.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A data folder, and when it is worked on.
struct sports_folder {
  std::string folder;
  std::string version; // of this program, for a new folder
  /// The moment, microseconds since 1970-01-01 UTC; none: the newest that the folder states.
  std::optional<int64_t> now_us{};
};

struct sports_import {
  sports_folder at; // made when it is not there; now_us: of games that state no moment
  std::vector<std::string> files;
  bool strict = false; // the first bad record ends the import; what was durable stays
  std::function<void(int percent)> progress{};
  std::function<void(const std::string&)> bad_record{}; // its sentence, as it is met
};

/// Counts from 0.
struct sports_import_report {
  uint64_t files = 0;
  uint64_t games = 0; // records
  uint64_t predictions = 0;
  uint64_t bad = 0;
  uint64_t confirmed_again = 0; // identical to one that was stored before
  std::array<uint64_t, prediction_code_names.size()> answers{};
};

/// Each prediction is judged at the moment that it states, under the rules of the folder; its miner
/// is whom the settings of the file name, else whom it claims. In batches, each durable before the
/// next; the same file again changes nothing but counts. Faults: busy when a node has the folder;
/// those of the files and of the disk.
result<sports_import_report> import_sports(const sports_import& what);

/// Settles what is due. Faults as above, but the folder must be there.
result<sports_settled> settle_sports_folder(const sports_folder& at);

/// Settles what is due, then computes daily parts, tiers, standings and weights as a node does;
/// every hotkey with a stored prediction takes part, under the uid of its newest. Faults as above;
/// no_such_key when nothing is stored.
result<sports_scoring> score_sports_folder(const sports_folder& at);

} // namespace sluice
