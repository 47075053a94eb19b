#include "io/config/general_changes.hpp"

#include "rules/chain/reconcile.hpp"

#include <array>
#include <string_view>

namespace sluice::io {

namespace {

struct key_meaning {
  std::string_view table; // or key
  std::string_view meaning;
};

/// The first that a key is inside of.
constexpr std::array<key_meaning, 14> meanings{{
  {"name", "what people call this node"},
  {"validator", "who signs the weights from now on"},
  {"chain.tempo", "epochs have another length from now on"},
  {"chain.netuid", "weights are of another subnet, and epochs begin at other blocks"},
  {"chain.blocks_per_step", "the dev chain moves on by so many blocks per step, also for steps that"
                            " are done"},
  {"chain", "a rule of the dev chain from now on"},
  {"weights", "weights of epochs from now on"},
  {"storage", "how the folder is kept, from now on"},
  {"miner_gateway", "who comes in, and where, from now on"},
  {"fleet", "other machines, from now on"},
  {"metrics", "where this node listens"},
  {"api", "what this node serves"},
  {"log", "what is written to the log"},
  {"node", "how this process runs"},
}};

std::string people_meaning(const config_change& x, std::string_view come, std::string_view gone,
                           std::string_view other) {
  return std::string{x.was.empty() ? come : x.is.empty() ? gone : other};
}

std::string meaning_of(const config_change& x, const node_config& now) {
  if (is_inside(x.key, "neurons"))
    return people_meaning(x, "is registered on the dev chain", "leaves the dev chain",
                          "as the dev chain has it from now on");
  if (is_inside(x.key, "miners"))
    return people_meaning(x, "plays in this process from now on", "plays here no longer",
                          "plays so from now on");
  for (const auto& one : meanings)
    if (is_inside(x.key, one.table))
      return std::string{one.meaning};
  if (x.was.empty() && now.mechanisms.contains(x.key))
    return "this mechanism is run from now on";
  if (x.is.empty() && x.key.find_first_of(".[") == std::string::npos)
    return "is not run any more; what is stored of it stays";
  return {};
}

void refuse_change(config_change& x, std::string why) {
  x.allowed = false;
  x.why = std::move(why);
}

} // namespace

void judge_general(std::span<config_change> all, const node_config& now,
                   const folder_facts& facts) {
  for (auto& x : all)
    if (x.meaning.empty())
      x.meaning = meaning_of(x, now);
  if (!facts.chain)
    return;
  for (const std::string_view key : {"chain.tempo", "chain.netuid"})
    if (auto* x = find_change(all, key); x && epochs_go_back(*facts.chain, now.chain))
      refuse_change(*x, "block " + std::to_string(facts.chain->block) + " is of epoch "
                          + std::to_string(epoch_at(facts.chain->block, facts.chain->params).value)
                          + " now and would be of epoch "
                          + std::to_string(epoch_at(facts.chain->block, now.chain).value)
                          + ", whose weights are decided already; use a smaller tempo, or another"
                            " --data");
  if (auto* x = find_change(all, "chain.blocks_per_step");
      x && blocks_go_back(*facts.chain, facts.steps, now.chain_blocks_per_step))
    refuse_change(*x, "the dev chain is at block " + std::to_string(facts.chain->block)
                        + " and would stand still until so many steps are done; use a higher"
                          " number, or another --data");
}

} // namespace sluice::io
