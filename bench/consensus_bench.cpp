/// Intake of miner statuses on one core: JSON text in, merged records out.
///
/// 64 validators report 256 miners each, in turn, as production reports look (13 fields). `parse`
/// only reads the lists; `intake` reads them and puts them into a book that holds all validators'
/// reports, so that every item is merged with 63 others; `stored` also encodes the rows of each
/// report. items_per_second counts items of the lists.
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"
#include "storage/consensus/reports.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace sluice::bench {
namespace {

constexpr uint16_t validators = 64;
constexpr uint16_t miners = 256;
constexpr uint64_t start_ms = 1'756'123'456'000;

std::string item_of(uint16_t validator, uint16_t uid, uint64_t round) {
  const auto n = static_cast<uint64_t>(validator) * 7919 + uid * 104'729 + round * 31;
  char text[512];
  std::snprintf(
    text, sizeof text,
    R"({"uid": %u, "hotkey": "5DwGisbDgMGpPf9rdgE4M2pbEaRAb9fbiQBgmCBKt2cCa%03u", )"
    R"("ip": "192.0.2.%u", "port": %u, "external_ip": "198.51.100.%u", "external_port": 8091, )"
    R"("is_serving": %s, "stake": %llu.%03llu, "performance_score": 0.%04llu, )"
    R"("current_load": %llu, "max_capacity": 5, "task_type_specialization": %s, )"
    R"("last_seen": "2025-08-25T12:0%llu:%02llu+00:00"})",
    uid, uid, uid % 250, 8090 + uid % 10, uid % 250, n % 50 == 0 ? "false" : "true",
    static_cast<unsigned long long>(1000 + n % 4000), static_cast<unsigned long long>(n % 1000),
    static_cast<unsigned long long>(n % 10'000), static_cast<unsigned long long>(n % 5),
    uid % 3 == 0 ? "null" : R"(["tts", "transcription"])", static_cast<unsigned long long>(n % 4),
    static_cast<unsigned long long>(n % 60));
  return text;
}

std::vector<std::string> make_lists(uint64_t round) {
  std::vector<std::string> all;
  for (uint16_t v = 0; v < validators; ++v) {
    std::string list = "[";
    for (uint16_t m = 0; m < miners; ++m)
      list += (m == 0 ? "" : ", ") + item_of(v, m, round);
    all.push_back(list + "]");
  }
  return all;
}

const std::vector<std::string>& lists() {
  static const auto all = [] {
    auto made = make_lists(0);
    const auto more = make_lists(1); // so that what comes next differs
    made.insert(made.end(), more.begin(), more.end());
    return made;
  }();
  return all;
}

status_list read_or_exit(const std::string& text) {
  auto read = read_status_list(text);
  if (!read || read->statuses.size() != miners) {
    std::fprintf(stderr, "consensus_bench: a list cannot be read\n");
    std::exit(1);
  }
  return *std::move(read);
}

void parse(benchmark::State& state) {
  size_t next = 0;
  size_t bytes = 0;
  for (auto _ : state) {
    const auto& text = lists()[next++ % lists().size()];
    bytes += text.size();
    benchmark::DoNotOptimize(read_or_exit(text));
  }
  state.SetItemsProcessed(static_cast<int64_t>(next) * miners);
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(parse);

/// One report after the other; the book is full before the clock runs.
void take_reports(benchmark::State& state, consensus_policy policy, bool stored) {
  consensus_settings settings;
  settings.policy = policy;
  report_book book{settings};
  std::vector<consensus_validator> known;
  for (uint16_t v = 0; v < validators; ++v)
    known.push_back({v, "validator " + std::to_string(v), uint64_t{1'000'000'000} * (v + 1)});
  book.set_validators(known);
  size_t next = 0;
  size_t updated = 0;
  size_t row_bytes = 0;
  const auto take = [&] {
    const auto& text = lists()[next % lists().size()];
    status_report report;
    report.validator_uid = static_cast<uint16_t>(next % validators);
    report.received_ms = start_ms + next * 10;
    report.statuses = read_or_exit(text).statuses;
    ++next;
    book.prepare(report);
    storage::batch rows;
    if (stored) {
      const auto row = report;
      auto put = book.put(std::move(report));
      storage::add_report(rows, book, row, *put);
      for (const auto& x : rows.writes)
        row_bytes += x.value.size();
      updated += put->consensus_updated;
    } else {
      updated += book.put(std::move(report))->consensus_updated;
    }
  };
  while (next < validators)
    take();
  const auto before = next;
  for (auto _ : state)
    take();
  state.SetItemsProcessed(static_cast<int64_t>(next - before) * miners);
  state.counters["updated"] = static_cast<double>(updated);
  if (stored)
    state.counters["bytes_per_item"]
      = static_cast<double>(row_bytes) / static_cast<double>(next * miners);
}

void intake(benchmark::State& state) {
  take_reports(state, consensus_policy::confidence, false);
}
BENCHMARK(intake);

void intake_stored(benchmark::State& state) {
  take_reports(state, consensus_policy::confidence, true);
}
BENCHMARK(intake_stored);

void intake_byzantine(benchmark::State& state) {
  take_reports(state, consensus_policy::byzantine, false);
}
BENCHMARK(intake_byzantine);

} // namespace
} // namespace sluice::bench

BENCHMARK_MAIN();
