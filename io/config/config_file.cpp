#include "io/config/config_file.hpp"

#include "io/config/config_log.hpp"
#include "io/config/config_network.hpp"
#include "io/config/config_node.hpp"
#include "io/config/config_publishing.hpp"
#include "io/config/config_storage.hpp"
#include "io/config/config_table.hpp"
#include "io/config/config_text.hpp"
#include "io/config/listed_once.hpp"
#include "rules/limits.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace sluice::io {
namespace {

using letters = config_table::letters;

constexpr size_t hotkey_bytes_max = 128; // and of a coldkey
constexpr size_t mechanism_name_bytes_max = 32;
constexpr uint64_t uid_max = limits::miners_max - 1;
constexpr uint64_t validator_stake = 1'000'000'000'000; // rao, when nothing is given

/// The name under which a key is there: `name`, or `before`, as version 0.1.0 called it.
std::string_view key_that_is_there(config_table& table, std::string_view name,
                                   std::string_view before, std::vector<std::string>& notes) {
  if (!table.has(before))
    return name;
  if (table.has(name))
    table.refuse(before, "one of " + std::string{name} + " and " + std::string{before}
                           + ", its name in version 0.1.0");
  notes.push_back(table.path_of(before) + ": is called " + std::string{name}
                  + " since version 0.2.0; read as if it had that name");
  return before;
}

void read_chain(config_table chain, node_config& out, std::vector<std::string>& notes) {
  chain.allow({"netuid", "tempo", "block_seconds", "min_allowed_weights", "weights_rate_limit",
               "weights_version_key", "stake_min", "blocks_per_step", "blocks_per_lap"});
  chain.read("netuid", out.chain.netuid, 0, UINT16_MAX);
  chain.read("tempo", out.chain.tempo, 1, 1'000'000);
  chain.read("block_seconds", out.chain.block_seconds, 1, 3600);
  chain.read("min_allowed_weights", out.chain.min_allowed_weights, 0, UINT16_MAX);
  chain.read("weights_rate_limit", out.chain.weights_rate_limit, 0, 1'000'000);
  chain.read("weights_version_key", out.chain.weights_version_key, 0, UINT64_MAX);
  chain.read("stake_min", out.chain.stake_min, 0, UINT64_MAX);
  chain.read(key_that_is_there(chain, "blocks_per_step", "blocks_per_lap", notes),
             out.chain_blocks_per_step, 1, 1'000'000);
}

void read_shares(config_table& weights, mechanism_shares& out) {
  auto shares = weights.table("shares");
  if (!shares)
    return;
  out.clear();
  double sum = 0;
  for (const auto& name : shares->keys()) {
    shares->read(name, out[name], 0, 1);
    sum += out[name];
  }
  if (!(sum <= 1 + 1e-9)) {
    std::ostringstream got;
    got << "a sum of " << sum;
    weights.refuse("shares", "shares that sum to at most 1", got.str());
  }
}

void read_weights(config_table weights, weights_settings& out, std::vector<std::string>& notes) {
  weights.allow({"shares", "burn_uid", "score_age_epochs", "sheet_age_epochs", "moved_max",
                 "uids_min", "burn_max", "version_key", "fill"});
  read_shares(weights, out.shares);
  weights.read("burn_uid", out.burn_uid.value, 0, uid_max);
  weights.read(key_that_is_there(weights, "score_age_epochs", "sheet_age_epochs", notes),
               out.score_age_epochs, 0, limits::score_age_epochs_max);
  weights.read("moved_max", out.moved_max, 0, 1);
  weights.read("uids_min", out.uids_min, 0, limits::miners_max);
  weights.read("burn_max", out.burn_max, 0, 1);
  weights.read("version_key", out.version_key, 0, UINT64_MAX);
  weights.choose<weight_fill>("fill", out.fill,
                              {{"none", weight_fill::none}, {"epsilon", weight_fill::epsilon}});
}

/// The mechanism that a miner of this table plays; null when there is none, which is refused.
const mechanism_section*
read_played(config_table& table, mechanism_sections sections, local_miner_config& miner) {
  table.read("mechanism", miner.mechanism, letters::token, mechanism_name_bytes_max);
  const auto* usual = played_by(sections, {});
  if (!usual)
    table.refuse("strategy", "a strategy as NAME or NAME:key=value,...", {},
                 "no mechanism of this program has miners in this process");
  const auto* played = played_by(sections, miner.mechanism);
  if (usual && !played) {
    std::string names;
    for (const auto& x : sections)
      if (x.strategy_fault)
        names += (names.empty() ? "" : ", ") + x.name;
    table.refuse("mechanism", "a mechanism that has miners in this process, of " + names);
  }
  if (played == usual)
    miner.mechanism.clear(); // as when it is left out
  return played;
}

void read_miners(config_table& root, mechanism_sections sections, node_config& out) {
  listed_once seen;
  for (auto& table : root.tables("miners", limits::miners_max)) {
    table.allow({"uid", "hotkey", "strategy", "mechanism", "coldkey"});
    for (const std::string_view key : {"uid", "hotkey", "strategy"})
      table.require(key);
    local_miner_config miner;
    table.read("uid", miner.uid.value, 0, uid_max);
    table.read("hotkey", miner.key.value, letters::hotkey, hotkey_bytes_max);
    table.read("strategy", miner.strategy, letters::token, 256);
    table.read("coldkey", miner.coldkey, letters::hotkey, hotkey_bytes_max);
    if (!root.fine())
      return;
    seen.check_uid(table, miner.uid.value);
    seen.check_hotkey(table, miner.key.value);
    if (miner.uid == out.weights.burn_uid)
      table.refuse("uid", "another uid than weights.burn_uid");
    if (const auto* played = read_played(table, sections, miner))
      if (const auto wrong = played->strategy_fault(miner.strategy); !wrong.empty())
        table.refuse("strategy", "a strategy as NAME or NAME:key=value,...", {}, wrong);
    out.miners.push_back(std::move(miner));
  }
}

void read_neurons(config_table& root, node_config& out) {
  listed_once seen;
  for (auto& table : root.tables("neurons", limits::miners_max)) {
    table.allow({"uid", "hotkey", "stake", "permit"});
    table.require("uid");
    table.require("hotkey");
    neuron one;
    table.read("uid", one.uid.value, 0, uid_max);
    table.read("hotkey", one.key.value, letters::hotkey, hotkey_bytes_max);
    table.read("stake", one.stake, 0, UINT64_MAX);
    table.read("permit", one.permit);
    if (!root.fine())
      return;
    seen.check_uid(table, one.uid.value);
    seen.check_hotkey(table, one.key.value);
    out.neurons.push_back(std::move(one));
  }
  std::sort(out.neurons.begin(), out.neurons.end(),
            [](const neuron& a, const neuron& b) { return a.uid < b.uid; });
}

const neuron* find_neuron(const node_config& config, miner_uid uid) {
  for (const auto& one : config.neurons)
    if (one.uid == uid)
      return &one;
  return nullptr;
}

/// Without [[neurons]]: the burn uid, every miner, the validator.
void derive_neurons(config_table& root, config_table& validator, node_config& out) {
  validator.require("uid");
  neuron self{{}, out.validator, validator_stake, true};
  validator.read("uid", self.uid.value, 0, uid_max);
  validator.read("stake", self.stake, 0, UINT64_MAX);
  if (!root.fine())
    return;
  out.neurons.push_back({out.weights.burn_uid, {"burn"}, 0, false});
  for (const auto& miner : out.miners)
    out.neurons.push_back({miner.uid, miner.key, 0, false});
  for (const auto& one : out.neurons) {
    if (one.uid == self.uid)
      validator.refuse("uid", "a uid that neither a miner nor weights.burn_uid has");
    if (one.key == self.key)
      validator.refuse("hotkey", "a hotkey that no miner has, and not \"burn\"");
  }
  for (const auto& miner : out.miners)
    if (miner.key.value == "burn")
      root.refuse("miners", "hotkeys other than \"burn\" as long as [[neurons]] is not given",
                  "\"burn\"");
  out.neurons.push_back(std::move(self));
  std::sort(out.neurons.begin(), out.neurons.end(),
            [](const neuron& a, const neuron& b) { return a.uid < b.uid; });
}

/// With [[neurons]]: everybody that is named elsewhere must be there.
void check_neurons(config_table& root, config_table& validator, const node_config& out) {
  for (const std::string_view key : {"uid", "stake"})
    if (validator.has(key))
      validator.refuse(key, "this key only without [[neurons]], which state it already");
  bool found = false;
  for (const auto& one : out.neurons)
    found = found || one.key == out.validator;
  if (!found)
    root.refuse("neurons", "one with the validator's hotkey \"" + out.validator.value + '"',
                "none with it");
  if (!find_neuron(out, out.weights.burn_uid))
    root.refuse("neurons", "one with weights.burn_uid", "none with it");
  for (const auto& miner : out.miners) {
    const auto* one = find_neuron(out, miner.uid);
    if (!one || one->key != miner.key)
      root.refuse("neurons",
                  "uid " + std::to_string(miner.uid.value) + " with the hotkey \"" + miner.key.value
                    + "\" of the miner",
                  one ? '"' + one->key.value + '"' : "none with this uid");
  }
}

/// The note on keys of version 0.1.0 that are there.
std::string old_keys_note(const config_table& root, const mechanism_section& x) {
  std::string keys;
  for (const auto key : x.old_keys)
    if (root.has(key))
      keys += (keys.empty() ? "" : ", ") + std::string{key};
  return keys.empty() ? keys
                      : keys + ": belongs into [" + x.name
                          + "] since version 0.2.0; read as if it stood there";
}

void read_mechanism(config_table& root, const mechanism_section& x, node_config& out,
                    std::vector<std::string>& notes) {
  const auto note = old_keys_note(root, x);
  if (auto own = root.table(x.name)) {
    for (const auto key : x.old_keys)
      if (root.has(key))
        root.refuse(key, "this key inside [" + x.name + "], which is there, and only there");
    if (root.fine()) {
      own->allow(std::vector<std::string_view>{x.keys.begin(), x.keys.end()});
      out.mechanisms[x.name] = x.read(*own);
    }
  } else if (!note.empty()) {
    notes.push_back(note);
    out.mechanisms[x.name] = x.read(root);
  }
}

void read_mechanisms(config_table& root, mechanism_sections sections, node_config& out,
                     std::vector<std::string>& notes) {
  for (const auto& x : sections)
    if (root.fine())
      read_mechanism(root, x, out, notes);
  if (!out.mechanisms.empty() || !root.fine())
    return;
  std::string names;
  for (const auto& x : sections)
    names += (names.empty() ? "[" : ", [") + x.name + ']';
  root.refuse(sections.empty() ? "mechanisms" : sections.front().name,
              "the table of at least one mechanism, of " + names);
}

/// Without [weights] shares they are the mechanisms' own.
void settle_shares(config_table& root, mechanism_sections sections, node_config& out) {
  auto weights = root.table("weights");
  if (!weights || !weights->has("shares")) {
    for (const auto& x : sections)
      if (out.mechanisms.contains(x.name) && x.default_share > 0)
        out.weights.shares[x.name] = x.default_share;
  }
}

node_config read_root(config_table root, mechanism_sections sections,
                      std::vector<std::string>& notes, size_t more_miners) {
  node_config out;
  std::vector<std::string_view> keys{"name",    "seed",    "validator",     "chain", "weights",
                                     "miners",  "neurons", "miner_gateway", "door",  "fleet",
                                     "metrics", "api",     "log",           "node",  "storage"};
  for (const auto& x : sections) {
    keys.push_back(x.name);
    keys.insert(keys.end(), x.old_keys.begin(), x.old_keys.end());
  }
  root.allow(keys);
  root.read("name", out.name, letters::name, 64);
  root.read("seed", out.seed, 0, UINT64_MAX);
  if (auto chain = root.table("chain"))
    read_chain(*chain, out, notes);
  if (auto weights = root.table("weights"))
    read_weights(*weights, out.weights, notes);
  root.require("validator");
  auto validator = root.table("validator");
  if (!validator)
    return out;
  validator->allow({"hotkey", "uid", "stake"});
  validator->read("hotkey", out.validator.value, letters::hotkey, hotkey_bytes_max);
  read_miners(root, sections, out);
  read_neurons(root, out);
  if (!root.fine())
    return out;
  if (root.has("neurons"))
    check_neurons(root, *validator, out);
  else
    derive_neurons(root, *validator, out);
  read_network(root, out, notes);
  if (auto log = root.table("log"))
    read_log(*log, out.log);
  read_node(root, out);
  read_storage(root, out.storage);
  read_mechanisms(root, sections, out, notes);
  settle_shares(root, sections, out);
  if (root.fine())
    check_publishing(root, sections, out, more_miners);
  return out;
}

} // namespace

