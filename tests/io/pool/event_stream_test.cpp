#include "io/pool/event_stream.hpp"
#include "io/text/json_fields.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::read_event_stream;

const std::string pool_line
  = R"({"event": "pool", "chain_id": 1, "fee": 3000, "tick_spacing": 60, "decimals1": 6})"
    "\n";
const std::string initialization_line
  = R"({"event": "initialize", "block": 10, "sqrt_price_x96": "2505290050365003892876723467"})"
    "\n";

/// A mint, with one text replaced by another.
std::string mint_line(std::string_view was = {}, std::string_view is = {}) {
  std::string line
    = R"({"event": "mint", "block": 10, "log_index": 16, "time": "2021-11-08 23:54:33", )"
      R"("owner": "0xC36442b4a4522E871399CD717aBDD847Ab11FE88", "tick_lower": 49800, )"
      R"("tick_upper": 64020, "liquidity": "556973545490136947176", )"
      R"("amount0": "23500000000000000000", "amount1": "0"})"
      "\n";
  if (!was.empty())
    line.replace(line.find(was), was.size(), is);
  return line;
}

std::string swap_line(std::string_view was = {}, std::string_view is = {}) {
  std::string line
    = R"({"event": "swap", "block": 12, "log_index": 3, "time": "2021-11-08 23:54:57", )"
      R"("amount0": "-5", "amount1": "7", "sqrt_price_x96": "1596559182082899146010277864392", )"
      R"("liquidity": "27848677274506847359", "tick": 60068})"
      "\n";
  if (!was.empty())
    line.replace(line.find(was), was.size(), is);
  return line;
}

class event_stream : public ::testing::Test {
protected:
  /// What reading `text` complains of, without the folder.
  std::string complaint(std::string_view text, const io::pool_overrides& overrides = {}) {
    const auto got = read_event_stream(folder.write("x.jsonl", text), overrides);
    if (got)
      return "nothing";
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_EQ(got.error().what.find('\n'), std::string::npos);
    const auto path = folder.path().string() + "/";
    EXPECT_TRUE(got.error().what.starts_with(path)) << got.error().what;
    return got.error().what.substr(path.size());
  }
  void expect_complaint(std::string_view text, std::string_view wanted) {
    const auto got = complaint(text);
    EXPECT_TRUE(got.starts_with(wanted)) << got << "\nwanted: " << wanted;
  }
  test::scratch_folder folder;
};

TEST_F(event_stream, of_mainnet_lines_comes_in_blocks) {
  const auto got = read_event_stream(
    folder.write("ens-weth.v1.jsonl", pool_line + initialization_line + mint_line() + swap_line()));
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->name, "ens-weth");
  EXPECT_EQ(got->terms, (pool_terms{3000, 60, 18, 6}));
  ASSERT_EQ(got->blocks.size(), 2u);
  const auto& first = got->blocks[0];
  EXPECT_EQ(first.number, 10u);
  EXPECT_EQ(first.time, 1636415673u); // the mint's: initialize reports none
  ASSERT_EQ(first.events.size(), 2u);
  EXPECT_EQ(first.events[0].kind, pool_event_kind::initialize);
  EXPECT_EQ(first.events[0].line, 2u);
  EXPECT_EQ(first.events[0].sqrt_price_x96, u256::parse("2505290050365003892876723467"));
  const auto& mint = first.events[1];
  EXPECT_EQ(mint.kind, pool_event_kind::mint);
  EXPECT_EQ(mint.log_index, 16u);
  EXPECT_EQ(mint.owner[0], 0xc3);
  EXPECT_EQ(mint.tick_lower, 49800);
  EXPECT_EQ(mint.tick_upper, 64020);
  EXPECT_EQ(to_string(u256{mint.liquidity}), "556973545490136947176");
  EXPECT_EQ(to_string(mint.amount0), "23500000000000000000");
  const auto& swap = got->blocks[1].events[0];
  EXPECT_EQ(swap.amount0, i256{-5});
  EXPECT_EQ(swap.amount1, i256{7});
  EXPECT_EQ(swap.tick, 60068);
  EXPECT_FALSE(swap.asked);
}

TEST_F(event_stream, obeys_what_the_user_overrides) {
  io::pool_overrides overrides;
  overrides.fee = 500;
  overrides.decimals0 = 8;
  overrides.sqrt_price_x96 = u256{1} << 96;
  const auto got = read_event_stream(
    folder.write("x", pool_line + initialization_line + mint_line()), overrides);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->terms, (pool_terms{500, 60, 8, 6}));
  EXPECT_EQ(got->blocks[0].events[0].sqrt_price_x96, u256{1} << 96);
}

