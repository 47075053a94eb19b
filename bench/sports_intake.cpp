/// Intake of signed predictions: sports_intake.hpp. The exit code is 1 when it takes too long.
#include "bench/sports_intake.hpp"

int main() {
  return sluice::bench::sports_intake{}.run();
}
