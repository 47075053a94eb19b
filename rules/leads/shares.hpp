/// From curation results to every miner's share: duplicates, window, tallies, three formulas.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/leads/config.hpp"
#include "rules/leads/lead.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice {

/// What became of every lead that was read. Counts from 0; leads = used + skipped_bad_timestamp +
/// out_of_window + duplicates.
struct lead_counts {
  uint64_t documents = 0;
  uint64_t leads = 0;
  uint64_t used = 0;
  uint64_t skipped_bad_timestamp = 0; // neither the lead nor its document has a time
  uint64_t out_of_window = 0;
  uint64_t duplicates = 0;
  uint64_t incomplete = 0; // used, but without source or without curated_by
  SLUICE_FIELDS(documents, leads, used, skipped_bad_timestamp, out_of_window, duplicates,
                incomplete)
  bool operator==(const lead_counts&) const = default;
};

/// Leads of one miner that count, from 0. A double where an example hands in one.
struct miner_tally {
  uint64_t curated = 0;
  uint64_t sourced = 0;
  SLUICE_FIELDS(curated, sourced)
  bool operator==(const miner_tally&) const = default;
};
using lead_tallies = std::map<hotkey, miner_tally>;

/// Of the miners that are listed; all 0 when there are none. Shares have no unit, 0 to 1.
struct share_stats {
  uint32_t total_miners = 0;
  double total_share = 0; // 1, or 0 when nobody is listed
  double min_share = 0;
  double max_share = 0;
  double mean_share = 0;
  uint32_t zero_share_miners = 0;
  SLUICE_FIELDS(total_miners, total_share, min_share, max_share, mean_share, zero_share_miners)
  bool operator==(const share_stats&) const = default;
};

/// The original's result (facts/mechanisms B2).
struct lead_shares {
  std::map<hotkey, double> weights_dict; // 0 to 1, sum 1 or empty
  share_stats stats;
  SLUICE_FIELDS(weights_dict, stats)
  bool operator==(const lead_shares&) const = default;
};

/// Weights of the formula of version 2, and what each is paid.
struct v2_weights {
  uint64_t events = 0;
  std::map<hotkey, double> weights; // 0.10 K + 0.45 S + 0.45 C; of who has an event
  std::map<hotkey, double> paid;    // emission * weight / sum of the weights
  double sum = 0;                   // of the weights: 1, or 0.9 when K has no event
  SLUICE_FIELDS(events, weights, paid, sum)
  bool operator==(const v2_weights&) const = default;
};

/// Shares by `policy` ratio or raw of facts/mechanisms B3.3; empty when all tallies are 0. Who is
/// listed with 0 is listed in the result. Weights are from 0, not checked. No error.
lead_shares
shares_of(const lead_tallies& tallies, double w_curated, double w_sourced, share_policy policy);

/// The formula of version 2 (facts/mechanisms B3.4) over `events` leads, of which `tallies` states
/// who sourced and who curated how many. Empty when there are none. No error.
v2_weights
v2_of(const lead_tallies& tallies, uint64_t events, const hotkey& k_miner, double emission);

/// What these weights add up to, their least, greatest and mean.
share_stats stats_of(const std::map<hotkey, double>& weights);

/// What becomes of a lead; the first of these that fits.
enum class lead_fate : uint8_t { bad_timestamp, out_of_window, duplicate, used };
/// "skipped_bad_timestamp", "out_of_window", "duplicates", "used": as the counts are called.
std::string_view name_of(lead_fate x);

/// Reads documents one by one and counts. Memory: an entry for each lead that can be a duplicate -
/// of one request when `grouped`, which asks for documents in the order of their requests.
class lead_counter {
public:
  explicit lead_counter(lead_window window, bool grouped = false)
    : window_(window), grouped_(grouped) {}

  void add(const curation_result& x);

  /// The same in parts: a document begins, then each of its leads.
  void begin(const curation_result& x);
  lead_fate take(const lead& x, const lead_time& of_document);

  const lead_counts& counts() const { return counts_; }
  /// Of leads in the window.
  const lead_tallies& tallies() const { return tallies_; }
  /// Of all of time: leads with source, curated_by and a conversion score, duplicates once.
  const lead_tallies& v2_tallies() const { return v2_tallies_; }
  uint64_t v2_events() const { return v2_events_; }

private:
  using key = std::tuple<std::string, std::string, std::string>; // request, ident, curated_by

  lead_window window_;
  bool grouped_;
  std::string request_;
  lead_counts counts_;
  lead_tallies tallies_;
  lead_tallies v2_tallies_;
  uint64_t v2_events_ = 0;
  std::set<key> seen_;
  std::set<key> v2_seen_;
};

/// Is there anything to publish? Numbers are stored.
enum class share_status : uint8_t {
  ok = 0,
  no_data, // nobody has a share: nothing is published
};
constexpr bool known(share_status x) {
  return x == share_status::ok || x == share_status::no_data;
}
/// "ok", "no_data"
std::string_view name_of(share_status x);

/// All that one calculation found.
struct share_report {
  share_status status = share_status::no_data;
  lead_window window;
  lead_counts counts;
  lead_tallies tallies; // of the policy: in the window, or of all of time
  lead_shares shares;
  v2_weights v2;             // whatever the policy is
  double weighted_total = 0; // of the policy's scores, before they are divided by it
  SLUICE_FIELDS(status, window, counts, tallies, shares, v2, weighted_total)
  bool operator==(const share_report&) const = default;
};

/// What was counted, as shares by the settings. `k_miner`: who is K when the settings name nobody.
share_report report_of(const lead_counter& counted, const lead_window& window,
                       const leads_settings& settings, const hotkey& k_miner);

/// By share rounded to 12 decimals, largest first, then by hotkey.
std::vector<std::pair<hotkey, double>> ranked(const std::map<hotkey, double>& weights);

/// Shares as a row of the chain.
struct mapped_shares {
  std::vector<uint16_t> uids;  // ascending
  std::vector<double> weights; // of these, sum 1
  std::vector<uint16_t> u16_uids;
  std::vector<uint16_t> u16;   // of these: the largest is 65535, zeros left out
  std::vector<hotkey> dropped; // not in the metagraph, sorted
  std::string skip;            // why there is nothing to publish; "": there is
  SLUICE_FIELDS(uids, weights, u16_uids, u16, dropped, skip)
  bool operator==(const mapped_shares&) const = default;
};

/// Hotkeys that the metagraph lacks and weights that are not above 0 are left out, the others add
/// up to 1 again (facts/mechanisms B3.5). No error: what is left of nobody has a `skip`.
mapped_shares
map_to_uids(const std::map<hotkey, double>& weights, const std::map<hotkey, miner_uid>& metagraph);

} // namespace sluice
