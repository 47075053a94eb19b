// libFuzzer's entry point for `sluice replay`.
#include "tests/fuzz/replay_input.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const auto end = sluice::test::replay_anything({reinterpret_cast<const char*>(bytes), size});
  if (!end.wrong.empty()) {
    std::fprintf(stderr, "fuzz_replay: %s\n", end.wrong.c_str());
    std::abort();
  }
  return 0;
}
