/// How `leads explain` is shown on a terminal: the share, its terms, then the leads it comes from.
#pragma once

#include "rules/admin/commands.hpp"

#include <string>
#include <string_view>

namespace sluice::tools {

/// Of the JSON document that `leads explain` answers. Ends in '\n'. What is no such document is
/// shown as every other answer (shell/render.hpp).
std::string lead_explain_text(std::string_view document, const admin::answer_style& style);

} // namespace sluice::tools
