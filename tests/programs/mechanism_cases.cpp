// mechanism_cases DIR: reads the input files of a case, DIR/input*.jsonl, and prints one JSON
// object in the form of its expected.json. The system is the name of the folder above:
// trading/case-01.
#include "tests/vectors/examples.hpp"

#include <iostream>

namespace {

/// The system that a case belongs to; "" when the path names none of them.
std::string
system_of(const std::filesystem::path& folder, const sluice::vectors::case_readers& all) {
  for (auto part = folder; part.has_relative_path(); part = part.parent_path())
    if (all.contains(part.filename().string()))
      return part.filename().string();
  return {};
}

} // namespace

int main(int count, char** arguments) {
  const auto all = sluice::vectors::all_cases();
  if (count != 2 && count != 3) {
    std::cerr << "usage: mechanism_cases DIR [SYSTEM]; systems:";
    for (const auto& [name, read] : all)
      std::cerr << ' ' << name;
    std::cerr << '\n';
    return 1;
  }
  try {
    const auto folder = std::filesystem::canonical(arguments[1]);
    const std::string system = count == 3 ? arguments[2] : system_of(folder, all);
    const auto read = all.find(system);
    if (read == all.end()) {
      std::cerr << "mechanism_cases: " << arguments[1]
                << ": no folder of the path is named like a system; name it behind DIR\n";
      return 1;
    }
    std::cout << read->second(folder).dump() << '\n';
    return 0;
  } catch (const std::exception& why) {
    std::cerr << "mechanism_cases: " << why.what() << '\n';
    return 2;
  }
}
