#include "rules/consensus/worker_strategy.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/consensus/task_work.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace sluice {

namespace {

/// The first eight bytes of a hash of all that the answer depends on.
uint64_t chance_of_work(const worker_strategy& x, const hotkey& miner, const std::string& task) {
  const auto digest = sha256("work " + std::to_string(x.seed) + '\n' + miner.value + '\n' + task);
  uint64_t made = 0;
  for (size_t i = 0; i < sizeof made; ++i)
    made = made << 8 | digest[i];
  return made;
}

} // namespace

result<worker_strategy> parse_worker_strategy(std::string_view text) {
  const auto colon = text.find(':');
  std::string names;
  for (const auto x : worker_strategy_names)
    names.append(names.empty() ? "" : ", ").append(x);
  const fault wrong{ec::bad_input, "strategy: expected " + names + ", each also with :seed=NUMBER"};
  const auto at = std::ranges::find(worker_strategy_names, text.substr(0, colon));
  if (at == worker_strategy_names.end())
    return wrong;
  worker_strategy made;
  made.kind = static_cast<worker_strategy_kind>(at - worker_strategy_names.begin());
  if (colon == std::string_view::npos)
    return made;
  constexpr std::string_view option = "seed=";
  auto number = text.substr(colon + 1);
  if (!number.starts_with(option))
    return wrong;
  number.remove_prefix(option.size());
  const auto* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, made.seed);
  if (read.ec != std::errc{} || read.ptr != end)
    return wrong;
  return made;
}

std::optional<task_answer>
worker_answer(const worker_strategy& x, const hotkey& miner, const task_question& question) {
  constexpr uint64_t usual_ms = 1000;
  constexpr uint64_t slow_ms = 24'000;
  constexpr uint64_t spread_ms = 2000;
  const auto type = task_type_of(question.task_type);
  const auto chance = chance_of_work(x, miner, question.task_id);
  if (!type || x.kind == worker_strategy_kind::silent
      || (x.kind == worker_strategy_kind::lazy && chance % 2 == 0))
    return {};
  task_answer made;
  made.task_id = question.task_id;
  made.result = task_result(*type, question.payload);
  if (x.kind == worker_strategy_kind::liar)
    made.result = "no " + std::to_string(chance);
  made.processing_ms
    = (x.kind == worker_strategy_kind::slow ? slow_ms : usual_ms) + (chance >> 8) % spread_ms;
  return made;
}

} // namespace sluice
