#include "io/config/listed_once.hpp"

namespace sluice::io {

void listed_once::check_uid(config_table& table, uint16_t uid) {
  if (!uids_.insert(uid).second)
    table.refuse("uid", "a uid that nobody else has");
}

void listed_once::check_hotkey(config_table& table, const std::string& key) {
  if (!keys_.insert(key).second)
    table.refuse("hotkey", "a hotkey that nobody else has");
}

} // namespace sluice::io
