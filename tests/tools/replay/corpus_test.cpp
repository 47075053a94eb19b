#include "tests/support/data_file.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/replay/corpus.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::json;
using tools::corpus_mode;
using tools::run_corpus;

/// What the recorder answered and a dump must not need.
std::string without_answers(std::string_view text) {
  std::string bare;
  for (const auto line : test::lines_of(text)) {
    const auto whole = json::parse(line);
    const bool op = whole["type"] == "op";
    if (!op && whole["type"] != "checkpoint") {
      bare.append(line).append("\n");
      continue;
    }
    json kept;
    for (const auto* key : {"type", "i", "op", "actor", "from", "args", "blockNumber", "timestamp",
                            "txHash", "txIndex"})
      if (whole.contains(key))
        kept[key] = whole[key];
    bare += kept.dump() + "\n";
  }
  return bare;
}

/// The recorded line without what a dump leaves out.
std::string comparable(std::string_view line) {
  auto whole = json::parse(line);
  whole.erase("gasUsed");
  whole.erase("observe");
  if (whole.contains("error"))
    whole["error"].erase("data");
  if (whole.contains("events"))
    for (auto& event : whole["events"])
      event.erase("logIndex");
  return whole.dump();
}

class corpus : public ::testing::Test {
protected:
  result<tools::replay_report> check(std::string_view text) {
    return run_corpus(folder.write("x.jsonl", text), corpus_mode::check, nullptr, {});
  }
  /// The dump of `text`.
  std::string dump(std::string_view text) {
    auto out = io::output_file::open(folder.at("out"));
    auto report = run_corpus(folder.write("x.jsonl", text), corpus_mode::dump, &*out, {});
    EXPECT_TRUE(report) << report.error().what;
    EXPECT_TRUE(out->commit());
    return folder.read("out");
  }
  /// Checks the recording, then dumps it without its answers and compares line by line.
  void expect_all(const std::string& text) {
    const auto report = check(text);
    ASSERT_TRUE(report) << report.error().what;
    ASSERT_FALSE(report->first) << tools::as_text(*report);
    EXPECT_EQ(report->agree, report->operations);
    EXPECT_GE(report->operations, 250u);
    const auto ours = dump(without_answers(text));
    const auto recorded_lines = test::lines_of(text), our_lines = test::lines_of(ours);
    ASSERT_EQ(recorded_lines.size(), our_lines.size());
    for (size_t i = 0; i < our_lines.size(); ++i)
      ASSERT_EQ(comparable(recorded_lines[i]), our_lines[i]) << "line " << i + 1;
  }
  /// What running `text` complains of, without the folder.
  std::string complaint(std::string_view text, corpus_mode mode = corpus_mode::check) {
    const auto got = run_corpus(folder.write("x.jsonl", text), mode, nullptr, {});
    if (got)
      return got->first ? tools::as_text(*got) : "nothing";
    EXPECT_EQ(got.error().code, ec::bad_input);
    return got.error().what.substr(folder.path().string().size() + 1);
  }
  void expect_complaint(std::string_view text, std::string_view wanted,
                        corpus_mode mode = corpus_mode::check) {
    const auto got = complaint(text, mode);
    EXPECT_TRUE(got.starts_with(wanted)) << got << "\nwanted: " << wanted;
  }
  test::scratch_folder folder;
};

class bundled_corpus : public corpus, public ::testing::WithParamInterface<const char*> {};

TEST_P(bundled_corpus, agrees_and_is_dumped_as_it_was_recorded) {
  expect_all(test::bundled_text(std::string{GetParam()} + ".jsonl"));
}

// u2, u4 and u6 were recorded with the same generator from seeds and fee tiers of our own.
INSTANTIATE_TEST_SUITE_P(all, bundled_corpus,
                         ::testing::Values("p1-weth-usdc-500", "p2-usdc-btc-3000", "p3-stable-100",
                                           "p4-meme-10000", "p5-torture-3000", "p6-wrap-3000",
                                           "u2-odd-2500", "u4-low-10000", "u6-wide-999999",
                                           "s1-weth-usdc-cl100", "s2-usdc-btc-cl1",
                                           "s3-torture-cl200"),
                         [](const auto& corpus) { return std::string{corpus.param}.substr(0, 2); });

TEST_F(corpus, in_shared_agrees_and_is_dumped_as_it_was_recorded) {
  size_t files = 0;
  for (const auto* kind : {"vectors/uniswap-v3", "vectors/slipstream"}) {
    if (!test::shared_has(kind))
      continue;
    for (const auto& entry : std::filesystem::directory_iterator(test::shared_folder() / kind)) {
      const auto name = entry.path().filename().string();
      if (!name.ends_with(".jsonl") || name.ends_with(".indexer.jsonl"))
        continue;
      SCOPED_TRACE(name);
      ++files;
      const auto text = test::file_bytes(entry.path());
      if (!test::is_bundled(name) || text != test::bundled_text(name)) // else seen above
        expect_all(text);
    }
  }
  if (files == 0)
    GTEST_SKIP() << "no corpora in the shared folder";
}

