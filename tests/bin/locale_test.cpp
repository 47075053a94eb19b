// What every command shows under a locale with and without UTF-8; files and JSON never change.
#include "io/text/text.hpp"
#include "tests/support/lines_of.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace {

using namespace sluice;
using namespace sluice::test;

const std::vector<std::string> c_locale{"LC_ALL=C"};
const std::vector<std::string> utf8_locale{"LC_ALL=C.UTF-8"};

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class locale_of_the_program : public testing::Test {
protected:
  static program_run
  run(const std::vector<std::string>& arguments, const std::vector<std::string>& locale) {
    return run_sluice(arguments, {.environment = locale});
  }

  /// A node of one job on a recording whose name is outside ASCII.
  std::string config() const {
    std::filesystem::copy_file(SOURCE_DIR "/tests/data/evaluate/bars.csv", folder.at("bärs-価.csv"),
                               std::filesystem::copy_options::skip_existing);
    return folder.write("prüfer.toml", R"(
name = "one"
[validator]
hotkey = "v"
uid = 2
[[miners]]
uid = 1
hotkey = "m"
strategy = "narrow"
[[miners]]
uid = 3
hotkey = "n"
strategy = "hold"
[[jobs]]
id = "job"
vault = "0x00000000000000000000000000000000000005a1"
pair_address = "0x00000000000000000000000000000000000005b1"
round_seconds = 900
block_seconds = 60
checkpoint_blocks = 3
live_checkpoint_blocks = 3
[jobs.pool]
fee = 500
tick_spacing = 10
decimals0 = 6
decimals1 = 18
[jobs.start]
amount0 = "30000000000"
amount1 = "16000000000000000000"
[jobs.feed]
kind = "bars"
files = [")" + folder.at("bärs-価.csv") + "\"]\n");
  }

  scratch_folder folder;
};

TEST_F(locale_of_the_program, help_is_ascii_everywhere) {
  for (const auto* command : {"node", "replay", "score", "backtest", "audit", "config", "shell",
                              "keys", "miner", "worker"}) {
    const auto help = run({command, "--help"}, c_locale);
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_TRUE(is_ascii(help.out + help.err)) << command;
    EXPECT_EQ(help.out, run({command, "--help"}, utf8_locale).out) << command;
  }
}

TEST_F(locale_of_the_program, a_node_draws_its_table_in_both) {
  const auto table = [&](const std::vector<std::string>& locale, const std::string& data) {
    return run({"node", "--config", config(), "--seed", "7", "--rounds", "2", "--data",
                folder.at(data), "--output", "table"},
               locale);
  };
  const auto wide = table(utf8_locale, "one");
  EXPECT_EQ(wide.code, 0) << wide.err;
  for (const auto* part : {" → ", "–", "bärs-価.csv"})
    EXPECT_TRUE(holds(wide.out, part)) << part << wide.out;
  const auto ascii = table(c_locale, "two");
  EXPECT_EQ(ascii.code, 0) << ascii.err;
  EXPECT_TRUE(is_ascii(ascii.out + ascii.err)) << ascii.out;
  for (const auto* part : {" -> ", "b\\u{e4}rs-\\u{4fa1}.csv"})
    EXPECT_TRUE(holds(ascii.out, part)) << part << ascii.out;
  for (const auto& seen : report::test::lines_of(ascii.out)) {
    const auto line = seen.substr(seen.rfind('\r') + 1); // without the bar that it replaces
    const bool whole = line.starts_with("continue") || line.starts_with("state"); // never cut
    EXPECT_TRUE(whole || line.size() <= 100u) << line;
  }
}

TEST_F(locale_of_the_program, a_locale_that_is_not_installed_or_not_set_is_shown_ascii) {
  const std::vector<std::string> arguments{"score", "--events", folder.at("naïve.jsonl"), "--plan",
                                           folder.at("plän.json")};
  const auto ascii = run(arguments, c_locale);
  EXPECT_EQ(ascii.code, 3);
  EXPECT_TRUE(holds(ascii.err, "\\u{")) << ascii.err;
  EXPECT_TRUE(is_ascii(ascii.err));
  EXPECT_EQ(run(arguments, {"LC_ALL=xx_YY.UTF-8"}).err, ascii.err);
  EXPECT_EQ(run(arguments, {"LC_ALL=", "LC_CTYPE=", "LANG="}).err, ascii.err);
  EXPECT_EQ(run(arguments, {"LC_ALL=", "LC_CTYPE=C", "LANG=C.UTF-8"}).err, ascii.err);
  EXPECT_TRUE(holds(run(arguments, utf8_locale).err, "ï")
              || holds(run(arguments, utf8_locale).err, "plän"));
}

TEST_F(locale_of_the_program, errors_of_every_command_name_what_they_were_given) {
  const auto path = folder.at("naïve");
  const std::vector<std::vector<std::string>> commands{
    {"node", "--config", path},
    {"replay", path},
    {"score", "--events", path, "--plan", path},
    {"backtest", "--events", path, "--output", "table"},
    {"audit", "all", "--data", path},
    {"config", "check", path},
    {"shell", "--data", path, "--exec", "jobs", "--output", "table"},
    {"keys", "show", path},
    {"keys", "tls", "show", path},
    {"miner", "--connect", "ws://127.0.0.1:1", "--hotkey", path},
    {"worker", "--connect", "127.0.0.1:1", "--ca", path, "--certificate", path, "--key", path},
    {"naïve"},
    {"node", "--naïve"}};
  for (const auto& arguments : commands) {
    const auto ascii = run(arguments, c_locale);
    EXPECT_NE(ascii.code, 0) << arguments[0];
    EXPECT_TRUE(is_ascii(ascii.out + ascii.err)) << ascii.err;
    EXPECT_TRUE(holds(ascii.err, "na\\u{ef}ve")) << arguments[0] << ": " << ascii.err;
    EXPECT_TRUE(holds(run(arguments, utf8_locale).err, "naïve")) << arguments[0];
  }
}

TEST_F(locale_of_the_program, json_is_utf8_in_both) {
  const auto shown = run({"config", "show", config(), "--output", "json"}, c_locale);
  EXPECT_TRUE(nlohmann::json::accept(shown.out));
  EXPECT_TRUE(holds(shown.out, "bärs-価.csv")) << shown.out;
  EXPECT_EQ(shown.out, run({"config", "show", config(), "--output", "json"}, utf8_locale).out);
  const auto rounds = [&](const std::vector<std::string>& locale, const std::string& data) {
    return run({"node", "--config", config(), "--seed", "7", "--rounds", "1", "--data",
                folder.at(data), "--output", "json"},
               locale)
      .out;
  };
  const auto lines = rounds(c_locale, "one");
  EXPECT_TRUE(holds(lines, "bärs-価.csv")) << lines;
  EXPECT_EQ(lines, rounds(utf8_locale, "two"));
}

TEST_F(locale_of_the_program, a_configuration_shown_in_ascii_reads_back_as_the_same) {
  const auto ascii = run({"config", "show", config()}, c_locale);
  EXPECT_EQ(ascii.code, 0) << ascii.err;
  EXPECT_TRUE(is_ascii(ascii.out));
  EXPECT_TRUE(holds(ascii.out, "b\\u00e4rs-\\u4fa1.csv")) << ascii.out;
  const auto copy = folder.write("copy.toml", ascii.out);
  EXPECT_EQ(run({"config", "show", copy}, utf8_locale).out,
            run({"config", "show", config()}, utf8_locale).out);
}

TEST_F(locale_of_the_program, lines_the_shell_and_the_log_follow_it) {
  const auto lines = run({"node", "--config", config(), "--seed", "7", "--rounds", "1", "--data",
                          folder.at("dätä"), "--output", "lines", "--log-level", "debug"},
                         c_locale);
  EXPECT_EQ(lines.code, 0) << lines.err;
  EXPECT_TRUE(holds(lines.out, "d\\u{e4}t\\u{e4}")) << lines.out;
  EXPECT_TRUE(is_ascii(lines.out + lines.err)) << lines.out << lines.err;
  const std::vector<std::string> asks{
    "shell", "--data", folder.at("dätä"), "--exec", "miner naïve", "--output", "table"};
  const auto ascii = run(asks, c_locale);
  EXPECT_TRUE(holds(ascii.err, "na\\u{ef}ve")) << ascii.err;
  EXPECT_TRUE(is_ascii(ascii.out + ascii.err));
  EXPECT_TRUE(holds(run(asks, utf8_locale).err, "naïve"));
}

TEST_F(locale_of_the_program, a_backtest_writes_the_same_files) {
  const auto play = [&](const std::vector<std::string>& locale) {
    const auto run = this->run({"backtest", "--events", folder.at("bärs-価.csv"), "--strategy",
                                "hold", "--report", folder.at("öut.html"), "--csv",
                                folder.at("öut.csv"), "--output", "table"},
                               locale);
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out + run.err;
  };
  config(); // and its recording
  const auto ascii = play(c_locale);
  const auto page = folder.read("öut.html"), csv = folder.read("öut.csv");
  const auto wide = play(utf8_locale);
  EXPECT_TRUE(is_ascii(ascii)) << ascii;
  EXPECT_TRUE(holds(ascii, "\\u{f6}ut.html: written")) << ascii;
  EXPECT_TRUE(holds(wide, "öut.html: written")) << wide;
  EXPECT_EQ(page, folder.read("öut.html"));
  EXPECT_EQ(csv, folder.read("öut.csv"));
  EXPECT_FALSE(is_ascii(page));
}

} // namespace
