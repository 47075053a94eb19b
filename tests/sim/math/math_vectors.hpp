/// Compares functions of ours with what the real Solidity libraries answered.
#pragma once

#include "rules/math/u256.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace sluice::test {

/// Takes the inputs; answers the outputs, or {"revert": reason}.
using math_function = std::function<nlohmann::json(const nlohmann::json& in)>;
using math_functions = std::map<std::string, math_function>;

/// Runs the bundled sample of vectors/math/NAME.jsonl, and all of it when ../shared is there.
/// Every line must name one of the functions; at least `cases_min` lines must be there.
void expect_vectors(const std::string& name, const math_functions& functions, size_t cases_min);

nlohmann::json reverts(const std::string& reason = "");
u256 wide(const nlohmann::json& x);
u128 narrow(const nlohmann::json& x);
/// One output, or a reasonless revert.
nlohmann::json one(const std::optional<u256>& x);
nlohmann::json one(const u256& x);

} // namespace sluice::test
