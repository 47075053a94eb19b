#include "code_base.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace sluice::code_base {

namespace {

constexpr size_t file_lines_max = 500;
constexpr size_t function_lines_max = 70;
constexpr size_t columns_max = 100;

/// Modules without actors.
const std::set<std::string> without_actors{"rules", "sim", "storage", "io", "net", "tools"};

/// Modules without a source that still state their purpose.
const std::vector<std::string> other_modules{"configs", "tests", "bench", "scripts", "cmake"};

bool is_in(const std::string& file, const std::string& place) {
  return file.starts_with(place + '/');
}

/// The innermost folder of the file that has a line in `directions()`.
std::string place_of(const source& x) {
  auto place = x.path;
  while (!directions().contains(place))
    place.resize(place.rfind('/'));
  return place;
}

/// A document without its blocks of code, in which a lambda looks like a link.
std::string without_code_blocks(const std::string& text) {
  std::string kept;
  bool code = false;
  for (const auto& line : lines_of(text)) {
    const auto at = line.find_first_not_of(' ');
    if (at != std::string::npos && line.compare(at, 3, "```") == 0)
      code = !code;
    else if (!code)
      kept += line + '\n';
  }
  return kept;
}

bool may_include(const std::string& place, const std::string& file) {
  const auto& may = directions().at(place);
  return is_in(file, place) || std::any_of(may.begin(), may.end(), [&](const auto& at) {
           return file == at || is_in(file, at);
         });
}

} // namespace

TEST(tidy, the_code_base_is_where_the_test_looks) {
  for (const auto& [module, may] : directions())
    EXPECT_FALSE(sources_of(module).empty()) << module;
  EXPECT_GT(all_sources().size(), module_sources().size());
}

TEST(tidy, a_module_includes_only_what_is_below_it) {
  for (const auto& x : module_sources())
    for (const auto& include : includes_of(x.text))
      if (include.quoted && !may_include(place_of(x), include.file))
        ADD_FAILURE() << at(x, include.line) << place_of(x) << " must not include " << include.file;
}

TEST(tidy, what_carries_messages_of_miners_includes_no_mechanism) {
  const std::vector<std::string> carriers{
    "rules/miner/",  "rules/miner_gateway/", "net/miner_gateway/",     "actors/miner_gateway/",
    "actors/fleet/", "actors/roster.",       "messages/miner_gateway", "messages/miner."};
  size_t seen = 0;
  for (const auto& x : module_sources()) {
    if (std::none_of(carriers.begin(), carriers.end(),
                     [&](const auto& carrier) { return x.path.starts_with(carrier); }))
      continue;
    ++seen;
    for (const auto& include : includes_of(x.text))
      if (include.quoted && include.file.find("/liquidity") != std::string::npos)
        ADD_FAILURE() << at(x, include.line) << "a mechanism's " << include.file;
  }
  EXPECT_GT(seen, 20U);
}

TEST(tidy, modules_without_actors_never_include_caf) {
  for (const auto& x : module_sources())
    for (const auto& include : includes_of(x.text))
      if (without_actors.contains(x.module) && include.file.starts_with("caf/"))
        ADD_FAILURE() << at(x, include.line) << x.module << " must not include " << include.file;
}

TEST(tidy, files_are_short) {
  for (const auto& x : all_sources())
    EXPECT_LE(lines_of(x.text).size(), file_lines_max) << x.path;
}

TEST(tidy, lines_are_short) {
  for (const auto& x : all_sources()) {
    const auto lines = lines_of(x.text);
    for (size_t i = 0; i < lines.size(); ++i)
      if (const auto columns = columns_of(lines[i]); columns > columns_max)
        ADD_FAILURE() << at(x, i + 1) << columns << " columns";
  }
}

TEST(tidy, functions_fit_a_screen) {
  size_t seen = 0;
  for (const auto& x : all_sources())
    for (const auto& function : functions_of(x.text)) {
      ++seen;
      if (function.lines() > function_lines_max)
        ADD_FAILURE() << at(x, function.first) << function.lines() << " lines: " << function.head;
    }
  EXPECT_GT(seen, 1000U); // the reader of functions has not gone blind
}

TEST(tidy, time_and_chance_are_arguments) {
  expect_none({"sleep_for", "sleep_until", "usleep", "std::rand", "srand"}, all_sources(),
              [](const source& x) { return !x.path.starts_with("tests/code_base/"); });
  const std::set<std::string> without_clock{"rules", "sim", "storage", "io", "messages", "actors"};
  // What watches actors measures how long they really take; nothing they do depends on it.
  expect_none({"system_clock::now", "steady_clock::now", "random_device"}, module_sources(),
              [&](const source& x) {
                return without_clock.contains(x.module) && !x.path.starts_with("actors/observed/");
              });
}

