#include "io/pool/event_row.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using namespace sluice::io;

struct decoded {
  event_row row;
  std::string wrong;
  uint32_t unstaked_fee = 100'000;
};

decoded decode(row_form form, std::string_view text) {
  const auto object = json::parse(text);
  json_fields fields(object, "f", 7);
  decoded got;
  got.row = read_row(form, fields, 7, got.unstaked_fee);
  if (fields.failed())
    got.wrong = fields.error().what;
  return got;
}

std::string event_with(std::string_view event, std::string_view more) {
  return R"({"event":")" + std::string{event} + R"(","block":5,"log_index":3,"time":1000,)"
         + std::string{more} + "}";
}

pool_terms terms_of(std::string_view text, std::string* wrong = nullptr) {
  const auto object = json::parse(text);
  json_fields fields(object, "f", 1);
  auto terms = read_terms(fields);
  if (wrong)
    *wrong = fields.failed() ? fields.error().what : "";
  else
    EXPECT_FALSE(fields.failed()) << fields.error().what;
  return terms;
}

} // namespace

TEST(event_row, a_header_states_the_kind_of_the_pool) {
  EXPECT_EQ(terms_of(R"({"event":"pool","fee":500,"tick_spacing":10,"decimals1":6})"),
            (pool_terms{500, 10, 18, 6}));
  auto terms = terms_of(R"({"event":"pool","kind":"slipstream","tick_spacing":200})");
  EXPECT_EQ(terms.kind, pool_kind::slipstream);
  EXPECT_EQ(terms.fee, 3000u);
  EXPECT_EQ(terms.unstaked_fee, 100'000u);
  EXPECT_EQ(terms.gauge, address{});
  terms = terms_of(R"({"kind":"slipstream","tick_spacing":30,"fee":42,"unstaked_fee":0,)"
                   R"("gauge":"0x0100000000000000000000000000000000000000",)"
                   R"("position_manager":"0x0200000000000000000000000000000000000000"})");
  EXPECT_EQ(terms.fee, 42u);
  EXPECT_EQ(terms.unstaked_fee, 0u);
  EXPECT_EQ(terms.gauge, address{1});
  EXPECT_EQ(terms.position_manager, address{2});
  std::string wrong;
  terms_of(R"({"kind":"curve","fee":1,"tick_spacing":1})", &wrong);
  EXPECT_TRUE(wrong.starts_with("f:1: kind: expected uniswap or slipstream, got \"curve\""))
    << wrong;
  terms_of(R"({"kind":"slipstream","tick_spacing":30})", &wrong);
  EXPECT_TRUE(wrong.starts_with("f:1: fee: expected")) << wrong; // no standard one to fall back on
  terms_of(R"({"kind":"slipstream","tick_spacing":1,"fee":100001})", &wrong);
  EXPECT_TRUE(wrong.starts_with("f:1: fee: expected")) << wrong;
}

TEST(event_row, a_swap_may_bring_its_fee) {
  const auto got
    = decode(row_form::mainnet,
             event_with("swap", R"("amount0":"5","amount1":"-4","sqrt_price_x96":"4295128740",)"
                                R"("liquidity":"9","tick":-887272,"fee":321)"));
  ASSERT_EQ(got.wrong, "");
  ASSERT_EQ(got.row.events.size(), 2u);
  EXPECT_EQ(got.row.events[0].kind, pool_event_kind::fees);
  EXPECT_EQ(got.row.events[0].amount0, 321);
  EXPECT_EQ(got.row.events[0].amount1, 100'000); // as reported before
  EXPECT_EQ(got.row.last().kind, pool_event_kind::swap);
  EXPECT_EQ(got.row.last().amount1, -4);
  for (const auto& x : got.row.events) {
    EXPECT_EQ(x.line, 7u);
    EXPECT_EQ(x.log_index, 3u);
  }
}

TEST(event_row, no_fee_is_above_ten_percent) {
  EXPECT_EQ(decode(row_form::mainnet, event_with("fees", R"("fee":100000)")).wrong, "");
  EXPECT_TRUE(decode(row_form::mainnet, event_with("fees", R"("fee":100001)"))
                .wrong.starts_with("f:7: fee: expected"));
  EXPECT_TRUE(
    decode(row_form::mainnet,
           event_with("swap", R"("amount0":"5","amount1":"-4","sqrt_price_x96":"4295128740",)"
                              R"("liquidity":"9","tick":-887272,"fee":100001)"))
      .wrong.starts_with("f:7: fee: expected"));
}

TEST(event_row, fees_are_reported_with_or_without_what_unstaked_liquidity_pays) {
  auto got = decode(row_form::mainnet, event_with("fees", R"("fee":700,"unstaked_fee":50000)"));
  ASSERT_EQ(got.wrong, "");
  EXPECT_EQ(got.row.last().kind, pool_event_kind::fees);
  EXPECT_EQ(got.row.last().amount0, 700);
  EXPECT_EQ(got.row.last().amount1, 50'000);
  EXPECT_EQ(got.unstaked_fee, 50'000u);
  got = decode(row_form::mainnet, event_with("fees", R"("fee":701)"));
  EXPECT_EQ(got.row.last().amount1, 100'000);
  EXPECT_TRUE(decode(row_form::mainnet, event_with("fees", R"("unstaked_fee":1)"))
                .wrong.starts_with("f:7: fee: expected"));
}

TEST(event_row, stakes_move_the_position_unless_stated_otherwise) {
  using kind = pool_event_kind;
  const std::string range = R"("tick_lower":-10,"tick_upper":20,"liquidity":"123")";
  for (const auto& [event, more, wanted] :
       {std::tuple{"stake", "", kind::stake}, std::tuple{"unstake", "", kind::unstake},
        std::tuple{"stake", R"(,"moves":false)", kind::stake_only},
        std::tuple{"unstake", R"(,"moves":false)", kind::unstake_only},
        std::tuple{"unstake", R"(,"moves":true)", kind::unstake}}) {
    const auto got = decode(row_form::mainnet, event_with(event, range + more));
    ASSERT_EQ(got.wrong, "");
    EXPECT_EQ(got.row.last().kind, wanted);
    EXPECT_EQ(got.row.last().tick_lower, -10);
    EXPECT_EQ(got.row.last().tick_upper, 20);
    EXPECT_EQ(got.row.last().liquidity, 123u);
  }
  const auto indexed = decode(
    row_form::indexer, R"({"table":"stakes","evt_block_number":5,"evt_index":3,)"
                       R"("evt_block_time":1000,"tick_lower":-10,"tick_upper":20,"amount":"123"})");
  ASSERT_EQ(indexed.wrong, "");
  EXPECT_EQ(indexed.row.last().kind, kind::stake);
  EXPECT_EQ(indexed.row.last().liquidity, 123u);
  EXPECT_TRUE(decode(row_form::mainnet,
                     event_with("stake", R"("tick_lower":20,"tick_upper":-10,"liquidity":"1")"))
                .wrong.starts_with("f:7: tick_upper: expected a tick above tick_lower"));
}

TEST(event_row, rewards_are_settled_before_they_change) {
  auto got = decode(row_form::mainnet, event_with("reward", R"("rate":"10","until":1500)"));
  ASSERT_EQ(got.wrong, "");
  ASSERT_EQ(got.row.events.size(), 2u);
  EXPECT_EQ(got.row.events[0].kind, pool_event_kind::reward_update);
  EXPECT_EQ(got.row.last().kind, pool_event_kind::reward);
  EXPECT_EQ(got.row.last().amount0, 10);
  EXPECT_EQ(got.row.last().amount1, 5000); // what the rate gives from time 1000 on
  EXPECT_EQ(got.row.last().liquidity, 1500u);
  got = decode(row_form::mainnet, event_with("reward", R"("rate":"10","until":900,"reserve":"7")"));
  EXPECT_EQ(got.row.last().amount1, 7);
  got = decode(row_form::mainnet, event_with("reward", R"("rate":"10","until":900)"));
  EXPECT_EQ(got.row.last().amount1, 0);
  EXPECT_EQ(
    decode(row_form::mainnet, R"({"event":"reward_update","block":5,"log_index":3,"time":1000})")
      .row.last()
      .kind,
    pool_event_kind::reward_update);
  EXPECT_TRUE(decode(row_form::mainnet, event_with("reward", R"("until":900)"))
                .wrong.starts_with("f:7: rate:"));
}
