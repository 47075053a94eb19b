// Includes between folders go one way, and those between libraries only where CMake links.
#include "folder_graph.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::code_base {

namespace {

using names = std::vector<std::string>;

source file(const std::string& path, const names& includes) {
  std::string text;
  for (const auto& x : includes)
    text += "#include \"" + x + "\"\n";
  return {path, path.substr(0, path.find('/')), text};
}

} // namespace

TEST(folder_graph, counts_includes_of_known_files_in_other_folders) {
  const auto graph = graph_of({file("a/x.hpp", {"a/y.hpp", "a/b/z.hpp", "nowhere/n.hpp"}),
                               file("a/y.hpp", {"a/b/z.hpp", "x.hpp"}), file("a/b/z.hpp", {})});
  ASSERT_EQ(graph.size(), 2U);
  EXPECT_TRUE(graph.at("a/b").empty());
  ASSERT_EQ(graph.at("a").size(), 1U);
  EXPECT_EQ(graph.at("a").at("a/b").includes, 2U);
  EXPECT_EQ(graph.at("a").at("a/b").first, "a/x.hpp:2: includes a/b/z.hpp");
  EXPECT_TRUE(cycles_of(graph).empty());
}

TEST(folder_graph, finds_every_folder_that_is_in_a_cycle) {
  // a -> b -> c -> a beside b -> d -> b, and e, from which they are reached but which is in none.
  const auto graph
    = graph_of({file("a/x.hpp", {"b/x.hpp"}), file("b/x.hpp", {"c/x.hpp"}),
                file("b/y.hpp", {"d/x.hpp"}), file("c/x.hpp", {"a/x.hpp"}),
                file("d/x.hpp", {"b/y.hpp"}), file("e/x.hpp", {"a/x.hpp", "d/x.hpp"})});
  EXPECT_EQ(cycles_of(graph), (std::vector<names>{{"a", "b", "c"}, {"d", "b"}}));
  EXPECT_EQ(cycle_through(graph, "e"), names{});
  EXPECT_EQ(text_of(graph, {"d", "b"}), "d -> b -> d\n"
                                        "d/x.hpp:1: includes b/y.hpp\n"
                                        "b/y.hpp:1: includes d/x.hpp");
}

TEST(folder_graph, reads_what_libraries_may_use_from_cmake) {
  const auto uses = uses_of("# module(none USES sluice_base)\n"
                            "module(base)\n"
                            "module(io/text  USES sluice_base ${A}\n    fmt::fmt)\n"
                            "  module(io USES sluice_io_text)\n"
                            "module(net USES sluice_base)\n"
                            "    target_link_libraries(sluice PRIVATE sluice_io CLI11::CLI11)\n");
  const std::map<std::string, std::set<std::string>> expected{
    {"base", {"base"}},
    {"bin", {"base", "bin", "io", "io/text"}},
    {"io", {"base", "io", "io/text"}},
    {"io/text", {"base", "io/text"}},
    {"net", {"base", "net"}},
  };
  EXPECT_EQ(uses, expected);
  EXPECT_EQ(library_of(uses, "io/text/x.hpp"), "io/text");
  EXPECT_EQ(library_of(uses, "io/texture/x.hpp"), "io");
  EXPECT_EQ(library_of(uses, "gtest/gtest.h"), "");
}

TEST(folders, include_one_another_one_way) {
  const auto graph = graph_of(module_sources());
  EXPECT_GT(graph.size(), 40U);
  size_t arrows = 0;
  size_t includes = 0;
  for (const auto& [from, all] : graph) {
    arrows += all.size();
    for (const auto& [to, arrow] : all)
      includes += arrow.includes;
  }
  EXPECT_GT(arrows, 200U);
  for (const auto& cycle : cycles_of(graph))
    ADD_FAILURE() << "a cycle of folders: " << text_of(graph, cycle);
  RecordProperty("folders", std::to_string(graph.size()));
  RecordProperty("arrows", std::to_string(arrows));
  RecordProperty("includes", std::to_string(includes));
}

TEST(folders, of_a_library_include_only_what_it_links) {
  const auto uses = uses_of(read(root() / "CMakeLists.txt"));
  std::set<std::string> seen;
  for (const auto& x : module_sources()) {
    const auto library = library_of(uses, x.path);
    ASSERT_NE(library, "") << x.path << " is in no library of CMakeLists.txt";
    for (const auto& include : includes_of(x.text)) {
      const auto other = include.quoted ? library_of(uses, include.file) : "";
      if (other.empty() || other == library)
        continue;
      seen.insert(library);
      if (!uses.at(library).contains(other))
        ADD_FAILURE() << at(x, include.line) << library << " includes " << include.file
                      << ", but does not use " << other << " in CMakeLists.txt";
    }
  }
  EXPECT_EQ(seen.size(), uses.size() - 1); // all but the lowest
  for (const auto& [library, all] : uses)
    for (const auto& other : all)
      EXPECT_TRUE(other == library || !uses.at(other).contains(library))
        << library << " and " << other << " use each other";
}

} // namespace sluice::code_base
