/// What `sluice audit` prints, and what it exits with.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"

#include <string>
#include <vector>

namespace sluice::tools {

/// Prints what was found and answers the exit code: 0 when all is the same, else 1. `output` is
/// "json", or a line each; `one`: only the verdict of the one that there is. With `one` there must
/// be a finding.
int show_findings(const std::vector<audit_finding>& found, const std::string& output, bool one);

/// Prints why nothing could be audited; 2 when what was asked for is not there, else 3. What is not
/// there: refused, no_such_key or bad_input.
int cannot_audit(const fault& why);

} // namespace sluice::tools
