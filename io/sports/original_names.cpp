#include "io/sports/original_names.hpp"

#include "io/text/lines.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>
#include <tuple>

namespace sluice::io {

namespace {

using value_reader = result<std::string> (*)(std::string_view);

constexpr auto at_miner = original_place::miner;
constexpr std::string_view one_chain
  = "has no key: a node of this version has the embedded chain, whatever network is named";
constexpr std::string_view no_wallet
  = "has no key: who the validator is stands in [validator] hotkey";

/// True, False, 1, 0, yes, no in any case; nothing, as a flag without a value has it, is true.
result<std::string> original_truth(std::string_view text) {
  std::string lower;
  for (const char c : text)
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const std::string_view yes : {"", "true", "1", "yes", "on"})
    if (lower == yes)
      return std::string{"true"};
  for (const std::string_view no : {"false", "0", "no", "off"})
    if (lower == no)
      return std::string{"false"};
  return fault{ec::bad_input, "expected True or False, got " + io::quoted(text.substr(0, 64))};
}

/// Whole seconds: "60", and "60.0" as the original's floats are written.
result<std::string> original_seconds(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  const auto whole = text.substr(0, point);
  const auto rest = text.substr(std::min(point + 1, text.size()));
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  const bool good = error == std::errc{} && end == whole.data() + whole.size()
                    && rest.find_first_not_of('0') == std::string_view::npos;
  if (good)
    return std::to_string(number);
  return fault{ec::bad_input, "expected whole seconds, got " + io::quoted(text.substr(0, 64))};
}

result<std::string> event_driven_only(std::string_view text) {
  auto on = original_truth(text);
  if (!on || *on == "true")
    return on;
  return fault{ec::refused, "expected True: the mechanism is driven by events; it has no polling "
                            "mode to fall back to"};
}

result<std::string> state_is_loaded(std::string_view text) {
  auto on = original_truth(text);
  if (!on || *on == "true")
    return on;
  return fault{ec::refused, "expected True: the state of a folder always goes on; a new folder "
                            "(--data DIR) begins anew"};
}

/// The original names a file, ".../validator.db"; here it is a folder.
result<std::string> folder_of_database(std::string_view text) {
  if (text.ends_with(".db"))
    text.remove_suffix(3);
  if (!text.empty() && text.find('\0') == std::string_view::npos)
    return std::string{text};
  return fault{ec::bad_input, "expected the name of a file or folder, got nothing"};
}

original_name setting(std::string_view flag, std::string_view variable, std::string_view key,
                      std::string_view usual, value_reader value = nullptr) {
  original_name x;
  x.flag = flag;
  x.variable = variable;
  x.key = key;
  x.usual = usual;
  if (value != nullptr)
    x.value = value;
  return x;
}

original_name no_setting(std::string_view flag, std::string_view variable, std::string_view usual,
                         std::string_view remark, value_reader value = nullptr) {
  auto x = setting(flag, variable, "", usual, value);
  x.remark = remark;
  return x;
}

original_name of_miner(original_name x) {
  x.place = at_miner;
  return x;
}

void add_validator_names(std::vector<original_name>& all) {
  all.push_back(no_setting("", "USE_EVENT_DRIVEN", "True",
                           "has no key: the mechanism is always driven by events",
                           event_driven_only));
  all.push_back(setting("netuid", "NETUID", "chain.netuid", "30"));
  all.push_back(no_setting("subtensor.network", "SUBTENSOR_NETWORK", "finney", one_chain));
  all.push_back(no_setting("subtensor.chain_endpoint", "SUBTENSOR_CHAIN_ENDPOINT", "", one_chain));
  all.push_back(no_setting("wallet.name", "WALLET_NAME", "default", no_wallet));
  all.push_back(no_setting("wallet.hotkey", "WALLET_HOTKEY", "default", no_wallet));
  auto db
    = setting("db", "", "--data", "./bettensor/validator/state/validator.db", folder_of_database);
  db.remark = "a folder; a name that ends with .db loses this end";
  all.push_back(std::move(db));
  all.push_back(no_setting("load_state", "", "True",
                           "has no key: the state of a folder always goes on", state_is_loaded));
  all.push_back(setting("max_targets", "MAX_TARGETS", "sports.slots", "256"));
  auto alpha = setting("alpha", "", "sports.blacklist_alpha", "0.9");
  alpha.remark = "by which the weight of a blacklisted miner is multiplied";
  all.push_back(std::move(alpha));
  all.push_back(setting("websocket.enabled", "WEBSOCKET_ENABLED", "sports.transport.websocket",
                        "True", original_truth));
  all.push_back(setting("websocket.heartbeat_interval", "WEBSOCKET_HEARTBEAT_INTERVAL",
                        "sports.transport.websocket_heartbeat_s", "60", original_seconds));
  all.push_back(setting("websocket.connection_timeout", "WEBSOCKET_CONNECTION_TIMEOUT",
                        "sports.transport.websocket_timeout_s", "300", original_seconds));
  all.push_back(setting("event_driven.scoring_interval", "EVENT_DRIVEN_SCORING_INTERVAL",
                        "sports.scoring_s", "3600", original_seconds));
  all.push_back(setting("event_driven.weights_interval", "EVENT_DRIVEN_WEIGHTS_INTERVAL",
                        "sports.weights_s", "7200", original_seconds));
  all.push_back(setting("event_driven.game_data_interval", "EVENT_DRIVEN_GAME_DATA_INTERVAL",
                        "sports.feed.interval_s", "600", original_seconds));
  all.push_back(setting("event_driven.http_fallback", "EVENT_DRIVEN_HTTP_FALLBACK",
                        "sports.transport.http_fallback", "True", original_truth));
}

void add_miner_names(std::vector<original_name>& all) {
  all.push_back(
    of_miner(no_setting("", "USE_EVENT_DRIVEN", "False",
                        "has no flag: the miner is always driven by events", event_driven_only)));
  auto db = setting("db_path", "", "--data", "./bettensor_miner.db", folder_of_database);
  db.remark = "a folder; a name that ends with .db loses this end";
  all.push_back(of_miner(std::move(db)));
  const auto add = [&all](std::string_view flag, std::string_view variable, std::string_view key,
                          std::string_view usual, value_reader value) {
    all.push_back(of_miner(setting(flag, variable, key, usual, value)));
  };
  add("websocket_heartbeat_interval", "WEBSOCKET_HEARTBEAT_INTERVAL", "heartbeat_s", "30",
      original_seconds);
  add("websocket_connection_timeout", "WEBSOCKET_CONNECTION_TIMEOUT", "connect_timeout_s", "5",
      original_seconds);
  add("task_stats_update_interval", "TASK_STATS_UPDATE_INTERVAL", "stats_s", "300",
      original_seconds);
  add("task_prediction_interval", "TASK_PREDICTION_INTERVAL", "predictions_s", "3600",
      original_seconds);
  add("task_game_update_interval", "TASK_GAME_UPDATE_INTERVAL", "games_s", "3600",
      original_seconds);
  add("minimum_wager_amount", "MINIMUM_WAGER_AMOUNT", "wager_min", "0.01", nullptr);
  constexpr std::string_view named_only
    = "has no key: the miner serves the validators that --connect names";
  for (const auto& [flag, variable, usual] :
       {std::tuple{"task_metagraph_sync_interval", "TASK_METAGRAPH_SYNC_INTERVAL", "60"},
        std::tuple{"validator_min_stake", "VALIDATOR_MIN_STAKE", "100"},
        std::tuple{"netuid", "NETUID", "30"},
        std::tuple{"subtensor.network", "SUBTENSOR_NETWORK", "finney"}})
    all.push_back(of_miner(no_setting(flag, variable, usual, named_only)));
}

} // namespace

std::vector<original_name> sports_original_names() {
  std::vector<original_name> all;
  add_validator_names(all);
  add_miner_names(all);
  return all;
}

} // namespace sluice::io
