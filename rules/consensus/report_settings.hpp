/// What the reporting side is configured with: to whom, how often, signed by which key.
#pragma once

#include "rules/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Proxies that one validator reports to, at most.
inline constexpr size_t report_targets_max = 16;

/// How a report travels. Numbers are stored.
enum class report_form : uint8_t {
  original = 0, // the form of the original's proxies, with an API key: nothing is signed
  signed_json,  // JSON with hotkey, issued and signature (signed_report.hpp)
};
constexpr bool known(report_form x) {
  switch (x) {
  case report_form::original:
  case report_form::signed_json:
    return true;
  }
  return false;
}

/// "original", "signed"
constexpr std::string_view name_of(report_form x) {
  return x == report_form::original ? "original" : "signed";
}
constexpr std::optional<report_form> parse_report_form(std::string_view name) {
  for (const auto x : {report_form::original, report_form::signed_json})
    if (name_of(x) == name)
      return x;
  return {};
}

/// Which reports a proxy gets. Numbers are stored.
enum class report_mode : uint8_t {
  all = 0, // every one
  first,   // those of this mode are alternatives: the first in the order of the list that works
};
constexpr bool known(report_mode x) {
  switch (x) {
  case report_mode::all:
  case report_mode::first:
    return true;
  }
  return false;
}

/// "all", "first"
constexpr std::string_view name_of(report_mode x) {
  return x == report_mode::all ? "all" : "first";
}
constexpr std::optional<report_mode> parse_report_mode(std::string_view name) {
  for (const auto x : {report_mode::all, report_mode::first})
    if (name_of(x) == name)
      return x;
  return {};
}

/// One proxy. Checked where a configuration is read; a URL that is none is seen at the first report
/// as well.
struct report_target {
  std::string url; // http://HOST:PORT or https://..., with a path in front of the route's or none
  report_form form = report_form::signed_json;
  std::string key_file; // with an API key as its only line; "": none
  report_mode mode = report_mode::all;
  SLUICE_FIELDS(url, form, key_file, mode)
  bool operator==(const report_target&) const = default;
};

/// Where a miner listens. The dev chain does not know; a real chain states it.
struct report_axon {
  std::string hotkey; // of the miner
  std::string at;     // HOST:PORT
  SLUICE_FIELDS(hotkey, at)
  bool operator==(const report_axon&) const = default;
};

/// Names end in their unit; ranges are checked where a configuration is read.
struct report_settings {
  std::vector<report_target> report_to; // empty: this validator reports to nobody
  std::string report_key_file;          // of the validator's hotkey (sluice keys new)
  uint64_t report_interval_s = 60;      // between two reports, 10 to 300
  uint64_t probe_timeout_ms = 3'000;    // of one connection to a miner, 100 to 30'000
  uint64_t probes_at_once = 32;         // connections, 1 to 256
  std::string ca_file;                  // PEM of the CAs of proxies; "": the system's
  std::vector<report_axon> axons;       // beside what the chain states
  SLUICE_FIELDS(report_to, report_key_file, report_interval_s, probe_timeout_ms, probes_at_once,
                ca_file, axons)
  bool operator==(const report_settings&) const = default;
};

} // namespace sluice
