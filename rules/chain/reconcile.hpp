/// Makes the embedded chain what a changed configuration states of it.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sluice {

/// What a configuration states of the chain.
struct configured_chain {
  chain_params params;
  std::vector<neuron> neurons; // uids 0 to 65535, each uid and each hotkey once; not checked here
};

/// Registers who is new, replaces at a uid whose hotkey is another now, moves who has another uid,
/// sets stakes, permits and parameters, and drops who was configured `before` and is not now. Who
/// was let in otherwise stays. `before`: null when it is not known; then nobody is dropped, and
/// who stands at a configured uid gives way. Block, nonces and the weights of uids that keep their
/// hotkey stay. Answers a sentence per change, in order of uids. ec::refused, and nothing is
/// changed: a configured uid is of a hotkey that was let in at run time.
result<std::vector<std::string>>
reconcile(dev_chain& chain, const configured_chain& now, const configured_chain* before);

/// Would epochs that are over come again? Their weights are decided and stored.
bool epochs_go_back(const dev_chain& chain, const chain_params& now);

/// Would the chain stand still until the steps have caught up? `steps` that are done, from 0;
/// `blocks_per_step`: from 1.
bool blocks_go_back(const dev_chain& chain, uint64_t steps, uint64_t blocks_per_step);

} // namespace sluice
