/// How `consensus show` is shown on a terminal: the record, its confidence, then every field with
/// the reports that it was merged from.
#pragma once

#include "rules/admin/commands.hpp"

#include <string>
#include <string_view>

namespace sluice::tools {

/// Of the JSON document that `consensus show` answers. Ends in '\n'. What is no such document is
/// shown as every other answer (shell/render.hpp).
std::string consensus_explain_text(std::string_view document, const admin::answer_style& style);

} // namespace sluice::tools
