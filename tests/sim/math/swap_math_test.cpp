#include "sim/math/swap_math.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

namespace sluice {

using nlohmann::json;
using test::narrow;
using test::wide;

TEST(swap_math, agrees_with_the_solidity_library) {
  test::expect_vectors(
    "swap-step",
    {{"computeSwapStep",
      [](const json& in) {
        auto remaining = i256::parse(in[3].get<std::string>()).value();
        auto step
          = compute_swap_step(wide(in[0]), wide(in[1]), narrow(in[2]), remaining.magnitude(),
                              !remaining.is_negative(), in[4].get<uint32_t>());
        if (!step)
          return test::reverts();
        return json::array({to_string(step->price_next), to_string(step->amount_in),
                            to_string(step->amount_out), to_string(step->fee_amount)});
      }}},
    2000);
}

} // namespace sluice
