/// Writes the liquidity mechanism's settings as TOML.
#pragma once

#include "io/config/toml_text.hpp"
#include "rules/liquidity/config.hpp"

#include <cstdint>
#include <string>

namespace sluice::io {

/// policy and simulators, of whatever table was begun.
void write_rules(toml_text& out, const liquidity_settings& settings);

/// The table emission; `at` stands before its name: "" or "liquidity.".
void write_emission(toml_text& out, const std::string& at, const liquidity_settings& settings);

/// Which keys of a job are written that version 0.2.0 did not have.
enum class newer_keys : uint8_t {
  all = 0,
  changed, // only those that are not as in node_job(): a configuration from before has the text it
           // had
};

/// Every job.
void write_jobs(toml_text& out, const std::string& at, const liquidity_settings& settings,
                newer_keys which);

} // namespace sluice::io
