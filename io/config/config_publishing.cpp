#include "io/config/config_publishing.hpp"

#include "io/text/lines.hpp"
#include "rules/limits.hpp"
#include "rules/nearest.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::io {

namespace {

constexpr double share_tolerance = 1e-9; // as the guard's

/// One file, as it was read and as it stands.
class publishing_check {
public:
  publishing_check(config_table& root, mechanism_sections sections, const node_config& config,
                   size_t more_miners)
    : root_(root), sections_(sections), config_(config), more_miners_(more_miners) {}

  void all() {
    shares();
    validator();
    if (config_.chain.netuid == 0)
      refuse("chain", "netuid", "another subnet than 0, whose weights nobody sets", "0");
    version_key();
    winners();
    burn();
  }

private:
  /// At the key, at its table when it is not there, at the file when that is not there either.
  void refuse(std::string_view table, std::string_view key, const std::string& expected,
              const std::string& got, const std::string& advice = {}) {
    if (auto found = root_.table(table))
      found->refuse(key, expected, got, advice);
    else
      root_.refuse(table, std::string{key} + ": " + expected, got, advice);
  }

  bool has(std::string_view table, std::string_view key) {
    const auto found = root_.table(table);
    return found && found->has(key);
  }

  std::string configured_names() const {
    std::string names;
    for (const auto& [name, settings] : config_.mechanisms)
      names += (names.empty() ? "" : ", ") + name;
    return names;
  }

  /// Which mechanism was meant, or which table is missing.
  std::string advice_on(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const auto& x : sections_)
      known.emplace_back(x.name);
    if (std::find(known.begin(), known.end(), name) != known.end())
      return "a mechanism is run when its table is there: [" + std::string{name} + "]";
    const auto near = nearest(name, known);
    return near ? "did you mean " + std::string{*near} + "?" : "";
  }

  /// At the share itself where its name may be printed as it is.
  void refuse_share(const std::string& name) {
    const auto expected = "a mechanism that is configured here, of " + configured_names();
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    auto weights = root_.table("weights");
    auto listed = weights && plain ? weights->table("shares") : std::nullopt;
    if (listed)
      listed->refuse(name, expected, io::quoted(name), advice_on(name));
    else
      refuse("weights", "shares", expected, io::quoted(name), advice_on(name));
  }

  void shares() {
    double sum = 0;
    for (const auto& [name, share] : config_.weights.shares) {
      sum += share;
      if (!config_.mechanisms.contains(name))
        return refuse_share(name);
    }
    if (config_.weights.shares.empty())
      return refuse("weights", "shares",
                    "a share of every mechanism that is configured here: " + configured_names(),
                    has("weights", "shares") ? "none at all" : "nothing",
                    "without one nothing is ever published");
    for (const auto& [name, settings] : config_.mechanisms)
      if (!config_.weights.shares.contains(name))
        return refuse("weights", "shares", "a share of every mechanism that is configured here",
                      "none of " + name, "0 runs it without a part in the weights");
    if (sum == 0)
      refuse("weights", "shares", "a share above 0", "a sum of 0",
             "without one nothing is ever published");
  }

  /// Where the validator's stake and permit may stand with [[neurons]].
  void refuse_neuron(std::string_view key, const std::string& expected, const std::string& got,
                     const std::string& advice) {
    for (auto& one : root_.tables("neurons", limits::miners_max)) {
      std::string hotkey;
      one.read("hotkey", hotkey, config_table::letters::any, 128);
      if (hotkey == config_.validator.value)
        return one.refuse(key, expected, got, advice);
    }
  }

