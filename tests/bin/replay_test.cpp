#include "tests/support/data_file.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace {

using namespace sluice::test;
using nlohmann::json;

class replay_command : public ::testing::Test {
protected:
  replay_command() { corpus = folder.write("corpus.jsonl", bundled_text("p6-wrap-3000.jsonl")); }

  /// One line on standard error that contains `part`, nothing on standard output.
  static void expect_complaint(const program_run& run, int code, std::string_view part) {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(run.err.starts_with("sluice replay: ")) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
  }
  scratch_folder folder;
  std::string corpus;
};

TEST_F(replay_command, checks_a_corpus) {
  const auto run = run_sluice({"replay", "--check", corpus});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, corpus + ": 1000 operations, 1000 agree, 0 differ\n");
  EXPECT_EQ(run.err, ""); // no progress without a terminal
}

TEST_F(replay_command, answers_no_with_the_first_difference) {
  auto text = bundled_text("p6-wrap-3000.jsonl");
  const std::string was = R"("tick":9014)", is = R"("tick":9015)";
  ASSERT_NE(text.find(was), std::string::npos);
  const auto at = text.find(was);
  text.replace(at, was.size(), is);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
  const auto bad = folder.write("bad.jsonl", text);
  const auto run = run_sluice({"replay", "--check", bad, corpus});
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_NE(run.out.find(bad + ":" + std::to_string(line)
                         + ": events[0].tick: expected 9015, got "
                           "9014\n"),
            std::string::npos)
    << run.out;
  EXPECT_NE(run.out.find(corpus + ": 1000 operations"), std::string::npos) << run.out;
}

TEST_F(replay_command, sums_up_a_corpus) {
  const auto run = run_sluice({"replay", corpus});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("1000 operations on p6-wrap-3000"), std::string::npos) << run.out;
}

TEST_F(replay_command, speaks_json) {
  const auto run = run_sluice({"replay", "--check", "--output", "json", corpus});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto shown = json::parse(run.out, nullptr, false);
  ASSERT_TRUE(shown.is_object()) << run.out;
  EXPECT_EQ(shown["files"][0]["operations"], 1000);
  EXPECT_EQ(shown["files"][0]["agree"], 1000);
  EXPECT_EQ(shown["files"][0]["differ"], 0);
}

TEST_F(replay_command, dumps_to_a_file_and_to_standard_output_alike) {
  const auto run = run_sluice({"replay", "--dump", folder.at("ours"), corpus});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(folder.count(), 2u);
  const auto piped = run_sluice({"replay", "--dump", "-", corpus});
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(piped.out, folder.read("ours"));
  EXPECT_EQ(lines_of(piped.out).size(), 1012u); // header, operations, ten checkpoints, end
  // Our answers are answers like any other.
  const auto again = run_sluice({"replay", "--check", folder.at("ours")});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
}

TEST_F(replay_command, leaves_nothing_half_written) {
  auto text = bundled_text("p6-wrap-3000.jsonl");
  text.resize(text.size() / 2);
  const auto cut = folder.write("cut.jsonl", text);
  folder.write("ours", "what was there before");
  expect_complaint(run_sluice({"replay", "--dump", folder.at("ours"), cut}), 2,
                   "the file is truncated");
  EXPECT_EQ(folder.read("ours"), "what was there before");
  EXPECT_EQ(folder.count(), 3u);
}

TEST_F(replay_command, survives_a_file_size_limit) {
  const auto run = run_program("/bin/sh", {"-c",
                                           "ulimit -f 100; exec \"$0\" replay --dump \"$1\" "
                                           "\"$2\"",
                                           BINARY_DIR "/sluice", folder.at("ours"), corpus});
  expect_complaint(run, 3, "cannot be written: File too large");
  EXPECT_EQ(folder.count(), 1u);
  const auto full = run_sluice({"replay", "--dump", "/dev/full", corpus});
  expect_complaint(full, 3, "No space left");
}

TEST_F(replay_command, reports_what_is_wrong_with_a_file) {
  expect_complaint(run_sluice({"replay", folder.at("missing")}), 3, "missing: cannot be read");
  expect_complaint(run_sluice({"replay", folder.write("empty", "")}), 2, "got an empty file");
  expect_complaint(run_sluice({"replay", folder.write("binary", "{\"a\":\"\xff\"}\n")}), 2,
                   "binary:1: byte 7: expected UTF-8");
  expect_complaint(run_sluice({"replay", folder.write("text", "hello\n")}), 2,
                   "text:1: expected a JSON object");
  const std::string pool = "{\"event\":\"pool\",\"fee\":500,\"tick_spacing\":10}\n";
  const std::string swap
    = "{\"event\":\"swap\",\"block\":1,\"log_index\":1,\"time\":5,\"amount0\":1,"
      "\"amount1\":-1,\"sqrt_price_x96\":\"79228162514264337593543950336\","
      "\"liquidity\":1,\"tick\":0}\n";
  expect_complaint(run_sluice({"replay", folder.write("early", pool + swap)}), 2,
                   "early:2: event: expected initialize before anything else, got a swap before "
                   "the pool exists");
}

TEST_F(replay_command, reports_what_is_wrong_with_a_flag) {
  expect_complaint(run_sluice({"replay", "--pool", "fee=x", corpus}), 2, "--pool: fee: expected");
  expect_complaint(run_sluice({"replay", "--dump", folder.at("o"), corpus, corpus}), 2,
                   "--dump: expected one FILE, got 2");
  EXPECT_EQ(run_sluice({"replay"}).code, 2);
  EXPECT_EQ(run_sluice({"replay", "--output", "xml", corpus}).code, 2);
  EXPECT_EQ(run_sluice({"replay", "--check", "--dump", "-", corpus}).code, 2);
}

TEST_F(replay_command, checks_slipstream_corpora_as_well) {
  const auto path = folder.write("s.jsonl", bundled_text("s2-usdc-btc-cl1.jsonl"));
  const auto run = run_sluice({"replay", "--check", path});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, path + ": 1000 operations, 1000 agree, 0 differ\n");
}

TEST_F(replay_command, agrees_with_every_recorded_stream) {
  std::vector<std::string> arguments{"replay"};
  if (const auto pool = shared_folder() / "data/mainnet/ens-weth-3000.jsonl"; exists(pool))
    arguments.push_back(pool);
  if (shared_has("vectors/uniswap-v3"))
    for (const auto& entry :
         std::filesystem::directory_iterator(shared_folder() / "vectors/uniswap-v3"))
      if (entry.path().string().ends_with(".indexer.jsonl"))
        arguments.push_back(entry.path());
  if (arguments.size() == 1)
    GTEST_SKIP() << "no recorded streams in the shared folder";
  const auto run = run_sluice(arguments);
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(lines_of(run.out).size(), arguments.size() - 1);
  for (const auto line : lines_of(run.out))
    EXPECT_TRUE(line.ends_with("; 0 differ")) << line;
}

} // namespace