TEST_F(event_stream, may_lack_the_pool_line_when_the_user_knows_it) {
  io::pool_overrides overrides;
  overrides.fee = 3000;
  EXPECT_TRUE(complaint(initialization_line, overrides)
                .starts_with("x.jsonl:1: event: expected the event pool in the first line"));
  overrides.tick_spacing = 60;
  EXPECT_EQ(complaint(initialization_line + mint_line(), overrides), "nothing");
}

TEST_F(event_stream, that_is_damaged_is_refused_with_its_line) {
  const auto begin = pool_line + initialization_line;
  expect_complaint("", "x.jsonl: expected a stream of events, got an empty file");
  expect_complaint("\n\n", "x.jsonl: expected a stream of events, got an empty file");
  expect_complaint(pool_line, "x.jsonl:1: event: expected initialize, got the end of the file");
  expect_complaint("hello\n", "x.jsonl:1: expected a JSON object, got \"hello\"");
  expect_complaint("[1]\n", "x.jsonl:1: expected a JSON object, got a list");
  expect_complaint("{}\n", "x.jsonl:1: expected an event stream");
  expect_complaint(begin + mint_line().substr(0, 50),
                   "x.jsonl:3: expected a JSON object, got a line that ends with the file; "
                   "the file is truncated");
  expect_complaint(begin + "{\"event\":\"\xff\"}\n", "x.jsonl:3: byte 11: expected UTF-8");
  expect_complaint(begin + "\n" + mint_line("mint", "flash"),
                   "x.jsonl:4: event: expected initialize, mint, burn, collect or swap, got "
                   "\"flash\"");
}

TEST_F(event_stream, needs_every_field_in_its_range) {
  const auto begin = pool_line + initialization_line;
  expect_complaint(begin + mint_line("\"owner\"", "\"ower\""),
                   "x.jsonl:3: owner: expected an address, got nothing");
  expect_complaint(begin + mint_line("49800", "\"x\""),
                   "x.jsonl:3: tick_lower: expected an integer");
  expect_complaint(begin + mint_line("49800", "-887273"), "x.jsonl:3: tick_lower: expected an int");
  expect_complaint(begin + mint_line("64020", "49800"), "x.jsonl:3: tick_upper: expected a tick");
  expect_complaint(begin + mint_line("\"556973545490136947176\"", "-1"),
                   "x.jsonl:3: liquidity: expected a whole number from 0 to 2^128-1");
  expect_complaint(begin + mint_line("556973545490136947176", std::string(40, '9')),
                   "x.jsonl:3: liquidity: expected a whole number from 0 to 2^128-1");
  expect_complaint(begin + mint_line("23500000000000000000", "-1"),
                   "x.jsonl:3: amount0: expected a whole number");
  expect_complaint(begin + mint_line("2021-11-08", "2021-02-30"),
                   "x.jsonl:3: time: expected a time");
  expect_complaint(begin + mint_line(R"("time": "2021-11-08 23:54:33",)", ""),
                   "x.jsonl:3: time: expected a time");
  expect_complaint(begin + swap_line("\"-5\"", "1.5"), "x.jsonl:3: amount0: expected an integer");
  expect_complaint(begin + swap_line("-5", "-1" + std::string(77, '0')),
                   "x.jsonl:3: amount0: expected an integer from -2^255");
  expect_complaint(begin + swap_line("1596559182082899146010277864392", "4295128738"),
                   "x.jsonl:3: sqrt_price_x96: expected a price from 4295128739");
  expect_complaint(begin + swap_line("60068", "8388608"), "x.jsonl:3: tick: expected an integer");
  expect_complaint(R"({"event":"pool","fee":1000000,"tick_spacing":60})"
                   "\n"
                     + initialization_line,
                   "x.jsonl:1: fee: expected an integer from 0 to 999999");
}

TEST_F(event_stream, needs_its_events_in_order) {
  const auto begin = pool_line + initialization_line + mint_line();
  expect_complaint(begin + mint_line(), "x.jsonl:4: log_index: expected more than 16 within the "
                                        "block, got 16; sort the file");
  expect_complaint(begin + mint_line("16", "15"), "x.jsonl:4: log_index: expected more than 16");
  expect_complaint(begin + swap_line() + mint_line("16", "17"),
                   "x.jsonl:5: block: expected block 12 or later, got 10");
  expect_complaint(begin + swap_line("23:54:57", "23:54:32"),
                   "x.jsonl:4: time: expected 1636415673 or later");
  expect_complaint(begin
                     + mint_line("16, \"time\": \"2021-11-08 23:54:33", "17, \"time\": "
                                                                        "\"2021-11-08 23:54:34"),
                   "x.jsonl:4: time: expected 1636415673, the block's time");
}

TEST_F(event_stream, begins_with_the_initialization_of_the_pool) {
  expect_complaint(pool_line + swap_line(), "x.jsonl:2: event: expected initialize before anything "
                                            "else, got a swap before the pool exists");
  expect_complaint(pool_line + mint_line(), "x.jsonl:2: event: expected initialize before anything "
                                            "else, got a mint before the pool exists");
  expect_complaint(pool_line + initialization_line + initialization_line,
                   "x.jsonl:3: event: expected one initialize");
}

