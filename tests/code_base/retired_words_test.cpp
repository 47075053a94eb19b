// One word per thing: what was renamed keeps its old name only where programs of others read it.
#include "code_base.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::code_base {

namespace {

/// Words that are no names here any more, and what the thing is called.
const std::map<std::string, std::string>& retired_words() {
  static const std::map<std::string, std::string> all{
    {"birth", "initialization, start"},
    {"births", "initializations, starts"},
    {"census", "count"},
    {"crew", "worker"},
    {"crews", "workers"},
    {"debt", "promise"},
    {"debts", "promises"},
    {"desk", "what it does"},
    {"door", "miner gateway"},
    {"doors", "miner gateways"},
    {"elder", "what it is"},
    {"epitaph", "last message"},
    {"farewell", "last message"},
    {"fell", "failed, terminated"},
    {"guest", "session, remote"},
    {"guests", "sessions"},
    {"heard", "received"},
    {"hopeless", "what it is"},
    {"house", "code base"},
    {"keeper", "storage writer"},
    {"keepers", "storage writers"},
    {"lap", "step"},
    {"laps", "steps"},
    {"life", "incarnation"},
    {"lives", "incarnations"},
    {"manners", "default handlers"},
    {"purse", "fee accumulator"},
    {"resident", "contents"},
    {"residents", "contents"},
    {"room", "module, space"},
    {"rooms", "modules"},
    {"seat", "slot, participant, entry"},
    {"seats", "slots, participants, entries"},
    {"sheet", "mechanism scores"},
    {"sheets", "mechanism scores"},
    {"stories", "breakdowns"},
    {"story", "breakdown"},
    {"told", "reported, sent"},
    {"untold", "unreported"},
    {"vigil", "what it is"},
    {"youngest", "what it is"},
  };
  return all;
}

/// A name that stays in texts and, quoted, in comments, but never as a name in the code.
struct kept_name {
  std::string name; // the whole of it: letters, digits, underscores
  std::vector<std::string> places;
  std::string reason;
};

const std::vector<kept_name>& kept_names() {
  const std::vector<std::string> outputs{"actors/", "messages/node.hpp", "tests/actors/",
                                         "tests/bin/"};
  const std::vector<std::string> configuration{"io/config/", "tests/io/config/"};
  const std::string key = "a key of JSON or of lines that programs read";
  const std::string alias = "an alias: what version 0.1.0 called it";
  const std::string stored = "the name of a table or of a key in a data folder";
  static const std::vector<kept_name> all{
    {"lap", outputs, key},
    {"laps", outputs, key},
    {"laps_done", outputs, key},
    {"laps_target", {"actors/conductor.cpp"}, key},
    {"laps_before", {"actors/conductor.cpp"}, key},
    {"laps_missed", {"actors/liquidity/"}, key},
    {"lap_done", {"actors/liquidity/"}, key},
    {"playing_lap", {"actors/liquidity/"}, key},
    {"rebalance_stories", {"tools/liquidity/", "tests/tools/liquidity/"}, key},
    {"sheets",
     {"actors/admin/", "rules/admin/", "tests/actors/", "tests/bin/", "tests/rules/admin/",
      "tests/tools/shell/"},
     "a command of the shell"},
    {"score_sheets", {"storage/", "tests/storage/", "tests/scenario/", "tests/tools/db/"}, stored},
    {"process_resident_memory_bytes", {"actors/metrics/"}, "the name that Prometheus gives it"},
    {"door_lives", {"storage/"}, stored},
    {"door",
     {"storage/tables.hpp", "io/config/", "bin/network_flags.cpp", "rules/miner_gateway/",
      "tests/bin/", "tests/io/config/", "tests/rules/miner_gateway/", "tests/tools/keys/"},
     "stored key, alias of [miner_gateway] and --miner-gateway, text that protocol 1 signs"},
    {"SLUICE_DOOR", {"tests/bin/"}, alias},
    {"blocks_per_lap", configuration, alias},
    {"sheet_age_epochs", configuration, alias},
  };
  return all;
}

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The retired word in a name, whole or between underscores; "" when there is none.
std::string retired_word_in(std::string_view name) {
  for (size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('_', at), name.size());
    auto part = lower(name.substr(at, end - at));
    if (retired_words().contains(part))
      return part;
    at = end + 1;
  }
  return "";
}

