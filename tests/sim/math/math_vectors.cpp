#include "tests/sim/math/math_vectors.hpp"

#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

using nlohmann::json;

namespace {

void compare(const std::string& text, const math_functions& functions, size_t cases_min) {
  size_t cases = 0;
  size_t differ = 0;
  for (auto line : lines_of(text)) {
    auto recorded = json::parse(line);
    auto got = functions.at(recorded["fn"])(recorded["in"]);
    auto expected = recorded.contains("revert") ? reverts(recorded["revert"]) : recorded["out"];
    ++cases;
    if (got != expected && ++differ <= 3)
      ADD_FAILURE() << line << "\n  got " << got.dump();
  }
  EXPECT_EQ(differ, 0U) << "of " << cases;
  EXPECT_GE(cases, cases_min);
}

} // namespace

json reverts(const std::string& reason) {
  return {{"revert", reason}};
}
u256 wide(const json& x) {
  return u256::parse(x.get<std::string>()).value();
}
u128 narrow(const json& x) {
  return parse_u128(x.get<std::string>()).value();
}
json one(const u256& x) {
  return json::array({to_string(x)});
}
json one(const std::optional<u256>& x) {
  return x ? one(*x) : reverts();
}

void expect_vectors(const std::string& name, const math_functions& functions, size_t cases_min) {
  compare(bundled_text("math-" + name + ".jsonl"), functions, cases_min);
  if (const auto file = "vectors/math/" + name + ".jsonl"; shared_has(file))
    compare(shared_text(file), functions, 2 * cases_min);
}

} // namespace sluice::test
