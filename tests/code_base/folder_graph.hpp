/// Which folders include which, and which libraries may include which.
#pragma once

#include "code_base.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::code_base {

/// An arrow from a folder to another: how many includes it stands for, and the first of them as
/// "PATH:LINE: includes FILE".
struct folder_arrow {
  size_t includes = 0;
  std::string first;
};

/// From a folder to those it includes files of; every folder with a file has an entry.
using folder_graph = std::map<std::string, std::map<std::string, folder_arrow>>;

/// Includes of files that are not among the sources, and within one folder, are left out.
folder_graph graph_of(const std::vector<source>& sources);

/// The folders of a shortest way from this one back to it, itself first; empty: there is none.
std::vector<std::string> cycle_through(const folder_graph& graph, const std::string& folder);

/// Cycles such that every folder that is in any cycle is in one of these.
std::vector<std::vector<std::string>> cycles_of(const folder_graph& graph);

/// A cycle for people: its folders, and an include for each arrow.
std::string text_of(const folder_graph& graph, const std::vector<std::string>& cycle);

/// From a library's folder to those of the libraries it may use: itself, what it links, and what
/// those may use. Reads `module(FOLDER USES ...)` and what the program `sluice`, whose folder is
/// bin, links.
std::map<std::string, std::set<std::string>> uses_of(const std::string& cmake);

/// The innermost of these folders that has the file; empty: none.
std::string
library_of(const std::map<std::string, std::set<std::string>>& uses, std::string_view file);

} // namespace sluice::code_base
