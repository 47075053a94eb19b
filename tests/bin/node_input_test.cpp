// Every wrong file, flag and key: one sentence, the right exit code, and nothing left behind.
#include "io/config/config_file.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice::test;

const std::string recorded = SOURCE_DIR "/tests/data/evaluate/";

class node_input : public testing::Test {
protected:
  program_run node(std::vector<std::string> flags) const {
    flags.insert(flags.begin(), "node");
    flags.insert(flags.end(), {"--data", folder.at("state"), "--rounds", "1"});
    return run_sluice(flags);
  }

  /// One line on standard error that states all of this, and no folder for a state.
  void
  expect_complaint(const program_run& run, int code, const std::vector<std::string>& parts) const {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(run.err.starts_with("sluice: ")) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
    for (const auto& part : parts)
      EXPECT_NE(run.err.find(part), std::string::npos) << run.err << "\nexpected " << part;
    EXPECT_FALSE(std::filesystem::exists(folder.at("state")));
  }

  void expect_bad_events(std::string_view name, std::string_view text,
                         const std::vector<std::string>& parts) const {
    SCOPED_TRACE(name);
    expect_complaint(node({"--dev", "--feed", "events=" + folder.write(name, text)}), 2, parts);
  }

  /// The first `count` lines of a good stream.
  static std::string head(size_t count) {
    const auto text = file_bytes(recorded + "p1.jsonl");
    std::string out;
    for (const auto line : lines_of(text))
      if (count-- > 0)
        out += std::string{line} + '\n';
      else
        break;
    return out;
  }

  static std::string line(size_t number) { return head(number).substr(head(number - 1).size()); }

  scratch_folder folder;
};

TEST_F(node_input, a_feed_that_is_none) {
  for (const auto* feed : {"nonsense", "events", "bars=", "events=", "events=a,b", "market=1"})
    expect_complaint(node({"--dev", "--feed", feed}), 2, {std::string{"--feed "} + feed});
}

TEST_F(node_input, a_file_that_cannot_be_read) {
  expect_complaint(node({"--dev", "--feed", "events=" + folder.at("missing.jsonl")}), 3,
                   {"missing.jsonl"});
  expect_complaint(node({"--dev", "--feed", "bars=" + folder.at("missing.csv")}), 3,
                   {"missing.csv"});
  std::filesystem::create_directory(folder.path() / "sub");
  expect_complaint(node({"--dev", "--feed", "events=" + folder.at("sub")}), 3, {"sub"});
  expect_complaint(node({"--config", folder.at("missing.toml")}), 3, {"missing.toml"});
}

TEST_F(node_input, events_that_cannot_be) {
  expect_bad_events("empty.jsonl", "", {"empty.jsonl: "});
  expect_bad_events("cut.jsonl", head(20).substr(0, head(20).size() - 30),
                    {"cut.jsonl:20: ", "truncated"});
  expect_bad_events("bytes.jsonl", head(5) + "{\"event\":\"\xff\xfe\"}\n",
                    {"bytes.jsonl:6: ", "UTF-8"});
  expect_bad_events("text.jsonl", head(3) + "hello\n", {"text.jsonl:4: "});
  expect_bad_events("early.jsonl", line(1) + line(3),
                    {"early.jsonl:2: ", "before the pool exists"});
  expect_bad_events("order.jsonl", head(6) + line(4), {"order.jsonl:7: ", "block"});
  expect_bad_events("only.jsonl", head(2), {"only.jsonl"});
}

TEST_F(node_input, numbers_out_of_range) {
  auto text = head(8);
  const std::string was = R"("tick":-196258)";
  ASSERT_NE(text.find(was), std::string::npos);
  text.replace(text.find(was), was.size(), R"("tick":-1962580)");
  expect_bad_events("tick.jsonl", text, {"tick.jsonl:3: tick"});
  text = head(8);
  const std::string price = R"("sqrt_price_x96":"4339505179874779489431521")";
  ASSERT_NE(text.find(price), std::string::npos);
  text.replace(text.find(price), price.size(),
               R"("sqrt_price_x96":")" + std::string(90, '9') + '"');
  expect_bad_events("price.jsonl", text, {"price.jsonl:2: sqrt_price_x96"});
}

