/// Writes the liquidity mechanism's settings as TOML.
#pragma once

#include "io/config/toml_text.hpp"
#include "rules/liquidity/config.hpp"

#include <string>

namespace sluice::io {

/// policy and simulators, of whatever table was begun.
void write_rules(toml_text& out, const liquidity_settings& settings);

/// The table emission; `at` stands before its name: "" or "liquidity.".
void write_emission(toml_text& out, const std::string& at, const liquidity_settings& settings);

/// Every job.
void write_jobs(toml_text& out, const std::string& at, const liquidity_settings& settings);

} // namespace sluice::io
