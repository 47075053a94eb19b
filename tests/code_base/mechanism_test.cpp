// What is general knows no mechanism: a mechanism is one folder per layer and a line in a list.
#include "code_base.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sluice::code_base {

namespace {

/// A mechanism, and what belongs to it beside the usual folders.
struct mechanism {
  std::string name;
  std::vector<std::string> more_folders; // that may speak of it; others may include them
  std::vector<std::string> terms;        // of its own, that nobody else may use
};

/// Whoever has rules/M/name.hpp is a mechanism M; what else belongs to some of them stands here.
const std::vector<mechanism>& mechanisms() {
  static const auto all = [] {
    const std::vector<mechanism> more{
      {"liquidity", {"sim/evaluate/"}, {"job_id", "round_id", "job_config", "rebalance_query"}},
      // A key of JSON there is the English word: on which jobs somebody is ahead.
      {"leads", {"actors/liquidity/views/record_now.cpp"}, {"curation_result", "lead_queue"}},
    };
    std::vector<mechanism> found;
    for (const auto& entry : std::filesystem::directory_iterator{root() / "rules"}) {
      if (!std::filesystem::exists(entry.path() / "name.hpp"))
        continue;
      const auto name = entry.path().filename().string();
      const auto known
        = std::find_if(more.begin(), more.end(), [&](const auto& x) { return x.name == name; });
      found.push_back(known == more.end() ? mechanism{name, {}, {}} : *known);
    }
    return found;
  }();
  return all;
}

/// Where the pool is spoken of, whose liquidity is a number.
bool is_about_the_pool(const std::string& path) {
  return path.starts_with("sim/") || path.starts_with("io/pool/") || path.starts_with("rules/pool/")
         || path.starts_with("tools/replay/");
}

/// In a folder M below a module, or messages/M.*
bool is_own(const mechanism& x, const std::string& path) {
  return path.find('/' + x.name + '/') != std::string::npos
         || path.starts_with("messages/" + x.name + '.');
}

/// The same, or in a folder that is named above.
bool belongs_to(const mechanism& x, const std::string& path) {
  return is_own(x, path)
         || std::any_of(x.more_folders.begin(), x.more_folders.end(),
                        [&path](const auto& folder) { return path.starts_with(folder); });
}

bool is_the_list(const std::string& path) {
  return path == "actors/node/mechanisms_list.cpp";
}

/// The texts between quotes of one line of code.
std::vector<std::string> literals_of(const std::string& line) {
  static const std::regex literal{R"re("((?:[^"\\]|\\.)*)")re"};
  std::vector<std::string> all;
  if (line.starts_with("#include"))
    return all;
  for (std::sregex_iterator i{line.begin(), line.end(), literal}, end; i != end; ++i)
    all.push_back((*i)[1].str());
  return all;
}

} // namespace

TEST(mechanisms, are_where_the_test_looks) {
  ASSERT_FALSE(mechanisms().empty());
  for (const auto& x : mechanisms()) {
    size_t own = 0;
    for (const auto& source : module_sources())
      own += belongs_to(x, source.path) ? 1 : 0;
    EXPECT_GE(own, 3U) << x.name; // its name, its module, an actor at least
  }
}

TEST(mechanisms, are_included_by_nobody_but_themselves_and_the_list) {
  for (const auto& x : mechanisms())
    for (const auto& source : module_sources()) {
      if (belongs_to(x, source.path) || is_the_list(source.path))
        continue;
      for (const auto& include : includes_of(source.text))
        if (include.quoted && is_own(x, include.file))
          ADD_FAILURE() << at(source, include.line) << "includes " << include.file << " of the "
                        << x.name << " mechanism";
    }
}

TEST(mechanisms, have_names_that_nobody_else_uses) {
  for (const auto& x : mechanisms())
    expect_none(x.terms, module_sources(), [&](const source& one) {
      return !belongs_to(x, one.path) && !is_about_the_pool(one.path);
    });
}

TEST(mechanisms, are_named_in_one_place) {
  for (const auto& x : mechanisms()) {
    const std::regex name{"(^|[^a-z_])" + x.name + "([^a-z_]|$)"};
    for (const auto& source : module_sources()) {
      if (belongs_to(x, source.path) || is_about_the_pool(source.path))
        continue;
      const auto lines = lines_of(source.text);
      for (size_t i = 0; i < lines.size(); ++i)
        for (const auto& text : literals_of(lines[i]))
          if (std::regex_search(text, name))
            ADD_FAILURE() << at(source, i + 1) << "names the mechanism: \"" << text << '"';
    }
  }
}

} // namespace sluice::code_base
