/// What a report book holds; only its sources include this.
#pragma once

#include "rules/consensus/miner_reports.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/reputation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace sluice {

inline constexpr size_t book_miners = 65'536;

/// Everything about one miner.
struct book_entry {
  miner_reports reports;
  consensus_record record;
  uint64_t checked_ms = 0; // when expire() looks at it next; not after something happens
};

/// When to look at which miner.
struct book_alarm {
  uint64_t at_ms = 0;
  uint16_t uid = 0;
  bool operator>(const book_alarm& other) const {
    return at_ms != other.at_ms ? at_ms > other.at_ms : uid > other.uid;
  }
};

struct report_book::content {
  consensus_settings settings;
  std::array<std::unique_ptr<book_entry>, book_miners> miners; // by uid
  std::map<uint16_t, consensus_validator> validators;
  std::map<std::string, validator_history> histories;
  std::unordered_map<uint64_t, uint32_t> uses; // of reports: places in which they are the latest
  std::priority_queue<book_alarm, std::vector<book_alarm>, std::greater<>> alarms;
  uint64_t reports = 0;
  uint64_t last_number = 0;
  uint64_t now_ms = 0;

  uint64_t kept_ms() const { return std::max(settings.active_s, settings.fallback_s) * 1000; }
  uint64_t stake_of(uint16_t uid) const;
  validator_history* history(const status_report& x, std::vector<std::string>& forgotten);
  bool merge(uint16_t uid, book_entry& entry);
  void release(uint64_t number, std::vector<uint64_t>& released);
  weighed_report head_of(const status_report& x, const validator_history* of) const;
  book_entry&
  put_item(miner_status&& x, const weighed_report& head, std::vector<uint64_t>& released);
  void take(status_report& x, validator_history& of, book_put& out);
  void set_alarm(uint16_t uid, book_entry& entry, uint64_t at_ms);
  uint64_t next_change_ms(const book_entry& entry) const;
};

} // namespace sluice
