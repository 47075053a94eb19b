#include "tools/replay/replay_report.hpp"

#include <algorithm>
#include <vector>

namespace sluice::tools {

namespace {

/// "swap 1103, burn 347": the most frequent first.
std::string listed(const std::map<std::string, uint64_t>& counts) {
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [name, count] : sorted)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text.empty() ? "none" : text;
}

uint64_t total(const std::map<std::string, uint64_t>& counts) {
  uint64_t sum = 0;
  for (const auto& [name, count] : counts)
    sum += count;
  return sum;
}

std::string difference_text(const replay_report& x) {
  return x.file + ":" + std::to_string(x.first->line) + ": "
         + (x.first->field.empty() ? "" : x.first->field + ": ") + "expected " + x.first->expected
         + ", got " + x.first->got + "\n";
}

std::string price_text(const replay_report& x) {
  return "sqrtPriceX96 " + to_string(x.sqrt_price_x96) + ", tick " + std::to_string(x.tick)
         + ", liquidity " + to_string(u256{x.liquidity});
}

std::string swap_text(const replay_report& x) {
  return std::to_string(x.exact_input) + " exact input, " + std::to_string(x.exact_output)
         + " exact output, " + std::to_string(x.at_limit) + " stopped at their limit";
}

} // namespace

std::string as_text(const replay_report& x) {
  if (x.first)
    return difference_text(x);
  const auto count = std::to_string(x.operations);
  if (!x.corpus)
    return x.file + ": " + count + " events, " + std::to_string(x.swaps) + " swaps: " + swap_text(x)
           + (x.slipstream ? "; " + std::to_string(x.fee_changes) + " changes of the fee" : "")
           + "; 0 differ\n";
  if (x.compared)
    return x.file + ": " + count + " operations, " + std::to_string(x.agree) + " agree, 0 differ\n";
  if (x.dumped)
    return x.file + ": " + count + " operations, " + std::to_string(x.checkpoints)
           + " checkpoints written\n";
  return x.file + ": " + count + " operations on " + (x.name.empty() ? "a pool" : x.name) + " (fee "
         + std::to_string(x.fee) + ", tick spacing " + std::to_string(x.tick_spacing)
         + ")\n  operations   " + listed(x.kinds) + "\n  reverted     "
         + std::to_string(total(x.reverts)) + (x.reverts.empty() ? "" : ": " + listed(x.reverts))
         + "\n  swaps        " + std::to_string(x.swaps) + ": " + swap_text(x) + "\n  final price  "
         + price_text(x) + "\n";
}

io::json as_json(const replay_report& x) {
  io::json object{{"file", x.file},
                  {"kind", x.corpus ? "operations" : "events"},
                  {"fee", x.fee},
                  {"tick_spacing", x.tick_spacing},
                  {x.corpus ? "operations" : "events", x.operations}};
  if (x.compared) {
    object["agree"] = x.agree;
    object["differ"] = x.first ? 1 : 0;
  }
  if (x.corpus)
    object["checkpoints"] = x.checkpoints;
  object["kinds"] = x.kinds;
  if (x.corpus)
    object["reverts"] = x.reverts;
  object["swaps"] = {{"total", x.swaps},
                     {"exact_input", x.exact_input},
                     {"exact_output", x.exact_output},
                     {"at_limit", x.at_limit}};
  if (x.slipstream) {
    object["pool"] = "slipstream";
    object["fee_changes"] = x.fee_changes;
  }
  object["final"] = {{"sqrt_price_x96", to_string(x.sqrt_price_x96)},
                     {"tick", x.tick},
                     {"liquidity", to_string(u256{x.liquidity})}};
  if (x.first)
    object["first_difference"] = {{"line", x.first->line},
                                  {"field", x.first->field},
                                  {"expected", x.first->expected},
                                  {"got", x.first->got}};
  return object;
}

} // namespace sluice::tools
