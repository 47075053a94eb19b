#include "sim/pool/pool.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/replay/replay.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::json;
using tools::corpus_mode;
using tools::replay_file;

/// Mainnet lines of a small pool, made by our own pool with the swaps as asked.
class recording {
public:
  recording() : at_(3000, 60) {
    put({{"event", "pool"}, {"fee", 3000}, {"tick_spacing", 60}});
    EXPECT_TRUE(at_.initialize(u256{1} << 96, 0));
    put({{"event", "initialize"}, {"block", 1}, {"sqrt_price_x96", to_string(u256{1} << 96)}});
    auto minted = at_.mint({}, -600, 600, 1'000'000'000, 0);
    EXPECT_TRUE(minted);
    put({{"event", "mint"},
         {"block", 1},
         {"log_index", 1},
         {"time", 1000},
         {"owner", "0x" + std::string(40, '0')},
         {"tick_lower", -600},
         {"tick_upper", 600},
         {"liquidity", 1'000'000'000},
         {"amount0", to_string(minted->amount0)},
         {"amount1", to_string(minted->amount1)}});
  }
  void swap(bool zero_for_one, int64_t amount, const u256& limit) {
    auto got = at_.swap({zero_for_one, amount, limit}, 0);
    ASSERT_TRUE(got);
    put({{"event", "swap"},
         {"block", 2},
         {"log_index", ++log_index_},
         {"time", 1012},
         {"amount0", to_string(got->amount0)},
         {"amount1", to_string(got->amount1)},
         {"sqrt_price_x96", to_string(at_.state().sqrt_price_x96)},
         {"liquidity", to_string(u256{at_.state().liquidity})},
         {"tick", at_.state().tick}});
  }
  const std::string& text() const { return text_; }

private:
  void put(const json& line) { text_ += line.dump() + "\n"; }
  pool at_;
  std::string text_;
  int log_index_ = 0;
};

class replay : public ::testing::Test {
protected:
  replay() {
    const u256 lowest{4295128740U};
    stream.swap(true, 100'000, lowest);                             // exact input
    stream.swap(true, -200'000, lowest);                            // exact output
    stream.swap(false, 1'000'000'000'000, (u256{1} << 96) + 12345); // stops at its limit
  }
  result<tools::replay_report> run(std::string_view text, corpus_mode mode = corpus_mode::count) {
    tools::replay_options options;
    options.mode = mode;
    return replay_file(folder.write("x.jsonl", text), options);
  }
  recording stream;
  test::scratch_folder folder;
};

TEST_F(replay, finds_out_how_each_swap_was_asked_for) {
  const auto got = run(stream.text());
  ASSERT_TRUE(got) << got.error().what;
  ASSERT_FALSE(got->first) << tools::as_text(*got);
  EXPECT_EQ(got->operations, 4u);
  EXPECT_EQ(got->swaps, 3u);
  EXPECT_EQ(got->exact_input, 1u);
  EXPECT_EQ(got->exact_output, 1u);
  EXPECT_EQ(got->at_limit, 1u);
  EXPECT_EQ(got->sqrt_price_x96, (u256{1} << 96) + 12345);
  EXPECT_EQ(tools::as_text(*got).substr(folder.path().string().size()),
            "/x.jsonl: 4 events, 3 swaps: 1 exact input, 1 exact output, 1 stopped at their limit; "
            "0 differ\n");
}

TEST_F(replay, names_the_first_swap_that_differs) {
  const auto lines = test::lines_of(stream.text());
  for (const auto* field : {"amount0", "amount1", "sqrt_price_x96", "liquidity", "tick"}) {
    SCOPED_TRACE(field);
    auto bad = json::parse(lines[4]);
    bad[field] = bad[field].is_string() ? json(bad[field].get<std::string>() + "0")
                                        : json(bad[field].get<int>() + 1);
    std::string text;
    for (size_t i = 0; i < lines.size(); ++i)
      text += (i == 4 ? bad.dump() : std::string{lines[i]}) + "\n";
    const auto got = run(text);
    ASSERT_TRUE(got) << got.error().what;
    ASSERT_TRUE(got->first);
    EXPECT_EQ(got->first->line, 5u);
    EXPECT_TRUE(got->first->field.starts_with("swap")) << got->first->field;
    const auto shown = tools::as_json(*got);
    EXPECT_EQ(shown["differ"], 1);
    EXPECT_EQ(shown["first_difference"]["line"], 5);
  }
}

TEST_F(replay, of_a_mint_that_costs_something_else_differs) {
  auto text = stream.text();
  const auto at = text.find("\"amount0\":\"") + 11;
  text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
  const auto got = run(text);
  ASSERT_TRUE(got && got->first);
  EXPECT_EQ(got->first->line, 3u);
  EXPECT_EQ(got->first->field, "mint.amount0");
}

TEST_F(replay, distinguishes_a_corpus_from_a_stream) {
  const auto corpus = run(test::bundled_text("p6-wrap-3000.jsonl"));
  ASSERT_TRUE(corpus) << corpus.error().what;
  EXPECT_TRUE(corpus->corpus);
  EXPECT_EQ(corpus->operations, 1000u);
  EXPECT_FALSE(corpus->reverts.empty());
  const auto text = tools::as_text(*corpus);
  for (const auto* part : {"1000 operations on p6-wrap-3000 (fee 3000, tick spacing 60)",
                           "reverted", "swaps", "final price"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  const auto neither = run("{\"a\":1}\n");
  ASSERT_FALSE(neither);
  EXPECT_EQ(neither.error().code, ec::bad_input);
}

TEST_F(replay, cannot_dump_a_stream) {
  const auto got = run(stream.text(), corpus_mode::dump);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().what.find("leave out --dump"), std::string::npos);
}

TEST_F(replay, of_every_recorded_stream_has_no_difference) {
  if (!test::shared_has("data/mainnet/ens-weth-3000.jsonl"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/ens-weth-3000.jsonl";
  const auto got = replay_file(test::shared_folder() / "data/mainnet/ens-weth-3000.jsonl", {});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_FALSE(got->first) << tools::as_text(*got);
  EXPECT_EQ(got->operations, 68u);
  EXPECT_EQ(got->swaps, 63u);
}

} // namespace
