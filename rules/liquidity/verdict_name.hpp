/// A verdict as reports, the wire and the shell call it.
#pragma once

#include "rules/liquidity/answers.hpp"

#include <string_view>

namespace sluice {

constexpr std::string_view to_string(miner_verdict verdict) {
  switch (verdict) {
  case miner_verdict::scored:
    return "scored";
  case miner_verdict::refused:
    return "refused";
  case miner_verdict::failed:
    break;
  }
  return "failed";
}

constexpr std::string_view to_string(answer_result answer) {
  switch (answer) {
  case answer_result::accepted:
    return "accepted";
  case answer_result::invalid:
    return "invalid";
  case answer_result::refused:
    return "refused";
  case answer_result::silent:
    return "silent";
  case answer_result::undecodable:
    break;
  }
  return "undecodable";
}

} // namespace sluice
