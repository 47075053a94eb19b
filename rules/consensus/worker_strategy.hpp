/// What the workers of a dev world do with tasks: who answers rightly, slowly, seldom or wrongly.
#pragma once

#include "rules/consensus/task_exchange.hpp"
#include "rules/ids.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

enum class worker_strategy_kind : uint8_t {
  worker = 0, // does the work at once
  slow,       // does it in about 25 s
  lazy,       // does half of the tasks, and is silent on the others
  liar,       // answers every task with something else
  silent,     // answers nothing
};

inline constexpr std::array<std::string_view, 5> worker_strategy_names{"worker", "slow", "lazy",
                                                                       "liar", "silent"};

/// `seed`: any number of 64 bits.
struct worker_strategy {
  worker_strategy_kind kind = worker_strategy_kind::worker;
  uint64_t seed = 1;
  bool operator==(const worker_strategy&) const = default;
};

/// NAME or NAME:seed=NUMBER; ec::bad_input with the names there are.
result<worker_strategy> parse_worker_strategy(std::string_view text);

/// The answer of this miner; none: silence. The same arguments give the same answer. A task of a
/// type that there is not is not answered.
std::optional<task_answer>
worker_answer(const worker_strategy& x, const hotkey& miner, const task_question& question);

} // namespace sluice
