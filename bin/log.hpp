/// The log of this process, for people.
#pragma once

#include "rules/config/log_settings.hpp"
#include "rules/result.hpp"

#include <cstdio>
#include <string>

namespace sluice::bin {

/// From now on spdlog writes to `to`, a line per record in our letters (tools/print.hpp), at once
/// and from any thread. What strangers put into a record does not begin a line, and records that
/// repeat are counted (io/output/log_line.hpp). `name` stands in every line unless it is empty.
void log_to(std::FILE* to, std::string name);

/// The same into a file, through a queue and a thread of its own, in UTF-8. Faults: those of
/// io::log_file::open.
result<nothing> log_into(const log_settings& settings, std::string name);

/// Opens the log file anew, when there is one: what is at its name may be another file.
void reopen_log();

/// Writes what is counted and not written yet.
void end_log();

} // namespace sluice::bin
