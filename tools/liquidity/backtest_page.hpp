/// The page that shows a backtest: a template with the data inside.
#pragma once

#include "tools/liquidity/backtest_json.hpp"

#include <string_view>

namespace sluice::tools {

/// tools/liquidity/backtest.html: the page, with {{TITLE}} and {{DATA}} where those go, and
/// no other two opening braces side by side.
std::string_view backtest_page_text();

/// What the page draws: the head, every player's sums, lines, bands and rounds, bounded whatever
/// the number of rounds. Amounts are whole tokens.
io::json page_data(const backtest_report& report, std::string_view version);

/// Text that may stand in an element.
std::string html_text(std::string_view text);

/// JSON that may stand in a <script>: no end tag and no comment can begin in it.
std::string script_text(const io::json& x);

} // namespace sluice::tools
