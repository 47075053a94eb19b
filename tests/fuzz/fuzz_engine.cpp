// libFuzzer's entry point for the engine: stops at the first input after which something is wrong.
#include "tests/fuzz/engine_input.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const auto end = sluice::test::play_engine({reinterpret_cast<const char*>(bytes), size});
  if (!end.wrong.empty()) {
    std::fprintf(stderr, "fuzz_engine: %s\n", end.wrong.c_str());
    std::abort();
  }
  return 0;
}