result<node_config>
parse_config(std::string_view text, const std::string& name, mechanism_sections sections,
             std::vector<std::string>* notes, size_t more_miners, setting_overrides set) {
  auto table = toml_of(text, name);
  if (!table)
    return table.error();
  auto origins = apply_overrides(*table, set, sections, notes);
  if (!origins)
    return origins.error();
  std::vector<std::string> found;
  config_trouble trouble{name, {}, *std::move(origins)};
  auto config = read_root(config_table{*table, {}, trouble}, sections, found, more_miners);
  if (notes)
    for (const auto& x : found)
      notes->push_back(name + ": " + x);
  if (trouble.first)
    return *trouble.first;
  return config;
}

result<node_config>
read_config(const std::string& path, mechanism_sections sections, std::vector<std::string>* notes,
            size_t more_miners, setting_overrides set) {
  const auto text = config_text_of(path);
  if (!text)
    return text.error();
  auto config = parse_config(*text, path, sections, notes, more_miners, set);
  if (!config)
    return config;
  for (const auto& x : sections)
    if (const auto at = config->mechanisms.find(x.name);
        at != config->mechanisms.end() && x.place_inputs)
      x.place_inputs(at->second, [&path](std::string& file) { place_beside(path, file); });
  auto& [gateway, fleet, metrics, api] = config->network;
  for (auto* name : {&gateway.certificate, &gateway.key, &fleet.ca, &fleet.certificate, &fleet.key,
                     &config->log.file})
    place_beside(path, *name);
  return config;
}

} // namespace sluice::io
