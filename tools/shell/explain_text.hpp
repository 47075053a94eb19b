/// How `explain` is told on a terminal: the score first, then what it is made of.
#pragma once

#include "tools/shell/render.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace sluice::tools {

std::string explain_text(const nlohmann::ordered_json& told, const render_style& style);

/// Of render.cpp: a list of objects, and one object.
std::string table_text(const nlohmann::ordered_json& rows, const render_style& style);
std::string pairs_text(const nlohmann::ordered_json& object, const render_style& style);

} // namespace sluice::tools
