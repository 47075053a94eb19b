#include "tools/trading/dev_world.hpp"

#include "io/trading/world_file.hpp"
#include "net/keys/ss58.hpp"
#include "rules/trading/name.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sluice::tools {

namespace {

constexpr uint64_t delegate_number = 1'000;

/// One of many addresses of a seed: 32 bytes out of splitmix64.
std::string dev_address(uint64_t seed, uint64_t number) {
  net::public_key key{};
  auto state = seed * 0x9e3779b97f4a7c15 + number;
  for (size_t i = 0; i < key.size(); i += 8) {
    state += 0x9e3779b97f4a7c15;
    auto x = state;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
    for (size_t byte = 0; byte < 8; ++byte)
      key[i + byte] = static_cast<uint8_t>(x >> (8 * byte));
  }
  return net::to_address(key);
}

metagraph_snapshot
dev_snapshot(const std::vector<dev_keys>& keys, int64_t began_us, int64_t after_us) {
  metagraph_snapshot out;
  out.time_us = began_us + after_us;
  out.block = dev_first_block + static_cast<uint64_t>(after_us / (12 * us_per_second));
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto& x = dev_traders()[i];
    auto uid = x.uid;
    if (x.kind == trader_kind::stranger)
      continue;
    if (x.kind == trader_kind::newcomer && after_us < dev_slot_lost_after_us)
      continue;
    if (x.kind == trader_kind::reregistered && after_us >= dev_slot_lost_after_us) {
      if (after_us < dev_reregistered_after_us)
        continue;
      uid = dev_second_uid;
    }
    out.neurons.push_back({uid, keys[i].hotkey, keys[i].coldkey, 0, 0});
  }
  return out;
}

/// `all`: whoever finds its slot taken is a fault, else it is left out.
result<nothing> add_registered(node_config& config, const trading_world& world, bool all) {
  std::map<uint16_t, std::string> slots;
  std::set<std::string> hotkeys;
  for (const auto& x : config.neurons) {
    slots.emplace(static_cast<uint16_t>(x.uid.value), x.key.value);
    hotkeys.insert(x.key.value);
  }
  for (const auto& x : world.identities) {
    if (!x.registered || hotkeys.contains(x.hotkey))
      continue;
    const auto [slot, fresh] = slots.emplace(x.last_uid, x.hotkey);
    if (!fresh && all)
      return fault{ec::bad_input,
                   "the generated traders of [trading] have the uids 20 to 31, but uid "
                     + std::to_string(x.last_uid) + " is that of the hotkey \"" + slot->second
                     + "\": give it another one"};
    if (!fresh)
      continue;
    hotkeys.insert(x.hotkey);
    config.neurons.push_back({{x.last_uid}, {x.hotkey}, 0, false});
  }
  std::sort(config.neurons.begin(), config.neurons.end(),
            [](const auto& a, const auto& b) { return a.uid < b.uid; });
  return nothing{};
}

} // namespace

std::vector<dev_keys> dev_keys_of(uint64_t seed) {
  std::vector<dev_keys> all;
  for (size_t i = 0; i < dev_traders().size(); ++i)
    all.push_back({dev_address(seed, 2 * i), dev_address(seed, 2 * i + 1)});
  return all;
}

bool has_dev_world(const trading_settings& x) {
  return std::any_of(x.feeds.begin(), x.feeds.end(),
                     [](const auto& feed) { return feed.kind == trading_feed_kind::world; });
}

int64_t dev_start_of(const trading_settings& x) {
  return x.now_us.value_or(dev_start_us);
}

trading_world dev_trading_world(const trading_settings& x) {
  const auto keys = dev_keys_of(x.world_seed);
  const auto began_us = dev_start_of(x) - dev_history_us;
  trading_world world;
  for (const auto after : {int64_t{0}, dev_slot_lost_after_us, dev_reregistered_after_us})
    (void)observe(world, dev_snapshot(keys, began_us, after)); // in order, every slot once
  for (uint16_t netuid = 1; netuid <= dev_subnets; ++netuid)
    world.registered[netuid];
  for (size_t i = 0; i < keys.size(); ++i) {
    if (dev_traders()[i].kind == trader_kind::owner)
      world.registered[dev_owned_netuid].insert(keys[i].coldkey);
    if (dev_traders()[i].kind == trader_kind::blacklisted)
      world.blacklist.insert(keys[i].hotkey);
  }
  return world;
}

dev_feed::dev_feed(const trading_settings& x)
  : market_began_us_(dev_start_of(x) - dev_history_us), keys_(dev_keys_of(x.world_seed)),
    delegate_(dev_address(x.world_seed, delegate_number)), market_(x.world_seed) {}

std::vector<trading_event> dev_feed::advance_to(int64_t now_us) {
  std::vector<trading_event> out;
  for (const auto& x : market_.advance_to(now_us - market_began_us_)) {
    trading_event event;
    event.coldkey = keys_[x.trader].coldkey;
    event.hotkey = delegate_;
    event.extrinsic = std::to_string(x.block) + '-' + std::to_string(x.trader);
    event.time_us = market_began_us_ + x.time_us;
    event.block = x.block;
    event.index = x.index;
    event.netuid = x.netuid;
    event.action = x.stake ? stake_action::stake : stake_action::unstake;
    event.tao = x.tao_rao;
    event.alpha = x.alpha;
    out.push_back(std::move(event));
  }
  return out;
}

result<nothing> add_trading_neurons(node_config& config) {
  const auto at = config.mechanisms.find(std::string{trading_name});
  const auto* settings
    = at == config.mechanisms.end() ? nullptr : at->second.find<trading_settings>();
  if (!settings)
    return nothing{};
  if (has_dev_world(*settings))
    return add_registered(config, dev_trading_world(*settings), true);
  if (settings->world_file.empty())
    return nothing{};
  const auto file = io::read_world_file(settings->world_file);
  return file ? add_registered(config, file->world, false) : result<nothing>{file.error()};
}

void seed_dev_world(trading_settings& x, uint64_t seed) {
  auto mixed = seed + 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  x.world_seed = mixed ^ (mixed >> 31);
}

} // namespace sluice::tools
