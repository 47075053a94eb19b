/// What `sluice audit` prints, and what it exits with.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"

#include <string>
#include <vector>

namespace sluice::tools {

/// Prints what was found and answers the exit code: 0 when all is the same, else 1. `output` is
/// "json", or a line each; `one`: only the verdict of the one that there is.
int show_findings(const std::vector<audit_finding>& found, const std::string& output, bool one);

/// Says why nothing could be audited; 2 when what was asked for is not there, else 3.
int cannot_audit(const fault& why);

} // namespace sluice::tools