TEST_F(node_input, bars_that_cannot_be) {
  const auto bars
    = [&](std::string_view name, std::string_view text, const std::vector<std::string>& parts) {
        SCOPED_TRACE(name);
        expect_complaint(node({"--dev", "--feed", "bars=" + folder.write(name, text)}), 2, parts);
      };
  const auto good = file_bytes(recorded + "bars.csv");
  const auto header = good.substr(0, good.find('\n') + 1);
  const auto first = good.substr(header.size(), good.find('\n', header.size()) + 1 - header.size());
  bars("empty.csv", "", {"empty.csv"});
  bars("header.csv", header, {"header.csv"});
  bars("twice.csv", header + first + first, {"twice.csv:3: "});
  bars("short.csv", header + "2023-08-13 00:01:00,0,0\n", {"short.csv:2: "});
  bars("other.csv", "a,b\n1,2\n", {"other.csv:1: "});
}

TEST_F(node_input, a_record_that_the_pool_contradicts_ends_the_run) {
  auto text = file_bytes(recorded + "p1.jsonl");
  const auto swap_at = text.find(R"("event":"swap")", text.size() / 2);
  const auto amount = text.find(R"("amount0":")", swap_at) + 11;
  text.insert(text[amount] == '-' ? amount + 1 : amount, "7");
  const auto number = 1 + std::count(text.begin(), text.begin() + static_cast<long>(swap_at), '\n');
  const auto file = folder.write("bent.jsonl", text);
  const auto run = run_sluice({"node", "--dev", "--feed", "events=" + file, "--data",
                               folder.at("state"), "--output", "lines"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_NE(run.err.find(file + ":" + std::to_string(number)), std::string::npos) << run.err;
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("state")});
  EXPECT_EQ(audit.code, 0) << audit.out; // what was played before is sound
}

TEST_F(node_input, a_configuration_that_cannot_be) {
  const auto config
    = [&](std::string_view name, std::string_view text, const std::vector<std::string>& parts) {
        SCOPED_TRACE(name);
        expect_complaint(node({"--config", folder.write(name, text)}), 2, parts);
      };
  config("key.toml", "name = \"x\"\nsede = 1\n", {"key.toml:2:1: sede: ", "did you mean seed"});
  config("type.toml", "seed = \"x\"\n", {"type.toml:1:8: seed: ", "integer"});
  config("syntax.toml", "seed = \n", {"syntax.toml:1:"});
  config("range.toml", "seed = -1\n", {"range.toml:1:8: seed: "});
  auto text = std::string{sluice::io::dev_config_text()};
  const std::string was = "round_seconds = 900";
  text.replace(text.find(was), was.size(), "round_seconds = -3 ");
  config("job.toml", text, {"job.toml:", "round_seconds"});
}

TEST_F(node_input, flags_that_cannot_be) {
  for (const auto& flags :
       std::vector<std::vector<std::string>>{{"--dev", "--rounds", "-1"},
                                             {"--dev", "--rounds", "many"},
                                             {"--dev", "--seed", "-1"},
                                             {"--dev", "--seed", "99999999999999999999"},
                                             {"--dev", "--speed", "-1"},
                                             {"--dev", "--speed", "nan"},
                                             {"--dev", "--speed", "inf"},
                                             {"--dev", "--output", "xml"},
                                             {"--dev", "--log", "xml"},
                                             {"--dev", "--nonsense"}}) {
    const auto run = run_sluice([&] {
      auto all = flags;
      all.insert(all.begin(), "node");
      all.insert(all.end(), {"--data", folder.at("state")});
      return all;
    }());
    EXPECT_EQ(run.code, 2) << flags.back() << run.err;
    EXPECT_NE(run.err.find(flags[1]), std::string::npos) << run.err;
    EXPECT_EQ(folder.count(), 0U);
  }
  expect_complaint(node({}), 2, {"--dev or --config"});
  expect_complaint(node({"--dev", "--config", "x"}), 2, {"--dev or --config"});
}

} // namespace
