// libFuzzer's entry point for plans that share a pool.
#include "tests/fuzz/plans_input.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const auto end = sluice::test::play_plans({reinterpret_cast<const char*>(bytes), size});
  if (!end.wrong.empty()) {
    std::fprintf(stderr, "fuzz_plans: %s\n", end.wrong.c_str());
    std::abort();
  }
  return 0;
}
