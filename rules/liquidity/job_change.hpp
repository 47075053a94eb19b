/// What may change in the settings of a job that has played: what is stored of it stays valid.
#pragma once

#include "rules/liquidity/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A setting of a job that cannot change once the job has played. `key`: below the job's table,
/// "pool.fee"; the values as a configuration states them, at most 80 bytes of each.
struct frozen_change {
  std::string key;
  std::string was;
  std::string is;
  bool operator==(const frozen_change&) const = default;
};

/// Is the key one of those? `key` as above. No error.
bool is_frozen(std::string_view key);

/// Why, as a clause, with what to do instead; "" when it is not frozen. No error.
std::string why_frozen(std::string_view key);

/// What a change of a key means for a job that has played, as a clause: "from the next round on".
/// "" for the empty key. No error.
std::string meaning_of_job_key(std::string_view key);

/// The frozen settings that differ, in the order of a configuration. `was`: with which its rounds
/// were played. No error.
std::vector<frozen_change> frozen_changes(const job_config& was, const job_config& is);

} // namespace sluice