/// Changes one leaf of `x`, the `at`-th, to something else; false when there are fewer.
bool spoil(json& x, size_t& at) {
  if (x.is_object() || x.is_array()) {
    for (auto& inner : x)
      if (spoil(inner, at))
        return true;
    return false;
  }
  if (at-- != 0)
    return false;
  x = x.is_boolean()  ? json(!x.get<bool>())
      : x.is_string() ? json(x.get<std::string>() + "1")
                      : json(x.get<int64_t>() + 1);
  return true;
}

TEST_F(corpus, with_any_recorded_answer_changed_is_found_out) {
  const auto text = test::bundled_text("p1-weth-usdc-500.jsonl");
  const auto lines = test::lines_of(text);
  size_t spoilt = 0;
  for (const size_t line : {1u, 5u, 6u, 8u, 9u, 11u, 35u}) { // reverts, mints, swaps, a batch
    std::string before;
    for (size_t i = 0; i < line; ++i)
      before.append(lines[i]).append("\n");
    const auto good = json::parse(lines[line]);
    for (const auto* key :
         {"ok", "error", "ret", "events", "state", "crossed", "ticks", "positions"}) {
      for (size_t leaf = 0; good.contains(key); ++leaf) {
        auto bad = good;
        size_t at = leaf;
        if (!spoil(bad[key], at))
          break;
        if (bad.contains("error")) // never compared, like places in the log
          bad["error"]["data"] = good["error"]["data"];
        for (size_t e = 0; e < bad["events"].size(); ++e)
          bad["events"][e]["logIndex"] = good["events"][e]["logIndex"];
        if (bad == good)
          continue;
        const auto got = check(before + bad.dump() + "\n");
        ASSERT_TRUE(got) << got.error().what;
        ASSERT_TRUE(got->first) << line << " " << key << " " << leaf;
        EXPECT_EQ(got->first->line, line + 1);
        EXPECT_TRUE(got->first->field.starts_with(key)) << got->first->field << " " << key;
        ++spoilt;
      }
    }
  }
  EXPECT_GT(spoilt, 200u);
}

TEST_F(corpus, with_a_changed_fee_is_found_out) {
  const auto text = test::bundled_text("s1-weth-usdc-cl100.jsonl");
  for (const auto* key : {"fee", "unstakedFee"}) {
    auto bad = text;
    const auto name = '"' + std::string{key} + "\":";
    const auto answer = bad.find("\"txIndex\"", bad.find("\"setFees\""));
    const auto at = bad.find(name, answer);
    bad.insert(at + name.size(), "1");
    const auto got = check(bad);
    ASSERT_TRUE(got && got->first) << key;
    EXPECT_EQ(got->first->field, key);
  }
}

TEST_F(corpus, with_a_changed_checkpoint_is_found_out) {
  const auto text = test::bundled_text("p6-wrap-3000.jsonl");
  const auto lines = test::lines_of(text);
  size_t at = 0;
  while (lines[at].find("\"checkpoint\"") == std::string_view::npos)
    ++at;
  std::string before;
  for (size_t i = 0; i < at; ++i)
    before.append(lines[i]).append("\n");
  const auto good = json::parse(lines[at]);
  for (const auto* key : {"state", "ticks", "positions", "bitmap", "observe"}) {
    auto bad = good;
    size_t leaf = 1;
    ASSERT_TRUE(spoil(bad[key], leaf)) << key;
    const auto got = check(before + bad.dump() + "\n");
    ASSERT_TRUE(got && got->first) << key;
    EXPECT_EQ(got->first->line, at + 1);
    EXPECT_TRUE(got->first->field.starts_with(key)) << got->first->field;
    bad = good;
    bad[key].erase(bad[key].begin());
    const auto shorter = check(before + bad.dump() + "\n");
    if (bad[key].is_array() && std::string_view{key} != "observe") { // asked for one by one
      ASSERT_TRUE(shorter && shorter->first) << key;
      EXPECT_TRUE(shorter->first->field.starts_with(key)) << shorter->first->field;
    }
  }
}

const std::string header
  = R"({"type":"header","format":1,"name":"n","source":"@uniswap/v3-core","owner":)"
    R"("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","fee":3000,"tickSpacing":60})"
    "\n";

