#include "tests/vectors/agree.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace sluice::vectors {

namespace {

using nlohmann::json;

/// How far a number may be from the expected one; `place` is its name, `beside` what it is in.
using tolerance_of
  = std::function<double(const std::string& name, const json& expected, const json& beside)>;

class comparison {
public:
  explicit comparison(tolerance_of tolerance) : tolerance_(std::move(tolerance)) {}

  void compare(const std::string& place, const std::string& name, const json& expected,
               const json& got, const json& beside) {
    if (expected.is_number() && got.is_number()) {
      const double far = std::abs(expected.get<double>() - got.get<double>());
      const double allowed = tolerance_(name, expected, beside);
      if (allowed == 0 ? expected != got : !(far <= allowed))
        differ(place, expected, got);
    } else if (expected.is_object() && got.is_object()) {
      for (const auto& [key, value] : expected.items())
        if (got.contains(key))
          compare(place + '.' + key, key, value, got.at(key), expected);
        else
          found.push_back(place + '.' + key + ": missing");
      for (const auto& [key, value] : got.items())
        if (!expected.contains(key))
          found.push_back(place + '.' + key + ": not expected");
    } else if (expected.is_array() && got.is_array()) {
      if (expected.size() != got.size())
        found.push_back(place + ": expected " + std::to_string(expected.size()) + " items, got "
                        + std::to_string(got.size()));
      for (size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
        compare(place + '[' + std::to_string(i) + ']', name, expected[i], got[i], beside);
    } else if (expected != got) {
      differ(place, expected, got);
    }
  }

  std::vector<std::string> found;

private:
  void differ(const std::string& place, const json& expected, const json& got) {
    found.push_back(place + ": expected " + expected.dump() + ", got " + got.dump());
  }

  tolerance_of tolerance_;
};

double case_tolerance(const std::string& name, const json& expected, const json& beside) {
  static const std::set<std::string> fractions{"tao_rao", "cost_rao", "pnl_rao", "real_pnl_rao"};
  if (fractions.contains(name)) {
    const auto legs = beside.find("legs");
    return legs != beside.end() && legs->is_number() ? std::max(1.0, legs->get<double>()) : 1.0;
  }
  if (name.ends_with("_rao"))
    return 0;
  if (name == "weights" || name == "u16")
    return 1;
  return std::max(1e-6, 1e-9 * std::abs(expected.get<double>()));
}

} // namespace

std::vector<std::string>
example_differences(const json& expected, const json& got, double tolerance) {
  comparison all{[tolerance](const std::string&, const json& x, const json&) {
    return tolerance * std::max(1.0, std::abs(x.get<double>()));
  }};
  all.compare("output", "", expected, got, {});
  return all.found;
}

std::vector<std::string> case_differences(const json& expected, const json& got) {
  comparison all{case_tolerance};
  all.compare("case", "", expected, got, {});
  return all.found;
}

} // namespace sluice::vectors
