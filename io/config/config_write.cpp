#include "io/config/config_write.hpp"

#include "io/config/config_node.hpp"
#include "io/config/config_storage.hpp"
#include "io/config/toml_text.hpp"

#include <sstream>
#include <toml++/toml.h>
#include <tuple>
#include <utility>

namespace sluice::io {
namespace {

/// What keys are called that version 0.1.0 called otherwise.
struct key_names {
  const char* blocks_per_step = "blocks_per_step";
  const char* score_age_epochs = "score_age_epochs";
};

constexpr key_names names_now{};
constexpr key_names names_in_0_1_0{"blocks_per_lap", "sheet_age_epochs"};

constexpr std::string_view name_of(weight_fill x) {
  return x == weight_fill::epsilon ? "epsilon" : "none";
}

/// `in_0_1_0`: keys that came later only where they are used.
void write_subnet(toml_text& out, const node_config& config, bool in_0_1_0) {
  const auto& names = in_0_1_0 ? names_in_0_1_0 : names_now;
  out.section("validator");
  out.put("hotkey", config.validator.value);

  out.section("chain");
  out.put("netuid", config.chain.netuid);
  out.put("tempo", config.chain.tempo);
  out.put("block_seconds", config.chain.block_seconds);
  out.put("min_allowed_weights", config.chain.min_allowed_weights);
  out.put("weights_rate_limit", config.chain.weights_rate_limit);
  out.put("weights_version_key", config.chain.weights_version_key);
  out.put("stake_min", config.chain.stake_min);
  out.put(names.blocks_per_step, config.chain_blocks_per_step);

  const auto& weights = config.weights;
  out.section("weights");
  std::string shares;
  for (const auto& [name, share] : weights.shares)
    shares += (shares.empty() ? "" : ", ") + quoted_toml(name) + " = " + decimal_text(share);
  out.row("shares", shares.empty() ? "{}" : "{ " + shares + " }");
  out.put("burn_uid", weights.burn_uid.value);
  out.put(names.score_age_epochs, weights.score_age_epochs);
  out.put("moved_max", weights.moved_max);
  out.put("uids_min", weights.uids_min);
  out.put("burn_max", weights.burn_max);
  out.put("version_key", weights.version_key);
  if (!in_0_1_0 || weights.fill != weight_fill::none)
    out.put("fill", name_of(weights.fill));
}

/// `coldkeys`: they decide about weights, not about scores, and change while a folder goes on.
void write_people(toml_text& out, const node_config& config, bool coldkeys) {
  for (const auto& one : config.neurons) {
    out.element("neurons");
    out.put("uid", one.uid.value);
    out.put("hotkey", one.key.value);
    out.put("stake", one.stake);
    out.put("permit", one.permit);
  }
  for (const auto& miner : config.miners) {
    out.element("miners");
    out.put("uid", miner.uid.value);
    out.put("hotkey", miner.key.value);
    out.put("strategy", miner.strategy);
    if (!miner.mechanism.empty())
      out.put("mechanism", miner.mechanism);
    if (coldkeys && !miner.coldkey.empty())
      out.put("coldkey", miner.coldkey);
  }
}

void write_pair(toml_text& out, const std::string& certificate, const std::string& key) {
  if (!certificate.empty())
    out.put("certificate", certificate);
  if (!key.empty())
    out.put("key", key);
}

/// Those that are not as they are by default.
void write_gateway_limits(toml_text& out, const miner_gateway_settings& gateway) {
  const miner_gateway_settings usual;
  for (const auto& [key, value, by_default] :
       {std::tuple{"strangers_max", gateway.strangers_max, usual.strangers_max},
        std::tuple{"strangers_per_address", gateway.strangers_per_address,
                   usual.strangers_per_address},
        std::tuple{"miners_per_address", gateway.miners_per_address, usual.miners_per_address},
        std::tuple{"miners_per_network", gateway.miners_per_network, usual.miners_per_network}})
    if (value != by_default)
      out.put(key, value);
  if (!gateway.trusted_proxies.empty())
    out.put("trusted_proxies", gateway.trusted_proxies);
  if (!gateway.origins.empty())
    out.put("origins", gateway.origins);
}

void write_api(toml_text& out, const api_settings& api) {
  if (api.listen.empty())
    return;
  out.section("api");
  out.put("listen", api.listen);
  out.put("open_routes", api.open_routes);
  out.put("read_role", api.read_role);
  out.put("cors_origins", api.cors_origins);
  out.put("key_rate", api.key_rate);
  out.put("key_burst", api.key_burst);
  out.put("address_rate", api.address_rate);
  out.put("address_burst", api.address_burst);
  out.put("access_log", api.access_log);
  if (!api.trusted_proxies.empty())
    out.put("trusted_proxies", api.trusted_proxies);
}

/// Only what is open, so that a configuration from before has the text it had.
void write_network(toml_text& out, const network_settings& network) {
  const auto& [gateway, fleet, metrics, api] = network;
  if (!gateway.listen.empty()) {
    out.section("miner_gateway");
    out.put("listen", gateway.listen);
    write_pair(out, gateway.certificate, gateway.key);
    write_gateway_limits(out, gateway);
    for (const auto& one : gateway.allow) {
      out.element("miner_gateway.allow");
      out.put("hotkey", one.key.value);
      if (!one.any_uid)
        out.put("uid", one.uid.value);
      if (!one.coldkey.empty())
        out.put("coldkey", one.coldkey);
    }
  }
  if (!fleet.listen.empty() || !fleet.nodes.empty()) {
    out.section("fleet");
    if (!fleet.listen.empty())
      out.put("listen", fleet.listen);
    if (!fleet.ca.empty())
      out.put("ca", fleet.ca);
    write_pair(out, fleet.certificate, fleet.key);
    out.put("insecure", fleet.insecure);
    out.put("heartbeat_ms", fleet.heartbeat_ms);
    out.put("timeout_ms", fleet.timeout_ms);
    if (!fleet.nodes.empty())
      out.put("nodes", fleet.nodes);
  }
  if (!metrics.empty()) {
    out.section("metrics");
    out.put("listen", metrics);
  }
  write_api(out, api);
}

/// Only where there is one, as the network.
void write_log(toml_text& out, const log_settings& log) {
  if (log == log_settings{})
    return;
  out.section("log");
  if (!log.file.empty())
    out.put("file", log.file);
  out.put("max_bytes", log.bytes_max);
  out.put("max_age_s", log.age_max_s);
  out.put("keep", log.keep);
}

template <class Which>
void write_mechanisms(toml_text& out, const node_config& config, mechanism_sections sections,
                      Which which) {
  for (const auto& x : sections)
    if (const auto at = config.mechanisms.find(x.name); at != config.mechanisms.end() && which(x))
      x.write(out, at->second);
}

/// The text that distinguishes configurations: as version 0.1.0 wrote it, so that its folders go
/// on. What came with later versions stands behind it, and only where it is used.
std::string digest_text(const node_config& config, mechanism_sections sections) {
  toml_text out;
  const auto put = [&](section_place place) {
    for (const auto& x : sections)
      if (const auto at = config.mechanisms.find(x.name);
          at != config.mechanisms.end() && x.write_place)
        x.write_place(out, at->second, place);
  };
  out.put("name", config.name);
  out.put("seed", config.seed);
  put(section_place::head);
  write_subnet(out, config, true);
  put(section_place::tables);
  write_people(out, config, false);
  put(section_place::end);
  write_mechanisms(out, config, sections, [](const auto& x) { return !x.write_place; });
  return std::move(out).take();
}

} // namespace

std::string write_config(const node_config& config, mechanism_sections sections) {
  toml_text out;
  out.put("name", config.name);
  out.put("seed", config.seed);
  write_subnet(out, config, false);
  write_people(out, config, true);
  write_network(out, config.network);
  write_log(out, config.log);
  write_node(out, config);
  write_storage(out, config.storage);
  write_mechanisms(out, config, sections, [](const auto&) { return true; });
  return std::move(out).take();
}

std::string write_scoring_config(const node_config& config, mechanism_sections sections) {
  return digest_text(config, sections);
}

std::string write_config_json(const node_config& config, mechanism_sections sections) {
  const auto table = toml::parse(write_config(config, sections));
  std::ostringstream text;
  text << toml::json_formatter{table};
  return text.str();
}

} // namespace sluice::io