/// An operation of nobody in particular.
std::string op(std::string_view name, std::string_view args, std::string_view from = "11") {
  std::string account;
  for (int i = 0; i < 20; ++i)
    account += from;
  return R"({"type":"op","i":0,"op":")" + std::string{name} + R"(","actor":null,"from":"0x)"
         + account + R"(","args":)" + std::string{args} + R"(,"blockNumber":1,"timestamp":100})"
         + "\n";
}

const std::string initialization
  = op("initialize", R"({"sqrtPriceX96":"79228162514264337593543950336"})");

TEST_F(corpus, shows_only_what_was_asked_and_what_we_answer) {
  // The recorded answers here are lies; a dump must not look at them.
  auto lying = initialization;
  lying.insert(lying.rfind('}'), R"(,"ok":false,"error":{"reason":"AI"},"gasUsed":5,"events":[7])");
  const auto ours = dump(header + lying);
  const auto lines = test::lines_of(ours);
  ASSERT_EQ(lines.size(), 2u);
  const auto answer = json::parse(lines[1]);
  EXPECT_EQ(answer["ok"], true);
  EXPECT_EQ(answer["ret"], json::object());
  EXPECT_EQ(answer["events"],
            json::parse(R"([{"event":"Initialize","sqrtPriceX96":"79228162514264337593543950336",)"
                        R"("tick":0}])"));
  EXPECT_FALSE(answer.contains("gasUsed"));
  EXPECT_FALSE(answer.contains("error"));
}

TEST_F(corpus, knows_the_owner_by_the_account_that_sends) {
  const auto args = R"({"feeProtocol0":4,"feeProtocol1":10})";
  auto by_owner = op("setFeeProtocol", args);
  by_owner.replace(by_owner.find("0x1111"), 42, "0xF39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  const auto ours = dump(header + initialization + op("setFeeProtocol", args) + by_owner);
  const auto lines = test::lines_of(ours);
  EXPECT_EQ(json::parse(lines[2])["error"]["reason"], "");
  const auto done = json::parse(lines[3]);
  EXPECT_EQ(done["state"]["feeProtocol"], 4 + (10 << 4));
  EXPECT_EQ(done["events"][0].dump(), R"({"event":"SetFeeProtocol","feeProtocol0Old":0,)"
                                      R"("feeProtocol1Old":0,"feeProtocol0New":4,)"
                                      R"("feeProtocol1New":10})");
}

TEST_F(corpus, undoes_a_batch_as_a_whole) {
  const std::string range = R"("tickLower":-60,"tickUpper":60,"amount":"1000")";
  const std::string mint
    = R"({"op":"mint","args":{"recipient":"0x)" + std::string(40, '1') + "\"," + range + "}}";
  const std::string burn_too_much = R"({"op":"burn","args":{"tickLower":-60,"tickUpper":60,)"
                                    R"("amount":"1001"}})";
  const auto ours
    = dump(header + initialization + op("batch", "{\"calls\":[" + mint + "," + burn_too_much + "]}")
           + op("batch", "{\"calls\":[" + mint + "]}")
           + R"({"type":"checkpoint","i":2,"blockNumber":1,"timestamp":100})" + "\n");
  const auto lines = test::lines_of(ours);
  EXPECT_EQ(json::parse(lines[2])["error"]["reason"], "LS");
  EXPECT_EQ(json::parse(lines[2])["events"].size(), 0u);
  EXPECT_EQ(json::parse(lines[3])["ret"].size(), 1u);
  const auto checkpoint = json::parse(lines[4]);
  EXPECT_EQ(checkpoint["state"]["liquidity"], "1000");
  EXPECT_EQ(checkpoint["positions"].size(), 1u);
  EXPECT_EQ(checkpoint["ticks"].size(), 2u);
  // compressed ticks -1 and 1: bit 255 of word -1, bit 1 of word 0
  EXPECT_EQ(checkpoint["bitmap"].dump(),
            R"([{"word":-1,"bits":"57896044618658097711785492504343953926634992332820282019728)"
            R"(792003956564819968"},{"word":0,"bits":"2"}])");
}

