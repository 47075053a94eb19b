/// What a recorded event costs in the replica, by the length of the history and by the number of
/// positions in the pool; beside the same program on an earlier version of the library.
#if __has_include("sim/market.hpp") // version 0.1.0
#include "sim/market.hpp"
#include "sim/tick_math.hpp"
#include "sim/window.hpp"
#else
#include "sim/evaluate/market.hpp"
#include "sim/evaluate/window.hpp"
#include "sim/math/tick_math.hpp"
#endif

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice {
namespace {

constexpr size_t blocks_of_a_round = 450; // a snapshot each
constexpr size_t blocks_at_once = 512;    // made first, then replayed by the clock
constexpr size_t swaps_per_block = 8;
constexpr int swaps_on_positions = 20'000;
constexpr uint64_t events_max = 1'000'000'000;

struct options {
  bool measure = false; // print figures for the one that compares
  std::string before;   // the other program
  int runs = 3;
  uint64_t events = 1'000'000;
  uint64_t events_before = 1'000'000;
  uint64_t positions = 10'000;
};

/// CPU of this thread, seconds.
double cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A replica that is fed by the clock, with a snapshot for each round; what it records is dropped.
class timed_replay {
public:
  explicit timed_replay(replica feed) : feed_(std::move(feed)) {}

  void apply(std::vector<feed_block> blocks) {
    const double from = cpu();
    for (auto& block : blocks) {
      auto record = feed_.apply(std::move(block)); // version 0.1.0 copies it
      if (!record)
        throw std::runtime_error(record.error().what);
      if (++blocks_ % blocks_of_a_round == 0)
        start_ = feed_.snapshot();
    }
    seconds_ += cpu() - from;
  }
  double seconds() const { return seconds_; }

private:
  replica feed_;
  size_t blocks_ = 0;
  std::shared_ptr<const pool> start_;
  double seconds_ = 0;
};

void print_figure(const std::string& name, uint64_t events, double seconds) {
  std::printf("%s %llu %.9g\n", name.c_str(), static_cast<unsigned long long>(events), seconds);
  std::fflush(stdout);
}

/// 1, 2, 5, 10, ... times 100,000.
uint64_t next_point(uint64_t point) {
  uint64_t first = point;
  while (first % 10 == 0)
    first /= 10;
  return first == 2 ? point / 2 * 5 : point * 2;
}

/// The node's own market, 8 trades in a block of 12 s; how a swap was asked for is not reported.
void measure_history(uint64_t events) {
  market_terms terms;
  terms.pool = {500, 10, 18, 6};
  terms.block_seconds = 12;
  terms.trades_per_block = swaps_per_block;
  market source{terms, 7};
  timed_replay replay{replica::of_pool(terms.pool)};
  uint64_t seen = 0;
  uint64_t point = 100'000;
  while (seen < events) {
    std::vector<feed_block> blocks;
    while (blocks.size() < blocks_at_once && seen < std::min(point, events)) {
      blocks.push_back(source.next());
      for (auto& event : blocks.back().events)
        event.asked.reset();
      seen += blocks.back().events.size();
    }
    replay.apply(std::move(blocks));
    if (seen >= std::min(point, events)) {
      print_figure("history", std::min(point, events), replay.seconds());
      point = next_point(point);
    }
  }
}

/// `positions` of as many owners, at 40 ticks or each at ticks of its own.
pool crowded(uint64_t positions, bool own_ticks) {
  pool made(100, 1);
  if (!made.initialize(u256{1} << 96, 1'000'000'000))
    throw std::runtime_error("the pool cannot be initialized");
  std::mt19937_64 luck(positions);
  for (uint64_t i = 0; i < positions + 1; ++i) {
    address owner{};
    for (size_t byte = 0; byte < 8; ++byte)
      owner[byte] = static_cast<uint8_t>(i >> (8 * byte));
    const auto reach = own_ticks ? positions / 2 + 20 : 20;
    auto lower = -1 - static_cast<int32_t>(luck() % reach);
    auto upper = 1 + static_cast<int32_t>(luck() % reach);
    if (i == 0) { // so that there is always liquidity
      lower = -800'000;
      upper = 800'000;
    }
    if (!made.mint(owner, lower, upper, u128{1} << 60, 1'000'000'000))
      throw std::runtime_error("a position cannot be minted");
  }
  return made;
}

/// Small swaps both ways, where the pool stands.
void measure_positions(uint64_t positions, bool own_ticks) {
  auto source = crowded(positions, own_ticks);
  timed_replay replay{replica::of_pool({100, 1, 18, 18}, source)};
  std::mt19937_64 luck(5);
  int swaps = 0;
  for (uint64_t number = 1; swaps < swaps_on_positions; ++number) {
    feed_block block{number, 1'000'000'000 + 2 * number, {}, {}};
    for (size_t i = 0; i < swaps_per_block; ++i, ++swaps) {
      const u256 most = u256{source.state().liquidity} / 2000; // 0.05 % of the price: 5 ticks
      const bool home = source.state().tick >= 0; // three in four go back to where they began
      swap_request order;
      order.zero_for_one = luck() % 4 == 0 ? !home : home;
      order.amount_specified = i256::from_u256(most * (1 + luck() % 1000) / 1000);
      order.sqrt_price_limit_x96 = order.zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
      const auto moved = source.swap(order, static_cast<uint32_t>(block.time));
      if (!moved)
        throw std::runtime_error("a swap reverts");
      pool_event event;
      event.log_index = static_cast<uint32_t>(i);
      event.amount0 = moved->amount0;
      event.amount1 = moved->amount1;
      event.sqrt_price_x96 = source.state().sqrt_price_x96;
      event.tick = source.state().tick;
      event.liquidity = source.state().liquidity;
      block.events.push_back(event);
    }
    replay.apply({block});
  }
  print_figure(own_ticks ? "own_ticks" : "positions", positions,
               replay.seconds() / swaps_on_positions);
}

void measure(const options& what) {
  measure_history(what.events);
  for (uint64_t positions = 0; positions <= what.positions;
       positions = positions == 0 ? 1000 : 10 * positions)
    measure_positions(positions, false);
  measure_positions(what.positions, true);
}

// -- the comparison ------------------------------------------------------------------------------

/// Name and number of a figure, and what each run said.
using figures = std::map<std::pair<std::string, uint64_t>, std::vector<double>>;

void run_one(const std::string& program, uint64_t events, uint64_t positions, figures& into) {
  const auto line = "'" + program + "' --measure --events " + std::to_string(events)
                    + " --positions " + std::to_string(positions);
  FILE* output = popen(line.c_str(), "r");
  if (output == nullptr)
    throw std::runtime_error("cannot start " + program);
  char name[32] = {};
  unsigned long long number = 0;
  double value = 0;
  while (std::fscanf(output, "%31s %llu %lf", name, &number, &value) == 3)
    into[{name, number}].push_back(value);
  if (pclose(output) != 0)
    throw std::runtime_error(line + " failed");
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

std::optional<double> find_median(const figures& all, const std::string& name, uint64_t number) {
  const auto found = all.find({name, number});
  return found == all.end() ? std::nullopt : std::optional(median(found->second));
}

/// One line of a table: nanoseconds now and before, and a bar of them on a common scale.
void print_line(const std::string& label, double now, std::optional<double> before) {
  std::string line = label;
  line.resize(std::max<size_t>(line.size(), 34), ' ');
  char text[96];
  if (before)
    std::snprintf(text, sizeof text, "%9.0f %9.0f %7.1fx  ", now, *before, *before / now);
  else
    std::snprintf(text, sizeof text, "%9.0f %9s %8s  ", now, "-", "-");
  line += text;
  const auto bar = static_cast<size_t>(now / 25);
  std::printf("%s%s\n", line.c_str(), std::string(std::min<size_t>(bar, 60), '#').c_str());
}

void print_history(const figures& now, const figures& before) {
  std::printf("\nns per event of the node's market, 8 trades in 12 s (# is 25 ns now)\n");
  std::printf("%-34s%9s %9s %8s\n", "events", "now", "before", "ratio");
  uint64_t last = 0;
  double last_now = 0, last_before = 0;
  for (const auto& [key, values] : now) {
    const auto& [name, events] = key;
    if (name != "history")
      continue;
    const double seconds = median(values);
    const auto other = find_median(before, name, events);
    const auto per_event
      = [&](double all, uint64_t count) { return 1e9 * all / static_cast<double>(count); };
    std::optional<double> whole, since;
    if (other) {
      whole = per_event(*other, events);
      since = per_event(*other - last_before, events - last);
      last_before = *other;
    }
    print_line("first " + std::to_string(events), per_event(seconds, events), whole);
    if (last != 0)
      print_line("  those after " + std::to_string(last),
                 per_event(seconds - last_now, events - last), since);
    last = events;
    last_now = seconds;
  }
}

void print_positions(const figures& now, const figures& before) {
  std::printf("\nns per swap, %d swaps on a pool with so many positions\n", swaps_on_positions);
  for (const char* name : {"positions", "own_ticks"})
    for (const auto& [key, values] : now)
      if (key.first == name) {
        const auto other = find_median(before, name, key.second);
        print_line(std::to_string(key.second)
                     + (key.first == "positions" ? " at 40 ticks" : " at ticks of their own"),
                   1e9 * median(values), other ? std::optional(1e9 * *other) : std::nullopt);
      }
}

void compare(const std::string& self, const options& what) {
  figures now, before;
  for (int run = 0; run < what.runs; ++run) { // by turns, so that both meet the same machine
    run_one(self, what.events, what.positions, now);
    if (!what.before.empty())
      run_one(what.before, std::min(what.events, what.events_before), what.positions, before);
  }
  print_history(now, before);
  print_positions(now, before);
}

uint64_t number_of(const std::string& text, uint64_t least) {
  uint64_t number = 0;
  const auto* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, number).ptr != end || number < least || number > events_max)
    throw std::runtime_error("expected a number from " + std::to_string(least) + ", got " + text);
  return number;
}

options read(int count, char** words) {
  options read;
  for (int i = 1; i < count; ++i) {
    const std::string name = words[i];
    if (name == "--measure") {
      read.measure = true;
      continue;
    }
    if (i + 1 == count)
      throw std::runtime_error("replica_growth [--events N] [--before PROGRAM] [--events-before N] "
                               "[--positions N] [--runs N]");
    const std::string value = words[++i];
    if (name == "--before")
      read.before = value;
    else if (name == "--events")
      read.events = number_of(value, 100'000);
    else if (name == "--events-before")
      read.events_before = number_of(value, 100'000);
    else if (name == "--positions")
      read.positions = number_of(value, 1000);
    else if (name == "--runs")
      read.runs = static_cast<int>(number_of(value, 1));
    else
      throw std::runtime_error("no such option: " + name);
  }
  return read;
}

} // namespace
} // namespace sluice

int main(int count, char** words) {
  try {
    const auto what = sluice::read(count, words);
    what.measure ? sluice::measure(what) : sluice::compare(words[0], what);
  } catch (const std::exception& why) {
    std::fprintf(stderr, "replica_growth: %s\n", why.what());
    return 1;
  }
  return 0;
}
