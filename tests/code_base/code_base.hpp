/// The files of this code base, and what the tests of its layout share.
#pragma once

#include "source_text.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::code_base {

/// The folder of the code base.
const std::filesystem::path& root();

/// What a module may include besides itself: modules, folders or single headers. A folder with a
/// line of its own may include nothing else.
const std::map<std::string, std::set<std::string>>& directions();

struct source {
  std::string path; // from the root
  std::string module;
  std::string text;
};

std::string read(const std::filesystem::path& file);

/// All C++ files of a folder, by name.
std::vector<source> sources_of(const std::string& module);

/// Of all modules; with `tests` and `bench`.
const std::vector<source>& module_sources();
const std::vector<source>& all_sources();

/// "PATH:LINE: "
std::string at(const source& x, size_t line);

/// Is this a folder inside a module?
bool is_folder(const std::string& place);

/// A test failure for every word of `words` that stands in one of the sources that `applies` to.
void expect_none(const std::vector<std::string>& words, const std::vector<source>& sources,
                 const std::function<bool(const source&)>& applies);

} // namespace sluice::code_base