  void validator() {
    const auto self = std::find_if(config_.neurons.begin(), config_.neurons.end(),
                                   [this](const neuron& x) { return x.key == config_.validator; });
    if (self == config_.neurons.end())
      return;
    const bool listed = root_.has("neurons");
    if (self->stake < config_.chain.stake_min) {
      const auto stake = std::to_string(self->stake);
      const auto least = std::to_string(config_.chain.stake_min);
      const std::string advice = "the chain takes no weights from a validator with less stake";
      if (listed)
        refuse_neuron("stake", "at least chain.stake_min = " + least + " rao", stake, advice);
      else if (has("validator", "stake"))
        refuse("validator", "stake", "at least chain.stake_min = " + least + " rao", stake, advice);
      else
        refuse("chain", "stake_min", "at most the validator's stake of " + stake + " rao", least,
               "raise validator.stake; " + advice);
    }
    if (listed && !self->permit)
      refuse_neuron("permit", "true, for the validator's hotkey", "false",
                    "the chain takes no weights from a validator without a permit");
  }

  void version_key() {
    const auto theirs = config_.chain.weights_version_key;
    const auto ours = config_.weights.version_key;
    if (theirs == 0 || ours >= theirs)
      return;
    const std::string advice = "the chain takes no weights with a lower version key";
    if (has("weights", "version_key"))
      refuse("weights", "version_key",
             "at least chain.weights_version_key = " + std::to_string(theirs), std::to_string(ours),
             advice);
    else
      refuse("chain", "weights_version_key",
             "at most weights.version_key = " + std::to_string(ours), std::to_string(theirs),
             "set weights.version_key; " + advice);
  }

  /// Hotkeys that may come as miners, the burn uid's not among them (actors/roster.hpp).
  size_t miners() const {
    std::set<std::string> all;
    for (const auto& x : config_.neurons)
      if (!x.permit && x.uid != config_.weights.burn_uid)
        all.insert(x.key.value);
    for (const auto& x : config_.miners)
      all.insert(x.key.value);
    for (const auto& x : config_.network.miner_gateway.allow)
      all.insert(x.key.value);
    return all.size() + more_miners_;
  }

  /// Uids of the chain when everybody who is allowed is registered.
  size_t uids() const {
    std::set<std::string> all;
    for (const auto& x : config_.neurons)
      all.insert(x.key.value);
    for (const auto& x : config_.network.miner_gateway.allow)
      all.insert(x.key.value);
    return all.size() + more_miners_;
  }

  void winners() {
    const auto registered = miners();
    size_t winners = 0;
    for (const auto& x : sections_) {
      const auto at = config_.mechanisms.find(x.name);
      const auto share = config_.weights.shares.find(x.name);
      if (at != config_.mechanisms.end() && share != config_.weights.shares.end()
          && share->second > 0)
        winners += x.winners_max ? x.winners_max(at->second, registered) : registered;
    }
    winners = std::min(winners, registered);
    const auto most = std::to_string(winners + 1) + ", as no more uids can have a weight here ("
                      + std::to_string(winners) + (winners == 1 ? " winner" : " winners")
                      + " and weights.burn_uid)";
    // Of a smaller subnet the chain wants all that it has.
    const auto wanted = std::min<size_t>(config_.chain.min_allowed_weights, uids());
    if (config_.weights.fill == weight_fill::none && wanted > winners + 1)
      refuse("chain", "min_allowed_weights", "at most " + most,
             std::to_string(config_.chain.min_allowed_weights),
             "weights.fill = \"epsilon\" gives the others 1e-5");
    if (config_.weights.uids_min > winners + 1)
      refuse("weights", "uids_min", "at most " + most, std::to_string(config_.weights.uids_min));
  }

  void burn() {
    double sum = 0;
    for (const auto& [name, share] : config_.weights.shares)
      sum += share;
    if (1 - sum <= config_.weights.burn_max + share_tolerance)
      return;
    std::ostringstream least, got;
    least << "at least " << 1 - sum << ", which no share of weights.shares covers";
    got << config_.weights.burn_max;
    refuse("weights", "burn_max", least.str(), got.str());
  }

  config_table& root_;
  mechanism_sections sections_;
  const node_config& config_;
  size_t more_miners_;
};

} // namespace

void check_publishing(config_table& root, mechanism_sections sections, const node_config& config,
                      size_t more_miners) {
  publishing_check{root, sections, config, more_miners}.all();
}

} // namespace sluice::io
