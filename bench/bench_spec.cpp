/// The workloads that other engines run too (bench/peers): sum and end as on the chain, CPU time.
#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/support/data_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {
namespace {

using nlohmann::json;

constexpr int runs = 40;
constexpr size_t pools_a_run = 20; // one workload takes less than the clock can be trusted with

u256 wide(const json& text) {
  const auto x = u256::parse(text.get<std::string>());
  if (!x)
    throw std::runtime_error("bench-spec.json: expected a whole number, got " + text.dump());
  return *x;
}

pool bench_pool(const json& spec) {
  const auto& terms = spec.at("pool");
  pool made(terms.at("fee").get<uint32_t>(), terms.at("tickSpacing").get<int32_t>());
  bool good = static_cast<bool>(made.initialize(wide(terms.at("sqrtPriceX96")), 1));
  for (const auto& x : spec.at("positions"))
    good = good
           && made.mint({1}, x.at("tickLower").get<int32_t>(), x.at("tickUpper").get<int32_t>(),
                        static_cast<u128>(wide(x.at("liquidity"))), 1);
  if (!good)
    throw std::runtime_error("bench-spec.json: the pool refuses its own start");
  return made;
}

/// The swaps of the file's `rule`.
std::vector<swap_request> orders_of(const json& work) {
  std::vector<swap_request> orders;
  auto seed = work.at("seed").get<uint64_t>();
  const auto base0 = wide(work.at("base0")), base1 = wide(work.at("base1"));
  for (auto left = work.at("n").get<size_t>(); left > 0; --left) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    const bool down = ((seed >> 40) & 1) == 0;
    const auto amount = (down ? base0 : base1) * ((seed >> 41) & 0xffff) / 65536 + 1;
    orders.push_back(
      {down, i256::from_u256(amount), down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1});
  }
  return orders;
}

/// What was paid out, negative.
i256 play(pool& on, const std::vector<swap_request>& orders) {
  i256 sum;
  for (const auto& order : orders) {
    const auto moved = on.swap(order, 1);
    if (!moved)
      throw std::runtime_error("a swap reverts: " + std::string{reason(moved.why())});
    sum += order.zero_for_one ? moved->amount1 : moved->amount0;
  }
  return sum;
}

void check(const json& work, const pool& end, const i256& sum) {
  const auto same = [&](const char* what, const std::string& got, const std::string& expected) {
    if (got != expected)
      throw std::runtime_error(work.at("name").get<std::string>() + ": " + what + " is " + got
                               + ", expected " + expected);
  };
  const auto& state = end.state();
  const auto& after = work.at("after");
  const auto text = [&](const char* name) { return after.at(name).get<std::string>(); };
  same("sum", to_string(sum), work.at("sum").get<std::string>());
  same("sqrtPriceX96", to_string(state.sqrt_price_x96), text("sqrtPriceX96"));
  same("tick", std::to_string(state.tick), after.at("tick").dump());
  same("liquidity", to_string(state.liquidity), text("liquidity"));
  same("fee growth 0", to_string(state.fee_growth_global0_x128), text("feeGrowthGlobal0X128"));
  same("fee growth 1", to_string(state.fee_growth_global1_x128), text("feeGrowthGlobal1X128"));
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Best of several runs, each on pools of its own that are made before the clock starts.
double best_of(const pool& start, const json& work) {
  const auto orders = orders_of(work);
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < runs; ++i) {
    std::vector<pool> pools(pools_a_run, start);
    std::vector<i256> sums(pools_a_run);
    const auto from = cpu_seconds();
    for (size_t k = 0; k < pools_a_run; ++k)
      sums[k] = play(pools[k], orders);
    best = std::min(best, (cpu_seconds() - from) / pools_a_run);
    for (size_t k = 0; k < pools_a_run; ++k)
      check(work, pools[k], sums[k]);
  }
  return best;
}

} // namespace
} // namespace sluice

int main(int argc, char** argv) {
  try {
    const auto text = sluice::test::bundled_text("bench-spec.json");
    if (argc > 1 && std::string_view{argv[1]} == "--spec") {
      std::fputs(text.c_str(), stdout);
      return 0;
    }
    const auto spec = nlohmann::json::parse(text);
    const auto start = sluice::bench_pool(spec);
    for (const auto& work : spec.at("workloads"))
      std::printf("sluice\t%s\t%s\t%.9f\n", work.at("name").get<std::string>().c_str(),
                  work.at("n").dump().c_str(), sluice::best_of(start, work));
  } catch (const std::exception& why) {
    std::fprintf(stderr, "bench_spec: %s\n", why.what());
    return 1;
  }
}
