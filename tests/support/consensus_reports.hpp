/// Statuses and reports to put into a book.
#pragma once

#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// A moment from which test reports count, milliseconds since 1970.
inline constexpr uint64_t report_time_ms = 1'756'123'456'000;

/// Of an item's JSON; "{}" is completed with the uid.
inline miner_status status_from(const std::string& json) {
  const auto read = read_status_list("[" + json + "]");
  return read && read->statuses.size() == 1 ? read->statuses.front() : miner_status{};
}

inline miner_status
full_status(uint16_t uid, const std::string& hotkey, double stake, bool serving) {
  miner_status x;
  x.uid = {uid};
  x.hotkey = hotkey;
  x.stake = stake;
  x.is_serving = serving;
  x.performance_score = 0.5;
  x.current_load = 1;
  x.max_capacity = 5;
  x.ip = "\"192.0.2.1\"";
  x.port = "8091";
  return x;
}

inline status_report
report_of(uint16_t validator, uint64_t received_ms, std::vector<miner_status> statuses) {
  status_report x;
  x.validator_uid = validator;
  x.received_ms = received_ms;
  x.statuses = std::move(statuses);
  return x;
}

/// A report with the signature of a validator of this hotkey.
inline status_report signed_report_of(uint16_t validator, const std::string& hotkey, uint64_t epoch,
                                      const std::string& digest, uint64_t received_ms,
                                      std::vector<miner_status> statuses) {
  auto x = report_of(validator, received_ms, std::move(statuses));
  x.hotkey = hotkey;
  x.epoch = epoch;
  x.proof = report_proof::signature;
  x.proof_text = "signature of " + digest;
  x.digest = digest;
  x.issued_ms = received_ms - 5;
  return x;
}

/// Prepares and puts; what is no fault.
inline book_put put_into(report_book& book, status_report x) {
  book.prepare(x);
  auto made = book.put(std::move(x));
  return made ? *std::move(made) : book_put{};
}

/// An item with any of its fields missing, null or wrong, as JSON.
inline std::string random_item(std::mt19937_64& chance, uint64_t uids, uint64_t hotkeys) {
  const auto pick = [&](uint64_t n) { return chance() % n; };
  std::string item = "{\"uid\":" + std::to_string(pick(uids));
  const auto add = [&](const std::string& name, const std::string& json) {
    if (pick(6) != 0)
      item += ",\"" + name + "\":" + (pick(12) == 0 ? "null" : json);
  };
  add("hotkey", "\"H" + std::to_string(pick(hotkeys)) + "\"");
  add("stake", pick(20) == 0 ? "-1" : std::to_string(pick(1000)) + ".25");
  add("is_serving", pick(3) == 0 ? "false" : "true");
  add("performance_score", "0." + std::to_string(pick(100)));
  add("current_load", std::to_string(pick(6)));
  add("max_capacity", std::to_string(pick(9)));
  add("ip", "\"192.0.2." + std::to_string(pick(3)) + "\"");
  add("port", std::to_string(8090 + pick(3)));
  add("task_type_specialization", pick(2) == 0 ? "\"tts\"" : "[\"tts\",\"translation\"]");
  if (pick(4) == 0)
    item += ",\"region\":\"r" + std::to_string(pick(2)) + "\"";
  return item + "}";
}

inline std::string
random_list(std::mt19937_64& chance, uint64_t items, uint64_t uids, uint64_t hotkeys) {
  std::string list = "[";
  for (uint64_t i = 0; i < items; ++i)
    list += (i == 0 ? "" : ",") + random_item(chance, uids, hotkeys);
  return list + "]";
}

} // namespace sluice::test
