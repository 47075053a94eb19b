/// What a validator measures of its miners by connecting to them, and the list that it reports.
///
/// Nothing is made up: a field that was not measured is not in the item, and the confidence rule
/// lowers what the item counts for.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/consensus/report_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// Outcomes that are kept per miner, and how many of the latest count as recent.
inline constexpr size_t probe_outcomes_max = 32;
inline constexpr size_t probe_recent = 5;

/// Bytes of a list, at most: of a form they are up to twice as many, in a body of 1 MiB.
inline constexpr size_t probe_list_bytes_max = 480'000;

/// One miner of the metagraph, and what is known of it now.
struct probe_subject {
  uint16_t uid = 0; // 0 to 65535
  std::string hotkey;
  uint64_t stake_rao = 0;            // 10^-9 TAO
  std::string host;                  // of its axon; "": not known
  uint16_t port = 0;                 // the same; 1 to 65535
  std::optional<bool> connected;     // here, at the gateway; none: it never was
  std::optional<uint64_t> in_flight; // questions to it that are open; none: not known
};

/// Who is measured: everybody on the metagraph but validators and `own`, by uid. `connected`: by
/// hotkey, who is or was connected to this node's gateway. An axon that is no HOST:PORT is left out
/// (a configuration checks it).
std::vector<probe_subject>
probe_subjects(std::span<const neuron> metagraph, std::string_view own,
               std::span<const report_axon> axons, const std::map<std::string, bool>& connected);

/// Adds what they hold. `loads`: tasks of this node's, by uid; whoever is connected here and is not
/// in it holds none. Of anybody else nothing is known.
void add_loads(std::span<probe_subject> subjects, const std::map<uint16_t, uint64_t>& loads);

/// How one try to reach a miner ended.
struct probe_outcome {
  bool reached = false;
  std::optional<uint64_t> latency_us; // microseconds until the connection was there; of reached
  bool operator==(const probe_outcome&) const = default;
};

/// What is remembered of one miner.
struct probe_history {
  std::deque<probe_outcome> outcomes; // the latest last, probe_outcomes_max at most
  uint64_t last_seen_ms = 0;          // milliseconds since 1970-01-01 UTC; 0: never
};

/// From 0 to 1; none without an outcome. The tracker's weights (facts/mechanisms C3.9) of what a
/// connection can show: 0.4 of the rate of success, 0.3 of max(0, 1 - mean latency / timeout), 0.2
/// of the rate among the latest five, divided by the sum of the weights that were measured.
/// `timeout_ms`: from 1; a miner that needs all of it is as slow as one can be.
std::optional<double> probe_performance(const probe_history& x, uint64_t timeout_ms);

/// A list of items, as the routes take it.
struct probed_list {
  std::string json;    // [{...},...], at most probe_list_bytes_max
  size_t items = 0;    // in it
  size_t serving = 0;  // of them
  size_t left_out = 0; // miners that had no space
};

/// What a validator has measured, by uid and hotkey: a uid that another hotkey takes over begins
/// anew.
class probe_book {
public:
  /// `unix_ms`: milliseconds since 1970-01-01 UTC.
  void observe(uint16_t uid, const std::string& hotkey, const probe_outcome& x, uint64_t unix_ms);

  /// Forgets everybody else.
  void keep(std::span<const probe_subject> subjects);

  /// Fields of an item (facts/mechanisms C2): uid, hotkey, stake (TAO, exact decimals); ip and port
  /// where the axon is known; is_serving of the latest outcome, or whether it is connected here;
  /// performance_score; current_load where answers in flight are known; last_seen (UTC with Z).
  probed_list list(std::span<const probe_subject> subjects, uint64_t timeout_ms) const;

  /// Null for a stranger.
  const probe_history* find(uint16_t uid, const std::string& hotkey) const;

private:
  std::map<std::pair<uint16_t, std::string>, probe_history> all_;
};

/// Rao as TAO in exact decimals: "1", "0.000000001", "1000.5".
std::string tao_text(uint64_t rao);

/// "2026-01-02T03:04:05Z"; the milliseconds are cut off. Below the year 10'000, not checked.
std::string last_seen_text(uint64_t unix_ms);

} // namespace sluice