TEST_F(corpus, that_is_damaged_is_refused_with_its_line) {
  const auto end = std::string{R"({"type":"end","ops":1})"} + "\n";
  EXPECT_EQ(complaint(header + initialization + end, corpus_mode::count), "nothing");
  expect_complaint("", "x.jsonl: expected an operation corpus, got an empty file");
  expect_complaint(initialization,
                   "x.jsonl:1: type: expected header in the first line, got \"op\"");
  expect_complaint(header + initialization.substr(0, 60),
                   "x.jsonl:2: expected a JSON object, got a line that"
                   " ends with the file; the file is truncated");
  expect_complaint(header + initialization,
                   "x.jsonl:2: ok: expected a recorded answer to compare with");
  expect_complaint(header + initialization, "x.jsonl:2: type: expected the line end",
                   corpus_mode::count);
  expect_complaint(header + end, "x.jsonl:2: ops: expected 1 operations before this line, got 0");
  expect_complaint(header + initialization + end + initialization,
                   "x.jsonl:4: type: expected nothing after the line", corpus_mode::count);
  expect_complaint(header + "{\"type\":\"opp\"}\n",
                   "x.jsonl:2: type: expected op, checkpoint or end");
  expect_complaint(header + "{}\n", "x.jsonl:2: type: expected a text, got nothing");
  expect_complaint(header + op("mind", "{}"), "x.jsonl:2: op: expected an operation of the pool");
  expect_complaint(header + op("initialize", "[]"), "x.jsonl:2: args: expected an object");
  expect_complaint(header + op("initialize", "{}"),
                   "x.jsonl:2: args.sqrtPriceX96: expected a whole");
  expect_complaint(header + op("initialize", R"({"sqrtPriceX96":"-1"})"),
                   "x.jsonl:2: args.sqrtPriceX96: expected a whole number from 0 to 2^160-1");
  expect_complaint(header + op("burn", R"({"tickLower":-8388609,"tickUpper":0,"amount":"0"})"),
                   "x.jsonl:2: args.tickLower: expected an integer from -8388608 to 8388607");
  expect_complaint(header + op("setFeeProtocol", R"({"feeProtocol0":256,"feeProtocol1":0})"),
                   "x.jsonl:2: args.feeProtocol0: expected an integer from 0 to 255");
  expect_complaint(header + op("batch", R"({"calls":[{"op":"burn","args":{"tickLower":0}}]})"),
                   "x.jsonl:2: args.calls[0].args.tickUpper: expected an integer, got nothing");
  expect_complaint(header + op("batch", R"({"calls":[{"op":"batch","args":{"calls":[]}}]})"),
                   "x.jsonl:2: args.calls[0].op: expected an operation of the pool");
}

const std::string slipstream_header
  = R"({"type":"header","format":1,"name":"n","source":"CLPool","owner":)"
    R"("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","fee":3000,"unstakedFee":100000,)"
    R"("tickSpacing":60,"gauge":"0x1111111111111111111111111111111111111111",)"
    R"("positionManager":"0x2222222222222222222222222222222222222222"})"
    "\n";

TEST_F(corpus, knows_the_gauge_and_the_position_manager_by_their_accounts) {
  const std::string range = R"("tickLower":-60,"tickUpper":60)";
  const auto mint = op("mint",
                       R"({"recipient":"0x2222222222222222222222222222222222222222",)" + range
                         + R"(,"amount":"1000"})",
                       "22");
  const auto stake = R"({"stakedLiquidityDelta":"400",)" + range + R"(,"positionUpdate":true})";
  const auto burn
    = R"({"owner":"0x1111111111111111111111111111111111111111",)" + range + R"(,"amount":"1"})";
  const auto ours = dump(slipstream_header + initialization + mint + op("stake", stake, "33")
                         + op("stake", stake) + op("burnFor", burn) + op("burnFor", burn, "22"));
  const auto lines = test::lines_of(ours);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(json::parse(lines[3])["error"]["reason"], "NG");
  const auto staked = json::parse(lines[4]);
  EXPECT_EQ(staked["state"]["stakedLiquidity"], "400");
  EXPECT_EQ(staked["positions"][0]["liquidity"], "400");
  EXPECT_EQ(staked["positions"][1]["liquidity"], "600");
  EXPECT_EQ(json::parse(lines[5])["error"]["reason"], "NNFT");
  EXPECT_EQ(json::parse(lines[6])["positions"][0]["liquidity"], "399");
}

TEST_F(corpus, has_only_operations_of_the_pool_in_its_header) {
  expect_complaint(header + initialization + op("updateRewardsGrowthGlobal", "{}"),
                   "x.jsonl:3: op: expected an operation of the pool that the header describes, "
                   "got \"updateRewardsGrowthGlobal\"",
                   corpus_mode::count);
  expect_complaint(slipstream_header + initialization
                     + op("setFeeProtocol", R"({"feeProtocol0":4,"feeProtocol1":4})"),
                   "x.jsonl:3: op: expected an operation of the pool that the header describes",
                   corpus_mode::count);
  auto without_gauge = slipstream_header;
  without_gauge.replace(without_gauge.find("\"gauge\""), 7, "\"gouge\"");
  expect_complaint(without_gauge, "x.jsonl:1: gauge: expected an address");
  expect_complaint(slipstream_header + op("setFees", R"({"fee":1000000,"unstakedFee":0})"),
                   "x.jsonl:2: args.fee: expected an integer from 0 to 999999");
}

} // namespace
