/// The flags that the commands of `sluice trading` share, and how their answers are shown.
#pragma once

#include "rules/result.hpp"
#include "rules/trading/stats.hpp"
#include "storage/data_dir.hpp"
#include "tools/trading/ledger.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sluice {

struct trading_flags {
  std::string data;
  std::string output;
};

struct import_flags {
  trading_flags common;
  std::vector<std::string> files;
  std::vector<std::string> pools;
  std::string world;
  std::string form = "any";
  std::string mapping = "in_is_tao";
  std::string now;
  bool strict = false;
};

/// `netuid` and `uid`: 0 to 65535. `limit`: rows, from 1.
struct query_flags {
  trading_flags common;
  std::string uid;
  std::string hotkey;
  std::optional<uint16_t> netuid;
  std::string from;
  std::string to;
  std::string status;
  size_t limit = 200;
};

void add_common_flags(CLI::App& command, trading_flags& flags);
void add_import_flags(CLI::App& command, import_flags& flags);
/// `status`: of positions.
void add_query_flags(CLI::App& command, query_flags& flags, bool status);

/// bad_input names the flag and what it expected.
result<tools::import_options> import_options_of(const import_flags& flags);
result<position_filter> filter_of_flags(const query_flags& flags, const storage::data_dir& disk);

/// Prints an answer, a table or JSON, and answers the exit code. `command`: of the shell, whose
/// columns it has.
int show_trading(const trading_flags& flags, const char* command,
                 const nlohmann::ordered_json& answer);

} // namespace sluice
