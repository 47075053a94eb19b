/// How `sports explain` is shown on a terminal: the weight, the tiers, the days, the predictions.
#pragma once

#include "rules/admin/commands.hpp"

#include <string>
#include <string_view>

namespace sluice::tools {

/// Of the JSON document that `sports explain` answers. Ends in '\n'. What is no such document is
/// shown as every other answer (shell/render.hpp).
std::string sports_explain_text(std::string_view document, const admin::answer_style& style);

} // namespace sluice::tools
