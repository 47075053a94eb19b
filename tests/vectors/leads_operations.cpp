#include "io/leads/document.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/share_lines.hpp"
#include "rules/weights/prepare.hpp"
#include "tests/vectors/leads_values.hpp"

#include <cmath>

namespace sluice::vectors {

namespace {

json shares(const json& input) {
  lead_tallies tallies;
  for (const auto& [miner, count] : input.at("curated").items())
    tallies[{miner}].curated = count.get<uint64_t>();
  for (const auto& [miner, count] : input.at("sourced").items())
    tallies[{miner}].sourced = count.get<uint64_t>();
  const leads_settings usual;
  const auto made = shares_of(tallies, input.value("w_curated", usual.w_curated),
                              input.value("w_sourced", usual.w_sourced),
                              policy_of(input.value("mode", std::string{"ratio"})));
  return {{"weights_dict", json_of_weights(made.weights_dict)},
          {"stats", json_of_stats(made.stats)}};
}

/// W where the holder of K has an event; where it has none, the sum that its part is missing from.
json v2(const json& input) {
  lead_tallies tallies;
  uint64_t events = 0;
  for (const auto& x : input.at("events")) {
    ++tallies[{x.at("source").get<std::string>()}].sourced;
    ++tallies[{x.at("curated_by").get<std::string>()}].curated;
    ++events;
  }
  const auto& k = input.at("k_miner");
  const hotkey k_miner{k.is_string() ? k.get<std::string>() : ""};
  const auto made = v2_of(tallies, events, k_miner, input.at("emission").get<double>());
  json answer{{"E", json_of_weights(made.paid)}};
  if (made.weights.contains(k_miner))
    answer["W"] = json_of_weights(made.weights);
  else
    answer["sum_W"] = made.sum;
  return answer;
}

int64_t us_of(const json& x) {
  const auto us = unix_us(io::read_lead_time(io::json::parse(x.dump())));
  if (!us)
    throw std::runtime_error("now: expected a time, got " + x.dump());
  return *us;
}

json window(const json& input) {
  const auto made = window_of(us_of(input.at("now")), input.at("days").get<double>());
  return {{"start", iso_text(made.start_us)}, {"end", iso_text(made.end_us)}};
}

json in_window(const json& input) {
  const auto made = window_of(us_of(input.at("now_epoch")), input.at("days").get<double>());
  auto answers = json::array();
  for (const auto& x : input.at("values")) {
    const auto us = unix_us(io::read_lead_time(io::json::parse(x.at("value").dump())));
    answers.push_back(us && made.contains(*us));
  }
  return answers;
}

json map_hotkeys(const json& input) {
  std::map<hotkey, double> weights;
  for (const auto& [miner, weight] : input.at("weights").items())
    weights[{miner}] = weight.get<double>();
  const auto made = map_to_uids(weights, metagraph_of(input.at("metagraph_hotkeys")));
  if (!made.skip.empty())
    return {{"uids", json::array()}, {"weights", json::array()}, {"action", "skip"}};
  return {{"uids", made.uids},
          {"weights", made.weights},
          {"u16", made.u16},
          {"dropped", json_of_hotkeys(made.dropped)}};
}

json to_u16(const json& input) {
  weight_vector weights;
  for (const auto& [uid, weight] : input.items())
    weights[{static_cast<uint16_t>(std::stoul(uid))}] = weight.get<double>();
  json answer{{"uids", json::array()}, {"weights", json::array()}};
  for (const auto& [uid, value] : quantise_double(weights)) {
    answer["uids"].push_back(uid);
    answer["weights"].push_back(value);
  }
  return answer;
}

json next_delay_s(const json& input) {
  const auto terms = flow_terms_of({});
  uint64_t failures = 0;
  auto answers = json::array();
  for (const auto& x : input.at("outcomes")) {
    const auto outcome = x.get<std::string>();
    failures = outcome == "ok" || outcome == "success" ? 0 : failures + 1;
    answers.push_back(pause_ms(terms, failures) / 1000);
  }
  return answers;
}

} // namespace

void add_leads_operations(operations& all) {
  all[{"leadpoet", "shares"}] = shares;
  all[{"leadpoet", "weights_v2"}] = v2;
  all[{"leadpoet", "window"}] = window;
  all[{"leadpoet", "timestamp_in_window"}] = in_window;
  all[{"leadpoet", "map_hotkeys"}] = map_hotkeys;
  all[{"leadpoet", "to_u16"}] = to_u16;
  all[{"leadpoet", "next_delay_s"}] = next_delay_s;
  all[{"leadpoet", "format_line"}] = [](const json& input) -> json {
    return ranked_line(input.at("rank").get<size_t>(), input.at("hotkey").get<std::string>(),
                       input.at("share").get<double>());
  };
}

} // namespace sluice::vectors
