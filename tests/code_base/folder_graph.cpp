#include "folder_graph.hpp"

#include <algorithm>
#include <deque>
#include <regex>
#include <sstream>

namespace sluice::code_base {

namespace {

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// The library that CMake calls so: sluice_io_text is io/text.
std::string library_name(std::string folder) {
  std::replace(folder.begin(), folder.end(), '/', '_');
  return "sluice_" + folder;
}

/// All that can be reached over `links`, the start included.
std::set<std::string>
closure(const std::map<std::string, std::set<std::string>>& links, const std::string& start) {
  std::set<std::string> reached{start};
  std::deque<std::string> next{start};
  for (; !next.empty(); next.pop_front())
    for (const auto& to : links.at(next.front()))
      if (reached.insert(to).second)
        next.push_back(to);
  return reached;
}

} // namespace

folder_graph graph_of(const std::vector<source>& sources) {
  folder_graph graph;
  std::set<std::string> paths;
  for (const auto& x : sources) {
    paths.insert(x.path);
    graph[folder_of(x.path)];
  }
  for (const auto& x : sources)
    for (const auto& include : includes_of(x.text)) {
      if (!include.quoted || !paths.contains(include.file)
          || folder_of(include.file) == folder_of(x.path))
        continue;
      auto& arrow = graph[folder_of(x.path)][folder_of(include.file)];
      if (arrow.includes++ == 0)
        arrow.first = at(x, include.line) + "includes " + include.file;
    }
  return graph;
}

std::vector<std::string> cycle_through(const folder_graph& graph, const std::string& folder) {
  std::map<std::string, std::string> reached_from;
  std::deque<std::string> next{folder};
  for (; !next.empty() && !reached_from.contains(folder); next.pop_front())
    for (const auto& [to, arrow] : graph.at(next.front()))
      if (reached_from.emplace(to, next.front()).second)
        next.push_back(to);
  std::vector<std::string> cycle;
  if (!reached_from.contains(folder))
    return cycle;
  auto back = folder;
  do
    cycle.push_back(back = reached_from.at(back));
  while (back != folder);
  std::reverse(cycle.begin(), cycle.end());
  return cycle;
}

std::vector<std::vector<std::string>> cycles_of(const folder_graph& graph) {
  std::vector<std::vector<std::string>> cycles;
  std::set<std::string> seen;
  for (const auto& [folder, arrows] : graph) {
    if (seen.contains(folder))
      continue;
    auto cycle = cycle_through(graph, folder);
    if (cycle.empty())
      continue;
    seen.insert(cycle.begin(), cycle.end());
    cycles.push_back(std::move(cycle));
  }
  return cycles;
}

std::string text_of(const folder_graph& graph, const std::vector<std::string>& cycle) {
  std::string folders;
  std::string includes;
  for (size_t i = 0; i < cycle.size(); ++i) {
    const auto& to = cycle[(i + 1) % cycle.size()];
    folders += cycle[i] + " -> ";
    includes += '\n' + graph.at(cycle[i]).at(to).first;
  }
  return folders + cycle.front() + includes;
}

std::map<std::string, std::set<std::string>> uses_of(const std::string& cmake) {
  static const std::regex line{R"re((?:^|\n) *(?:)re"
                               R"re(module\((\S+?)(?:\s+USES\s+([^)]*))?|)re"
                               R"re(target_link_libraries\(sluice\s([^)]*))\))re"};
  std::map<std::string, std::string> linked; // as written, by folder
  for (std::sregex_iterator i{cmake.begin(), cmake.end(), line}, end; i != end; ++i) {
    const bool module = (*i)[1].matched;
    linked[module ? (*i)[1].str() : "bin"] = module ? (*i)[2].str() : (*i)[3].str();
  }
  std::map<std::string, std::string> folders; // by the library's name
  for (const auto& [folder, text] : linked)
    folders[library_name(folder)] = folder;
  std::map<std::string, std::set<std::string>> links;
  for (const auto& [folder, text] : linked) {
    auto& to = links[folder];
    std::istringstream words{text};
    for (std::string word; words >> word;)
      if (const auto found = folders.find(word); found != folders.end())
        to.insert(found->second);
  }
  std::map<std::string, std::set<std::string>> uses;
  for (const auto& [folder, to] : links)
    uses[folder] = closure(links, folder);
  return uses;
}

std::string
library_of(const std::map<std::string, std::set<std::string>>& uses, std::string_view file) {
  std::string library;
  for (const auto& [folder, to] : uses)
    if (file.starts_with(folder + '/') && folder.size() > library.size())
      library = folder;
  return library;
}

} // namespace sluice::code_base
