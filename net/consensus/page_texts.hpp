/// What consensus says of miners as JSON, one function per answer.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"
#include "rules/consensus/stats.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::net {

/// A record, with who reported last and for which epoch, where that is known. Never changes.
struct shown_record {
  consensus_record record;
  std::optional<uint16_t> reporter;
  std::optional<uint64_t> epoch;
};

/// Everything that an answer about all miners is made of, at one moment.
struct pages_view {
  std::vector<std::shared_ptr<const shown_record>> records; // by uid
  consensus_statistics statistics;
  uint64_t vanished = 0; // miners whose last report is older than fallback_s
  uint64_t version = 0;
  uint64_t now_ms = 0; // milliseconds since 1970-01-01 UTC
};

/// "2025-08-25T06:01:59.470000Z". Milliseconds since 1970-01-01 UTC; beyond the year 9999 its end.
std::string utc_text(uint64_t unix_ms);

/// The state of a record at `now_ms` (milliseconds since 1970-01-01 UTC): a quorum ends with the
/// window, whether somebody has looked since or not.
consensus_state
state_at(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings);
/// Does its status serve, merged or as a fallback?
bool serves_at(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings);
/// When either of them changes at the earliest, later than `now_ms`; none: never. Milliseconds
/// since 1970-01-01 UTC, as `now_ms`.
std::optional<uint64_t>
changes_after(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings);

/// All of these end with a line feed.
///
/// GET /api/v1/miners/{uid}/consensus of a record with a quorum.
std::string
consensus_text(const shown_record& x, uint64_t now_ms, const consensus_settings& settings);
/// GET /api/v1/miners/network-status
std::string network_status_text(const pages_view& x, const consensus_settings& settings);
/// GET /api/v1/validators/consensus-stats
std::string consensus_stats_text(const pages_view& x, const consensus_settings& settings);
/// GET /api/v1/miners
std::string selectable_text(const pages_view& x, const consensus_settings& settings);
/// GET /health
std::string health_text(const pages_view& x, const consensus_settings& settings);

/// A change as subscribers read it; without a line feed.
std::string change_text(const consensus_record& x, uint64_t version);
/// The first line of a subscriber: every later change has a higher version.
std::string snapshot_text(uint64_t version, size_t miners, uint64_t now_ms);

} // namespace sluice::net
