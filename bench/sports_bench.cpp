/// How fast the sports mechanism takes and scores predictions: sports_intake.hpp and
/// sports_scoring.hpp say what is measured. The exit code is 1 when one of them is too slow.
#include "bench/sports_intake.hpp"
#include "bench/sports_scoring.hpp"

#include <cstdio>
#include <string_view>

int main(int count, char** arguments) {
  const std::string_view what = count == 2 ? arguments[1] : "";
  if (what == "intake")
    return sluice::bench::sports_intake{}.run();
  if (what == "scoring")
    return sluice::bench::sports_scoring{}.run();
  std::fputs("usage: sports_bench intake|scoring\n", stderr);
  return 2;
}
