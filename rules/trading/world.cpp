#include "rules/trading/world.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice {

namespace {

bool before_identity(const trading_identity& a, std::string_view coldkey, std::string_view hotkey) {
  return std::tuple{std::string_view{a.coldkey}, std::string_view{a.hotkey}}
         < std::tuple{coldkey, hotkey};
}

/// Where the identity is, or where it belongs.
template <class World>
auto place_of_identity(World& world, std::string_view coldkey, std::string_view hotkey) {
  return std::lower_bound(
    world.identities.begin(), world.identities.end(), std::pair{coldkey, hotkey},
    [](const auto& a, const auto& key) { return before_identity(a, key.first, key.second); });
}

template <class Place, class World>
bool is_identity(const World& world, Place at, std::string_view coldkey, std::string_view hotkey) {
  return at != world.identities.end() && at->coldkey == coldkey && at->hotkey == hotkey;
}

/// Shows an identity that is there, or adds one when it is a miner.
void show(trading_world& world, const trading_neuron& x, int64_t time_us) {
  const auto at = place_of_identity(world, x.coldkey, x.hotkey);
  if (is_identity(world, at, x.coldkey, x.hotkey)) {
    at->last_uid = x.uid;
    at->registered = true;
    return;
  }
  if (x.dividends != 0)
    return;
  trading_identity added{x.coldkey, x.hotkey, x.uid, true, time_us, std::nullopt};
  if (const auto ahead = world.tracking_ahead.find({x.coldkey, x.hotkey});
      ahead != world.tracking_ahead.end()) {
    added.tracking_start_us = ahead->second;
    world.tracking_ahead.erase(ahead);
  }
  world.identities.insert(at, std::move(added));
}

bool is_credited_before(const trading_identity& a, const trading_identity& b) {
  return std::tuple{!a.registered, a.last_uid, std::string_view{a.hotkey}}
         < std::tuple{!b.registered, b.last_uid, std::string_view{b.hotkey}};
}

} // namespace

std::string_view name_of(trading_status x) {
  constexpr std::array<std::string_view, 3> names{"active", "inactive", "blacklisted"};
  return names.at(static_cast<size_t>(x));
}

std::string_view name_of(event_outcome x) {
  constexpr std::array<std::string_view, event_outcomes> names{
    "applied", "future", "registered_subnet", "unknown_coldkey", "before_tracking"};
  return names.at(static_cast<size_t>(x));
}

result<nothing> observe(trading_world& world, const metagraph_snapshot& snapshot) {
  if (snapshot.block < world.block)
    return fault{ec::invalid_argument, "a metagraph of block " + std::to_string(snapshot.block)
                                         + " after one of block " + std::to_string(world.block)
                                         + "; give snapshots by rising block"};
  std::set<uint16_t> uids;
  std::set<std::string_view> hotkeys;
  for (const auto& x : snapshot.neurons)
    if (!uids.insert(x.uid).second || !hotkeys.insert(x.hotkey).second)
      return fault{ec::bad_input, "the metagraph of block " + std::to_string(snapshot.block)
                                    + " has uid " + std::to_string(x.uid) + " or hotkey " + x.hotkey
                                    + " twice; each neuron is there once"};
  world.block = snapshot.block;
  world.time_us = snapshot.time_us;
  for (auto& x : world.identities)
    x.registered = false;
  for (const auto& x : snapshot.neurons)
    show(world, x, snapshot.time_us);
  return nothing{};
}

void set_tracking_start(trading_world& world, const std::string& hotkey, const std::string& coldkey,
                        int64_t time_us) {
  const auto at = place_of_identity(world, coldkey, hotkey);
  if (is_identity(world, at, coldkey, hotkey))
    at->tracking_start_us = time_us;
  else
    world.tracking_ahead[{coldkey, hotkey}] = time_us;
}

const trading_identity* credited(const trading_world& world, std::string_view coldkey) {
  const trading_identity* best = nullptr;
  for (auto at = place_of_identity(world, coldkey, {});
       at != world.identities.end() && at->coldkey == coldkey; ++at)
    if (!best || is_credited_before(*at, *best))
      best = &*at;
  return best;
}

const trading_identity* identity_of(const trading_world& world, std::string_view hotkey) {
  const trading_identity* best = nullptr; // a hotkey that changed its coldkey: the one of now
  for (const auto& x : world.identities)
    if (x.hotkey == hotkey && (!best || (x.registered && !best->registered)))
      best = &x;
  return best;
}

const trading_identity* identity_at(const trading_world& world, uint16_t uid) {
  const auto at = std::find_if(world.identities.begin(), world.identities.end(),
                               [uid](const auto& x) { return x.registered && x.last_uid == uid; });
  return at == world.identities.end() ? nullptr : &*at;
}

trading_status status_of(const trading_world& world, const trading_identity& x) {
  if (world.blacklist.contains(x.hotkey))
    return trading_status::blacklisted;
  return x.registered ? trading_status::active : trading_status::inactive;
}

book_facts facts_of(const trading_world& world, std::string_view coldkey, uint16_t netuid) {
  book_facts facts;
  if (const auto there = world.registered.find(netuid); there != world.registered.end()) {
    facts.registered_known = true;
    facts.registered_there = there->second.contains(std::string{coldkey});
  }
  if (const auto* x = credited(world, coldkey)) {
    facts.hotkey = x->hotkey;
    facts.counts_from_us = x->counts_from_us();
  }
  return facts;
}

event_outcome outcome_of(const book_facts& facts, int64_t time_us, int64_t now_us) {
  if (time_us > now_us)
    return event_outcome::future;
  if (facts.registered_there)
    return event_outcome::registered_subnet;
  if (facts.hotkey.empty())
    return event_outcome::unknown_coldkey;
  return time_us < facts.counts_from_us ? event_outcome::before_tracking : event_outcome::applied;
}

} // namespace sluice