TEST_F(event_stream, of_indexer_rows_contains_one_pool_only) {
  const std::string row
    = R"({"table":"swaps","evt_address":"3ff85c78ed62324302dee6c0de89ad5376f4be72",)"
      R"("evt_block_number":1,"evt_block_time":5,"evt_index":1,"amount0":"0","amount1":"0",)"
      R"("sqrt_price_x96":"4339146692676399744408601","liquidity":"0","tick":-196258})"
      "\n";
  auto other = row;
  other.replace(other.find("3ff8"), 4, "4ff8");
  expect_complaint(row + other, "x.jsonl:2: evt_address: expected one pool (0x3ff85c78ed62324302dee"
                                "6c0de89ad5376f4be72), got 0x4ff8");
  auto unknown = row;
  unknown.replace(unknown.find("swaps"), 5, "flashes");
  expect_complaint(unknown, "x.jsonl:1: table: expected swaps, mints, burns or collects");
  // One swap in an empty pool shows nothing of the fee.
  expect_complaint(row, "x.jsonl: expected swaps that only one pool can have made");
}

TEST_F(event_stream, that_is_not_there_is_unreachable) {
  const auto got = read_event_stream(folder.at("missing.jsonl"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::unreachable);
}

TEST(recorded_stream, of_mainnet_is_read_whole) {
  if (!test::shared_has("data/mainnet/ens-weth-3000.jsonl"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/ens-weth-3000.jsonl";
  const auto got = read_event_stream(test::shared_folder() / "data/mainnet/ens-weth-3000.jsonl");
  ASSERT_TRUE(got) << got.error().what;
  size_t events = 0;
  for (const auto& block : got->blocks)
    events += block.events.size();
  EXPECT_EQ(events, 69u); // initialize and 68 more
  EXPECT_EQ(got->terms, (pool_terms{3000, 60, 18, 18}));
  EXPECT_EQ(got->name, "ens-weth-3000");
}

const std::string slipstream_line
  = R"({"event": "pool", "kind": "slipstream", "tick_spacing": 60, "fee": 3000})"
    "\n";

TEST_F(event_stream, of_a_slipstream_pool_may_report_what_no_event_of_the_pool_does) {
  const std::string place = R"("block": 12, "time": 1636415697, "log_index": )";
  const auto got = read_event_stream(folder.write(
    "x.jsonl", slipstream_line + initialization_line + mint_line()
                 + R"({"event":"stake","tick_lower":49800,"tick_upper":64020,"liquidity":5,)"
                 + place + "1}\n" + R"({"event":"fees","fee":700,"unstaked_fee":0,)" + place
                 + "2}\n" + swap_line(R"("tick")", R"("fee": 800, "tick")")
                 + R"({"event":"reward","rate":3,"until":1636415797,)" + place + "4}\n"));
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->terms.kind, pool_kind::slipstream);
  EXPECT_EQ(got->terms.unstaked_fee, 100'000u);
  EXPECT_EQ(io::to_text(got->terms.position_manager), // the only one who has what is staked
            "0xc36442b4a4522e871399cd717abdd847ab11fe88");
  ASSERT_EQ(got->blocks.size(), 2u);
  std::string kinds;
  for (const auto& x : got->blocks[1].events)
    kinds += std::string{to_string(x.kind)} + " ";
  EXPECT_EQ(kinds, "stake fees fees swap reward_update reward ");
  EXPECT_EQ(got->blocks[1].events[2].amount0, 800);
  EXPECT_EQ(got->blocks[1].events[2].amount1, 0); // as the line before has reported
  EXPECT_EQ(got->blocks[1].events[5].amount1, 300);
}

TEST_F(event_stream, is_of_slipstream_by_its_header_or_by_the_flag) {
  const auto path = folder.write("x.jsonl", pool_line + initialization_line + mint_line());
  const auto got = read_event_stream(path, *io::parse_pool_overrides("kind=slipstream"));
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->terms.kind, pool_kind::slipstream);
  EXPECT_EQ(got->terms.fee, 3000u);
  const auto headless = folder.write("y.jsonl", initialization_line + mint_line());
  const auto other = read_event_stream(
    headless, *io::parse_pool_overrides("kind=slipstream,tick-spacing=60,unstaked-fee=1"));
  ASSERT_TRUE(other) << other.error().what;
  EXPECT_EQ(other->terms.unstaked_fee, 1u);
  expect_complaint(R"({"event": "pool", "kind": "curve", "tick_spacing": 60, "fee": 3000})",
                   "x.jsonl:1: kind: expected uniswap or slipstream, got \"curve\"");
}

} // namespace
