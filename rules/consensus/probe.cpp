#include "rules/consensus/probe.hpp"

#include "rules/endpoint.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <set>

namespace sluice {

namespace {

constexpr uint64_t probe_rao_per_tao = 1'000'000'000;
constexpr double probe_success_weight = 0.4;
constexpr double probe_latency_weight = 0.3;
constexpr double probe_recent_weight = 0.2;

std::string probe_item(const probe_subject& x, const probe_history* known, uint64_t timeout_ms) {
  json_object item;
  item.add("uid", x.uid).add("hotkey", x.hotkey).raw("stake", tao_text(x.stake_rao));
  if (!x.host.empty())
    item.add("ip", x.host).add("port", x.port);
  if (known != nullptr && !known->outcomes.empty())
    item.add("is_serving", known->outcomes.back().reached);
  else if (x.connected)
    item.add("is_serving", *x.connected);
  if (known != nullptr)
    if (const auto performance = probe_performance(*known, timeout_ms))
      item.add("performance_score", *performance);
  if (x.in_flight)
    item.add("current_load", *x.in_flight);
  if (known != nullptr && known->last_seen_ms != 0)
    item.add("last_seen", last_seen_text(known->last_seen_ms));
  return item.text();
}

} // namespace

std::vector<probe_subject>
probe_subjects(std::span<const neuron> metagraph, std::string_view own,
               std::span<const report_axon> axons, const std::map<std::string, bool>& connected) {
  std::map<std::string_view, endpoint> where;
  for (const auto& x : axons)
    if (auto at = parse_endpoint(x.at); at && at->port != 0)
      where[x.hotkey] = *std::move(at);
  std::vector<probe_subject> all;
  for (const auto& x : metagraph) {
    if (x.permit || x.key.value == own)
      continue;
    probe_subject made;
    made.uid = x.uid.value;
    made.hotkey = x.key.value;
    made.stake_rao = x.stake;
    if (const auto at = where.find(x.key.value); at != where.end()) {
      made.host = at->second.host;
      made.port = at->second.port;
    }
    if (const auto at = connected.find(x.key.value); at != connected.end())
      made.connected = at->second;
    all.push_back(std::move(made));
  }
  std::ranges::sort(all, {}, &probe_subject::uid);
  return all;
}

void add_loads(std::span<probe_subject> subjects, const std::map<uint16_t, uint64_t>& loads) {
  for (auto& x : subjects)
    if (const auto at = loads.find(x.uid); at != loads.end())
      x.in_flight = at->second;
    else if (x.connected.value_or(false))
      x.in_flight = 0;
}

std::optional<double> probe_performance(const probe_history& x, uint64_t timeout_ms) {
  if (x.outcomes.empty())
    return {};
  const auto reached_of = [](auto from, auto to) {
    return static_cast<double>(
      std::count_if(from, to, [](const probe_outcome& one) { return one.reached; }));
  };
  const auto n = x.outcomes.size();
  const auto recent = std::min(n, probe_recent);
  const auto reached = reached_of(x.outcomes.begin(), x.outcomes.end());
  const auto reached_recently
    = reached_of(x.outcomes.end() - static_cast<std::ptrdiff_t>(recent), x.outcomes.end());
  double latency_ms = 0;
  size_t timed = 0;
  for (const auto& one : x.outcomes)
    if (one.reached && one.latency_us) {
      latency_ms += static_cast<double>(*one.latency_us) / 1000;
      ++timed;
    }
  double sum = probe_success_weight * reached / static_cast<double>(n)
               + probe_recent_weight * reached_recently / static_cast<double>(recent);
  double weights = probe_success_weight + probe_recent_weight;
  if (timed > 0 || reached == 0) { // who was never reached has no latency, and is as slow as can be
    weights += probe_latency_weight;
    if (timed > 0)
      sum += probe_latency_weight
             * std::max(
               0.0, 1 - latency_ms / static_cast<double>(timed) / static_cast<double>(timeout_ms));
  }
  return std::clamp(sum / weights, 0.0, 1.0);
}

void probe_book::observe(uint16_t uid, const std::string& hotkey, const probe_outcome& x,
                         uint64_t unix_ms) {
  auto& known = all_[{uid, hotkey}];
  known.outcomes.push_back(x);
  if (known.outcomes.size() > probe_outcomes_max)
    known.outcomes.pop_front();
  if (x.reached)
    known.last_seen_ms = std::max(known.last_seen_ms, unix_ms);
}

void probe_book::keep(std::span<const probe_subject> subjects) {
  std::set<std::pair<uint16_t, std::string>> wanted;
  for (const auto& x : subjects)
    wanted.emplace(x.uid, x.hotkey);
  std::erase_if(all_, [&](const auto& x) { return !wanted.contains(x.first); });
}

probed_list probe_book::list(std::span<const probe_subject> subjects, uint64_t timeout_ms) const {
  probed_list out;
  out.json = "[";
  for (const auto& x : subjects) {
    const auto* known = find(x.uid, x.hotkey);
    const auto item = probe_item(x, known, timeout_ms);
    if (out.json.size() + item.size() + 2 > probe_list_bytes_max) {
      ++out.left_out;
      continue;
    }
    if (out.items++ > 0)
      out.json += ',';
    out.json += item;
    const bool serving = known != nullptr && !known->outcomes.empty()
                           ? known->outcomes.back().reached
                           : x.connected.value_or(false);
    out.serving += serving ? 1 : 0;
  }
  out.json += ']';
  return out;
}

const probe_history* probe_book::find(uint16_t uid, const std::string& hotkey) const {
  const auto at = all_.find({uid, hotkey});
  return at == all_.end() ? nullptr : &at->second;
}

std::string tao_text(uint64_t rao) {
  auto text = std::to_string(rao / probe_rao_per_tao);
  const auto rest = rao % probe_rao_per_tao;
  if (rest == 0)
    return text;
  auto digits = std::to_string(probe_rao_per_tao + rest); // its first digit stands for the point
  digits.front() = '.';
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + digits;
}

std::string last_seen_text(uint64_t unix_ms) {
  using namespace std::chrono;
  const auto second = floor<seconds>(sys_time<milliseconds>{milliseconds{unix_ms}});
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss time{second - day};
  std::array<char, 64> text{};
  const auto n = std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<size_t>(n)};
}

} // namespace sluice