struct found_name {
  std::string name;
  size_t line = 0; // from 1
  bool code = false;
  bool quoted = false; // or in a literal
};

/// Every name of a text that has a retired word in it.
std::vector<found_name> names_with_retired_words(const std::string& text) {
  const auto code = code_of(text);
  const auto without = without_comments(text);
  std::vector<found_name> all;
  size_t line = 1;
  for (size_t at = 0; at < text.size();) {
    if (!is_name(text[at])) {
      line += text[at++] == '\n' ? 1 : 0;
      continue;
    }
    size_t end = at;
    while (end < text.size() && is_name(text[end]))
      ++end;
    const auto name = text.substr(at, end - at);
    if (!retired_word_in(name).empty()) {
      const bool comment = without[at] == ' ';
      const bool marked
        = at > 0 && std::string_view{"`\"[/"}.find(text[at - 1]) != std::string_view::npos;
      all.push_back({name, line, code[at] != ' ', !comment || marked});
    }
    at = end;
  }
  return all;
}

/// Where in `kept_names()` this one is allowed at this path; its size when nowhere.
size_t rule_for(const std::string& path, const std::string& name) {
  size_t i = 0;
  for (; i < kept_names().size(); ++i) {
    const auto& kept = kept_names()[i];
    if (kept.name == name
        && std::any_of(kept.places.begin(), kept.places.end(),
                       [&](const auto& place) { return path.starts_with(place); }))
      break;
  }
  return i;
}

} // namespace

TEST(retired_words, are_in_no_name_no_comment_and_no_text) {
  std::set<size_t> used;
  for (const auto& x : all_sources()) {
    if (x.path == "tests/code_base/retired_words_test.cpp")
      continue;
    for (const auto& found : names_with_retired_words(x.text)) {
      const auto rule = rule_for(x.path, found.name);
      if (rule < kept_names().size() && !found.code && found.quoted) {
        used.insert(rule);
        continue;
      }
      const auto word = retired_word_in(found.name);
      ADD_FAILURE() << at(x, found.line) << found.name << ": " << word << " is called "
                    << retired_words().at(word) << " (docs/glossary.md)";
    }
  }
  for (size_t i = 0; i < kept_names().size(); ++i)
    EXPECT_TRUE(used.contains(i)) << kept_names()[i].name << " is nowhere any more, although it is "
                                  << kept_names()[i].reason;
}

TEST(retired_words, are_found_whole_and_between_underscores) {
  EXPECT_EQ(retired_word_in("door"), "door");
  EXPECT_EQ(retired_word_in("Door"), "door");
  EXPECT_EQ(retired_word_in("open_door_count"), "door");
  EXPECT_EQ(retired_word_in("laps_"), "laps");
  EXPECT_EQ(retired_word_in("SLUICE_DOOR"), "door");
  EXPECT_EQ(retired_word_in("indoor"), "");
  EXPECT_EQ(retired_word_in("overlap"), "");
  EXPECT_EQ(retired_word_in("lifetime_"), "");
  EXPECT_EQ(retired_word_in(""), "");
}

TEST(retired_words, in_code_in_texts_and_in_comments_are_distinguished) {
  const auto found = names_with_retired_words("int lap_ = 1; // of a lap, `lap`\n"
                                              "auto x = \"lap\"; f(R\"(a lap)\");\n");
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].name, "lap_");
  const std::vector<std::pair<bool, bool>> code_and_quoted{
    {true, true}, {false, false}, {false, true}, {false, true}, {false, true}};
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].code, code_and_quoted[i].first) << i;
    EXPECT_EQ(found[i].quoted, code_and_quoted[i].second) << i;
    EXPECT_EQ(found[i].line, i < 3 ? 1U : 2U) << i;
  }
}

} // namespace sluice::code_base
