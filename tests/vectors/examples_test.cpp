// Every public example and case of ../shared/vectors, and that the comparison sees a difference.
#include "tests/support/shared.hpp"
#include "tests/vectors/agree.hpp"
#include "tests/vectors/examples.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace sluice::vectors {
namespace {

namespace fs = std::filesystem;

json read_json(const fs::path& file) {
  std::ifstream in{file};
  return json::parse(in);
}

TEST(mechanism_examples, agree_with_the_public_ones) {
  const auto file = test::shared_folder() / "vectors/mechanisms.json";
  if (!fs::exists(file))
    GTEST_SKIP() << file << " is not here";
  const auto all = all_operations();
  std::set<std::string> systems;
  for (const auto& [key, op] : all)
    systems.insert(key.first);
  size_t checked = 0;
  const auto document = read_json(file); // outlives the loop over its list
  for (const auto& example : document.at("examples")) {
    const auto system = example.at("system").get<std::string>();
    if (!systems.contains(system))
      continue; // a mechanism that is not built yet
    const auto op = all.find({system, example.at("op").get<std::string>()});
    ASSERT_NE(op, all.end()) << example.at("id") << " needs " << example.at("op");
    const auto wrong = example_differences(example.at("expected"), op->second(example.at("input")),
                                           example.value("tolerance", 1e-9));
    for (const auto& x : wrong)
      ADD_FAILURE() << example.at("id") << ": " << x;
    ++checked;
  }
  EXPECT_GT(checked, 0U);
}

TEST(mechanism_cases, agree_with_the_public_ones) {
  const auto folder = test::shared_folder() / "vectors/mechanisms-large";
  if (!fs::exists(folder))
    GTEST_SKIP() << folder << " is not here";
  for (const auto& [system, read] : all_cases())
    for (const auto& one : fs::directory_iterator{folder / system}) {
      const auto wrong
        = case_differences(read_json(one.path() / "expected.json"), read(one.path()));
      for (size_t i = 0; i < wrong.size() && i < 10; ++i)
        ADD_FAILURE() << one.path() << ": " << wrong[i];
    }
}

TEST(agree, sees_what_differs) {
  const json expected{{"a_rao", 7}, {"pnl_rao", 2.5}, {"legs", 3}, {"score", 1.0}, {"x", {1, 2}}};
  EXPECT_TRUE(case_differences(expected, expected).empty());
  auto near = expected;
  near["pnl_rao"] = 5.0;
  near["score"] = 1.0000005;
  EXPECT_TRUE(case_differences(expected, near).empty());
  for (const auto& [name, value] : std::map<std::string, json>{{"a_rao", 8},
                                                               {"pnl_rao", 6.0},
                                                               {"score", 1.00001},
                                                               {"x", {1}},
                                                               {"more", true},
                                                               {"legs", "3"}}) {
    auto other = expected;
    other[name] = value;
    EXPECT_FALSE(case_differences(expected, other).empty()) << name;
  }
  EXPECT_TRUE(example_differences(100.0, 100.0000001, 1e-8).empty());
  EXPECT_FALSE(example_differences(100.0, 100.001, 1e-8).empty());
  EXPECT_FALSE(example_differences(json{{"a", 1}}, json::object(), 1).empty());
}

} // namespace
} // namespace sluice::vectors
