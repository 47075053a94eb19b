/// Uids and hotkeys of one list of a configuration, which may stand in it once.
#pragma once

#include "io/config/config_table.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace sluice::io {

/// The second with a uid or a hotkey is refused at its key.
class listed_once {
public:
  void check_uid(config_table& table, uint16_t uid);
  void check_hotkey(config_table& table, const std::string& key);

private:
  std::set<uint16_t> uids_;
  std::set<std::string> keys_;
};

} // namespace sluice::io
