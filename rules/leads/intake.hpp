/// Which sourced leads are taken into the pool, and the order of those that a buyer is delivered.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/leads/lead.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// How the checks of a sourced lead end; the first that fails decides, in this order, but that the
/// domain is looked at before what stands in front of it. Numbers are stored and travel.
enum class intake_verdict : uint8_t {
  accepted = 0,
  missing_email,
  missing_business,
  too_long,          // a field beyond leads_limits
  bad_email,         // no @, or not the form of an address
  bad_domain,        // without a dot, or with a space
  disposable_domain, // a throw-away address
  wrong_source,      // states another miner than the one that handed it in
  duplicate,         // the pool has it
};
inline constexpr size_t intake_verdicts = 9;
constexpr bool known(intake_verdict x) {
  return static_cast<uint8_t>(x) < intake_verdicts;
}
/// "accepted", "missing_email", ...: also the name of a counter.
std::string_view name_of(intake_verdict x);
/// A sentence for the miner: what is wrong and what was expected; "" for accepted.
std::string reason_of(intake_verdict x, const lead& of);

/// Domains in lower case; their subdomains count as they do.
using disposable_domains = std::set<std::string, std::less<>>;

/// The eight of facts/mechanisms B3.8.
const disposable_domains& usual_disposable_domains();

/// Spaces around fields go, the e-mail address and its domain become lower case.
lead normalised(lead x);

/// By the form alone: one @, letters, digits and ._%+- before it, a domain of letters, digits, dots
/// and hyphens behind it that ends in a dot and two letters or more.
bool is_email(std::string_view text);

/// The part behind the last @, in lower case; "" without one.
std::string domain_of(std::string_view email);

/// All checks of a lead that `submitted_by` handed in. `x` is normalised. `is_known`: the pool has
/// one of its ident. A lead without a source is of who handed it in.
intake_verdict check_sourced(const lead& x, const hotkey& submitted_by,
                             const disposable_domains& disposable, bool is_known);

/// Takes the leads that a buyer would not be sent out of an answer: the checks above but for whose
/// they are and whether they are known. What stays is normalised, in its order. How many went.
size_t drop_unfit(std::vector<lead>& leads, const disposable_domains& disposable);

/// How many of each verdict, from 0.
struct intake_counts {
  std::vector<uint64_t> by_verdict = std::vector<uint64_t>(intake_verdicts);
  SLUICE_FIELDS(by_verdict)
  bool operator==(const intake_counts&) const = default;

  void count(intake_verdict x) { ++by_verdict.at(static_cast<size_t>(x)); }
  uint64_t of(intake_verdict x) const { return by_verdict.at(static_cast<size_t>(x)); }
};

/// The best by conversion_score, then in order of arrival; without a score, or with one that is no
/// finite number, last. A lead that comes again (pool_ident_of, else id) is left out: the better
/// place counts. At most `most`. `by_arrival`: in that order. No error.
std::vector<lead> best_leads(std::span<const lead> by_arrival, size_t most);

} // namespace sluice
