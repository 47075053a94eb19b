/// Recomputes everything that a data folder holds from its stored inputs.
#pragma once

#include "actors/mechanism_module.hpp"
#include "rules/audit_finding.hpp"
#include "rules/audit_scope.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice {

/// Every published epoch against the dev chain's own blocks: sent once, held as sent.
result<audit_finding> audit_weights(const storage::data_dir& disk);

/// All that every mechanism has stored (of rounds those of the scope), then the weights. `disk` was
/// opened with their tables.
result<std::vector<audit_finding>>
audit_everything(const storage::data_dir& disk, mechanism_list mechanisms,
                 const audit_scope& scope = {});

} // namespace sluice
