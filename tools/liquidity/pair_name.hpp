/// What people call the two tokens of a recorded pool.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// Symbols in capitals, and a name for a job: small letters, digits and one '-'.
struct pair_name {
  std::string symbol0;
  std::string symbol1;
  std::string job;
  bool operator==(const pair_name&) const = default;
};

/// By the addresses that a recording states and the name of its file without folder and ending, as
/// "ens-weth-3000": the symbols of tokens that everybody trades are known here, and when the file
/// begins with two words of which one is such a token, the other word is the other one. `job`: the
/// two words as they stand in the file's name, "" when they are not these tokens. None when a
/// symbol stays unknown: a file's name alone does not state which token is token0. No error.
std::optional<pair_name>
pair_name_of(std::string_view stem, std::string_view token0, std::string_view token1);

/// The name of a job on these two tokens, as above; "" when the file is called otherwise. No error.
std::string job_name_of(std::string_view stem, std::string_view symbol0, std::string_view symbol1);

} // namespace sluice::tools
