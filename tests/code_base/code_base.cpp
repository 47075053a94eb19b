#include "code_base.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace sluice::code_base {

const fs::path& root() {
  static const fs::path folder = SOURCE_DIR;
  return folder;
}

const std::map<std::string, std::set<std::string>>& directions() {
  static const std::map<std::string, std::set<std::string>> all{
    {"rules", {}},
    {"rules/math", {}},
    {"rules/pool", {"rules/fields.hpp", "rules/math"}},
    {"sim", {"rules"}},
    {"sim/math", {"rules/math"}},
    {"sim/slipstream", {"rules/math", "rules/pool", "sim/math"}},
    {"sim/pool", {"rules/result.hpp", "rules/math", "rules/pool", "sim/math", "sim/slipstream"}},
    {"sim/lanes", {"rules/math", "sim/math"}},
    {"sim/evaluate", {"rules", "sim/math", "sim/slipstream", "sim/pool", "sim/lanes"}},
    {"storage", {"rules"}},
    {"messages", {"rules", "sim", "storage"}},
    {"io", {"rules", "sim"}},
    {"io/text", {"rules"}},
    {"io/pool", {"rules", "sim", "io/text"}},
    {"net", {"rules", "io/text"}},
    {"tools", {"rules", "sim", "storage", "io", "net"}},
    {"actors", {"rules", "sim", "storage", "messages", "io", "net", "tools"}},
    {"bin", {"rules", "sim", "storage", "messages", "io", "net", "tools", "actors"}},
  };
  return all;
}

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

/// All C++ files of a folder, by name.
std::vector<source> sources_of(const std::string& module) {
  std::vector<source> all;
  if (!fs::exists(root() / module))
    return all;
  for (const auto& entry : fs::recursive_directory_iterator{root() / module}) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".hpp" || extension == ".cpp"))
      all.push_back(
        {fs::relative(entry.path(), root()).generic_string(), module, read(entry.path())});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return all;
}

/// Is this a folder inside a module?
bool is_folder(const std::string& place) {
  return place.find('/') != std::string::npos;
}

const std::vector<source>& module_sources() {
  static const auto all = [] {
    std::vector<source> found;
    for (const auto& [module, may] : directions())
      if (!is_folder(module))
        for (auto& x : sources_of(module))
          found.push_back(std::move(x));
    return found;
  }();
  return all;
}

const std::vector<source>& all_sources() {
  static const auto all = [] {
    auto found = module_sources();
    for (const std::string module : {"tests", "bench"})
      for (auto& x : sources_of(module))
        found.push_back(std::move(x));
    return found;
  }();
  return all;
}

std::string at(const source& x, size_t line) {
  return x.path + ':' + std::to_string(line) + ": ";
}

void expect_none(const std::vector<std::string>& words, const std::vector<source>& sources,
                 const std::function<bool(const source&)>& applies) {
  for (const auto& x : sources) {
    if (!applies(x))
      continue;
    const auto lines = lines_of(x.text);
    for (size_t i = 0; i < lines.size(); ++i)
      for (const auto& word : words)
        if (has_word(lines[i], word))
          ADD_FAILURE() << at(x, i + 1) << "the word " << word;
  }
}

} // namespace sluice::code_base
