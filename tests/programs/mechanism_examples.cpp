// mechanism_examples FILE: one JSON line {"id", "output"} per example of the file, in order.
#include "tests/vectors/examples.hpp"

#include <fstream>
#include <iostream>

using sluice::vectors::json;

namespace {

json answer_to(const json& example, const sluice::vectors::operations& all) {
  json line{{"id", example.at("id")}, {"output", nullptr}};
  const auto op
    = all.find({example.at("system").get<std::string>(), example.at("op").get<std::string>()});
  if (op == all.end()) {
    line["missing"] = true;
    return line;
  }
  try {
    line["output"] = op->second(example.at("input"));
  } catch (const std::exception& why) {
    line["error"] = why.what();
  }
  return line;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: mechanism_examples FILE (a file of the form of mechanisms.json)\n";
    return 1;
  }
  try {
    std::ifstream in{arguments[1]};
    if (!in)
      throw std::runtime_error(std::string{arguments[1]} + ": cannot be read");
    const auto all = sluice::vectors::all_operations();
    const auto document = json::parse(in); // outlives the loop over its list
    for (const auto& example : document.at("examples"))
      std::cout << answer_to(example, all).dump() << '\n';
    return 0;
  } catch (const std::exception& why) {
    std::cerr << "mechanism_examples: " << why.what() << '\n';
    return 2;
  }
}
