/// Reads the list of throw-away domains: one a line, # begins a comment.
#pragma once

#include "rules/leads/intake.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::io {

/// configs/disposable-domains.txt as the program was built with.
std::string_view disposable_domains_text();

/// At most 1'000'000 domains of at most 253 bytes, in lower case from then on. ec::bad_input with
/// file, line and what was expected; `name` stands for the file.
result<disposable_domains> parse_disposable_domains(std::string_view text, const std::string& name);

/// The same from a file; of "" the list of the program. ec::unreachable when it cannot be read.
result<disposable_domains> read_disposable_domains(const std::string& path);

} // namespace sluice::io
