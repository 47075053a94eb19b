#include "io/config/config_file.hpp"

#include "io/config/config_network.hpp"
#include "io/config/config_table.hpp"
#include "io/liquidity/config_jobs.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/strategy.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace sluice::io {
namespace {

using letters = config_table::letters;

constexpr size_t hotkey_bytes_max = 128;
constexpr uint64_t uid_max = limits::miners_max - 1;
constexpr uint64_t validator_stake = 1'000'000'000'000; // rao, when nothing is said
constexpr uint64_t file_bytes_max = 4U << 20;

void read_chain(config_table chain, node_config& out) {
  chain.allow({"netuid", "tempo", "block_seconds", "min_allowed_weights", "weights_rate_limit",
               "weights_version_key", "stake_min", "blocks_per_lap"});
  chain.read("netuid", out.chain.netuid, 0, UINT16_MAX);
  chain.read("tempo", out.chain.tempo, 1, 1'000'000);
  chain.read("block_seconds", out.chain.block_seconds, 1, 3600);
  chain.read("min_allowed_weights", out.chain.min_allowed_weights, 0, UINT16_MAX);
  chain.read("weights_rate_limit", out.chain.weights_rate_limit, 0, 1'000'000);
  chain.read("weights_version_key", out.chain.weights_version_key, 0, UINT64_MAX);
  chain.read("stake_min", out.chain.stake_min, 0, UINT64_MAX);
  chain.read("blocks_per_lap", out.chain_blocks_per_lap, 1, 1'000'000);
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

void read_weights(config_table weights, weights_settings& out) {
  weights.allow(
    {"shares", "burn_uid", "sheet_age_epochs", "moved_max", "uids_min", "burn_max", "version_key"});
  read_shares(weights, out.shares);
  weights.read("burn_uid", out.burn_uid.value, 0, uid_max);
  weights.read("sheet_age_epochs", out.sheet_age_epochs, 0, limits::sheet_age_epochs_max);
  weights.read("moved_max", out.moved_max, 0, 1);
  weights.read("uids_min", out.uids_min, 0, limits::miners_max);
  weights.read("burn_max", out.burn_max, 0, 1);
  weights.read("version_key", out.version_key, 0, UINT64_MAX);
}

void read_emission(config_table emission, emission_settings& out) {
  emission.allow({"per_epoch", "profit_ratio", "lookback_rounds"});
  emission.read("per_epoch", out.per_epoch, 1e-12, 1e18);
  emission.read("profit_ratio", out.profit_ratio, 0, 1);
  emission.read("lookback_rounds", out.lookback_rounds, 1, 1'000'000);
}

/// Uids and hotkeys of one list, each once.
class once {
public:
  void check(config_table& table, uint16_t uid, const std::string& key) {
    if (!uids_.insert(uid).second)
      table.refuse("uid", "a uid that nobody else has");
    if (!keys_.insert(key).second)
      table.refuse("hotkey", "a hotkey that nobody else has");
  }

private:
  std::set<uint16_t> uids_;
  std::set<std::string> keys_;
};

void read_miners(config_table& root, node_config& out) {
  once seen;
  for (auto& table : root.tables("miners", limits::miners_max)) {
    table.allow({"uid", "hotkey", "strategy"});
    for (const std::string_view key : {"uid", "hotkey", "strategy"})
      table.require(key);
    local_miner_config miner;
    table.read("uid", miner.uid.value, 0, uid_max);
    table.read("hotkey", miner.key.value, letters::word, hotkey_bytes_max);
    table.read("strategy", miner.strategy, letters::word, 256);
    if (!root.fine())
      return;
    seen.check(table, miner.uid.value, miner.key.value);
    if (miner.uid == out.weights.burn_uid)
      table.refuse("uid", "another uid than weights.burn_uid");
    if (const auto strategy = parse_strategy(miner.strategy); !strategy)
      table.refuse("strategy", "a strategy as NAME or NAME:key=value,...", {},
                   strategy.error().what);
    out.miners.push_back(std::move(miner));
  }
}

void read_neurons(config_table& root, node_config& out) {
  once seen;
  for (auto& table : root.tables("neurons", limits::miners_max)) {
    table.allow({"uid", "hotkey", "stake", "permit"});
    table.require("uid");
    table.require("hotkey");
    neuron one;
    table.read("uid", one.uid.value, 0, uid_max);
    table.read("hotkey", one.key.value, letters::word, hotkey_bytes_max);
    table.read("stake", one.stake, 0, UINT64_MAX);
    table.read("permit", one.permit);
    if (!root.fine())
      return;
    seen.check(table, one.uid.value, one.key.value);
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
      validator.refuse(key, "this key only without [[neurons]], which say it already");
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

void read_jobs(config_table& root, node_config& out) {
  root.require("jobs");
  std::set<std::string> ids;
  auto tables = root.tables("jobs", limits::jobs_max);
  if (tables.empty())
    root.refuse("jobs", "at least one [[jobs]]", "none");
  for (auto& table : tables) {
    auto job = read_job(table);
    if (!root.fine())
      return;
    if (!ids.insert(job.id.value).second)
      table.refuse("id", "an id that no other job has");
    out.jobs.push_back(std::move(job));
  }
}

node_config read_root(config_table root) {
  node_config out;
  root.allow({"name", "seed", "policy", "simulators", "validator", "chain", "weights", "emission",
              "miners", "neurons", "jobs", "door", "fleet", "metrics"});
  root.read("name", out.name, letters::name, 64);
  root.read("seed", out.seed, 0, UINT64_MAX);
  root.choose<sheet_policy>("policy", out.policy,
                            {{"winner_per_job", sheet_policy::winner_per_job},
                             {"proportional", sheet_policy::proportional}});
  root.read("simulators", out.simulators, 1, 256);
  if (auto chain = root.table("chain"))
    read_chain(*chain, out);
  if (auto weights = root.table("weights"))
    read_weights(*weights, out.weights);
  if (auto emission = root.table("emission"))
    read_emission(*emission, out.emission);
  root.require("validator");
  auto validator = root.table("validator");
  if (!validator)
    return out;
  validator->allow({"hotkey", "uid", "stake"});
  validator->read("hotkey", out.validator.value, letters::word, hotkey_bytes_max);
  read_miners(root, out);
  read_neurons(root, out);
  if (!root.fine())
    return out;
  if (root.has("neurons"))
    check_neurons(root, *validator, out);
  else
    derive_neurons(root, *validator, out);
  read_network(root, out);
  read_jobs(root, out);
  return out;
}

/// What `read` makes of the text.
template <class T, class F>
result<T> parse_root(std::string_view text, const std::string& name, F read) {
  toml::table table;
  try { // the only door of toml++ that says where a mistake is
    table = toml::parse(text, name);
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    return fault{ec::bad_input, name + ':' + std::to_string(at.line) + ':'
                                  + std::to_string(at.column)
                                  + ": not TOML: " + std::string{e.description()}};
  }
  config_trouble trouble{name, {}};
  T out = read(config_table{table, {}, trouble});
  if (trouble.first)
    return *trouble.first;
  return out;
}

result<std::string> text_of(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return fault{ec::unreachable, path + ": is a folder; a configuration is a TOML file"};
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (!file)
    return fault{ec::unreachable, path + ": cannot be opened; does it exist, may you read it?"};
  std::string bytes(file_bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (file.bad())
    return fault{ec::unreachable, path + ": cannot be read"};
  if (bytes.size() > file_bytes_max)
    return fault{ec::bad_input, path + ": larger than 4 MiB; a configuration is not"};
  return bytes;
}

/// A relative name is one beside the file that says it.
void place_beside(const std::string& path, std::string& name) {
  std::error_code error;
  const auto folder = std::filesystem::absolute(path, error).parent_path();
  if (!name.empty())
    name = (folder / name).lexically_normal().string();
}

} // namespace

result<node_config> parse_config(std::string_view text, const std::string& name) {
  return parse_root<node_config>(text, name, read_root);
}

result<node_config> read_config(const std::string& path) {
  const auto text = text_of(path);
  if (!text)
    return text.error();
  auto config = parse_config(*text, path);
  if (!config)
    return config;
  for (auto& job : config->jobs)
    for (auto& name : job.feed.files)
      place_beside(path, name);
  auto& [door, fleet, metrics] = config->network;
  for (auto* name : {&door.certificate, &door.key, &fleet.ca, &fleet.certificate, &fleet.key})
    place_beside(path, *name);
  return config;
}

result<std::vector<job_config>> read_jobs_file(const std::string& path) {
  const auto text = text_of(path);
  if (!text)
    return text.error();
  auto jobs = parse_root<std::vector<job_config>>(*text, path, [](config_table root) {
    node_config out;
    root.allow({"jobs"});
    read_jobs(root, out);
    return std::move(out.jobs);
  });
  if (jobs)
    for (auto& job : *jobs)
      for (auto& name : job.feed.files)
        place_beside(path, name);
  return jobs;
}

} // namespace sluice::io