/// `*f()` of a result is a reference into a temporary, which is gone when the loop begins.
TEST(tidy, loops_go_over_what_is_kept) {
  const std::regex over_a_temporary{R"(for \(.*: \*[A-Za-z_:]+\()"};
  for (const auto& x : all_sources()) {
    const auto lines = lines_of(x.text);
    for (size_t i = 0; i < lines.size(); ++i)
      if (std::regex_search(std::string{lines[i]}, over_a_temporary))
        ADD_FAILURE() << at(x, i + 1) << "keep what the loop goes over: " << lines[i];
  }
}

TEST(tidy, nothing_is_left_for_later) {
  expect_none({"TODO", "FIXME", "for now", "simplified", "stub"}, all_sources(),
              [](const source& x) { return !x.path.starts_with("tests/code_base/"); });
}

TEST(tidy, characters_outside_ascii_stand_in_one_table) {
  size_t tables = 0;
  for (const auto& x : module_sources()) {
    const bool table = x.path.ends_with("/charset.cpp"); // has a form in ASCII for each
    tables += table ? 1 : 0;
    const auto lines = lines_of(without_comments(x.text));
    for (size_t i = 0; i < lines.size() && !table; ++i)
      if (columns_of(lines[i]) != lines[i].size())
        ADD_FAILURE() << at(x, i + 1) << "a character outside ASCII in a literal";
  }
  EXPECT_EQ(tables, 1U);
}

TEST(tidy, every_text_for_people_leaves_through_one_file) {
  for (const auto& x : module_sources()) {
    if (x.path.starts_with("tools/print.") || x.path == "tools/shell/prompt_reader.cpp")
      continue;
    const auto code = code_of(x.text);
    for (const auto* word : {"fprintf", "printf", "fputs", "puts", "fwrite", "cout", "cerr"})
      EXPECT_FALSE(has_word(code, word)) << x.path << ": the word " << word;
  }
}

TEST(tidy, a_header_begins_with_what_it_is_for) {
  for (const auto& x : all_sources()) {
    if (!x.path.ends_with(".hpp"))
      continue;
    EXPECT_TRUE(x.text.starts_with("/// ")) << x.path;
    EXPECT_NE(x.text.find("#pragma once"), std::string::npos) << x.path;
  }
}

TEST(tidy, every_actor_has_a_test) {
  const std::regex behaviour{R"(\b(\w+)_behavior\()"};
  size_t actors = 0;
  for (const auto& x : sources_of("actors")) {
    if (!x.path.ends_with(".cpp") || !std::regex_search(x.text, behaviour))
      continue;
    ++actors;
    const auto test = "tests/" + x.path.substr(0, x.path.size() - 4) + "_test.cpp";
    if (!fs::exists(root() / test))
      ADD_FAILURE() << x.path << " has no " << test;
  }
  EXPECT_GT(actors, 10U);
}

TEST(tidy, every_module_states_its_purpose) {
  auto modules = other_modules;
  for (const auto& [module, may] : directions())
    if (!is_folder(module))
      modules.push_back(module);
  for (const auto& module : modules) {
    const auto text = read(root() / module / "README.md");
    EXPECT_TRUE(text.starts_with("# " + module)) << module << "/README.md";
    EXPECT_LE(lines_of(text).size(), 25U) << module << "/README.md is not ten lines";
  }
}

TEST(tidy, links_between_documents_lead_somewhere) {
  const std::regex link{R"(\]\(([^)#]+)(#[^)]*)?\))"};
  size_t links = 0;
  for (const auto& entry : fs::recursive_directory_iterator{root()}) {
    const auto path = fs::relative(entry.path(), root());
    const auto name = path.generic_string();
    if (entry.path().extension() != ".md" || name.starts_with("build/")
        || name.find("node_modules/") != std::string::npos)
      continue;
    const auto text = without_code_blocks(read(entry.path()));
    for (std::sregex_iterator i{text.begin(), text.end(), link}, end; i != end; ++i) {
      const auto to = (*i)[1].str();
      ++links;
      if (!to.starts_with("https://") && !fs::exists(entry.path().parent_path() / to))
        ADD_FAILURE() << name << ": there is no " << to;
    }
  }
  EXPECT_GT(links, 20U);
}

} // namespace sluice::code_base
