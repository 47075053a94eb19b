/// Takes the reports of validators: proves, reads, merges, stores, shows; the only writer of the
/// book.
#pragma once

#include "messages/chain.hpp"
#include "messages/consensus/intake.hpp"
#include "messages/storage_writer.hpp"
#include "net/consensus/pages.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/signed_report.hpp"
#include "storage/data_dir.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

/// Reports that wait for the one before to be durable; one more is ec::busy.
inline constexpr size_t waiting_reports_max = 1024;
/// And their bytes together.
inline constexpr size_t waiting_bytes_max = size_t{64} << 20;
/// Reports that are stored in one commit.
inline constexpr size_t stored_together_max = 64;

struct consensus_intake_config {
  consensus_settings rules;
  bool unproved = false;             // reports are taken with neither key nor signature
  bool stepped = true;               // time passes when the mechanism says so, else every second
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC
  report_verifier verifier;
  signed_report_terms freshness;
};

struct consensus_intake_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  std::shared_ptr<net::consensus_pages> pages; // what readers see
  /// A signed report was taken, for whoever passes it on; may be empty.
  std::function<void(std::shared_ptr<const signed_report>)> on_taken{};
};

/// Reports are taken in the order of arrival. Those that arrive while others are written are
/// written together. When a write fails, their senders get the reason and the book is what the disk
/// has. Fails when the disk cannot be read.
consensus_intake_actor
spawn_consensus_intake(caf::actor_system& system, consensus_intake_config config,
                       consensus_intake_links links);

} // namespace sluice
