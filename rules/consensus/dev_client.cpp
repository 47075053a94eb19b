#include "rules/consensus/dev_client.hpp"

#include "rules/chain/sha256.hpp"

#include <array>
#include <string>

namespace sluice {

namespace {

constexpr std::array<std::string_view, 6> dev_sentences{
  "The harbour opens at six. Two ships wait outside.",
  "Rain is expected in the afternoon! Take the upper road.",
  "Who has the keys of the archive? They were last seen on Monday.",
  "The new line carries twice as many people as the old one.",
  "Bread, salt and oil are in the cellar. The gate is not locked.",
  "She measured the bridge again. It was shorter than in the plan."};

sha256_digest chance_of_task(uint64_t seed, uint64_t step, uint64_t number) {
  return sha256("client " + std::to_string(seed) + ' ' + std::to_string(step) + ' '
                + std::to_string(number));
}

} // namespace

std::vector<submit_task_call> dev_tasks(const dev_task_terms& terms, uint64_t step) {
  constexpr uint64_t miners_of_a_task = 3;
  std::vector<submit_task_call> made;
  for (uint64_t i = 1; i <= terms.tasks; ++i) {
    const auto chance = chance_of_task(terms.seed, step, i);
    submit_task_call x;
    x.caller.client = dev_client_name;
    x.idempotency = "dev-" + std::to_string(step) + '-' + std::to_string(i);
    x.type = static_cast<task_type>(chance[0] % task_type_names.size());
    x.priority = static_cast<task_priority>(chance[1] % task_priority_names.size());
    x.required_miner_count = 1 + chance[2] % miners_of_a_task;
    x.max_miner_count = miners_of_a_task;
    x.payload = dev_sentences[chance[3] % dev_sentences.size()];
    x.payload += '\n';
    x.payload += dev_sentences[chance[4] % dev_sentences.size()];
    made.push_back(std::move(x));
  }
  return made;
}

} // namespace sluice
