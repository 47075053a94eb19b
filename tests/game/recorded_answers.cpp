#include "tests/game/recorded_answers.hpp"

#include "net/liquidity/miner_bodies.hpp"
#include "rules/json_text.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/game/players.hpp"

#include <array>
#include <random>

namespace sluice::game {

namespace {

constexpr uint64_t game_round_blocks = 450;
constexpr uint64_t rounds_asked = 300;

u256 random_amount(std::mt19937_64& chance, uint64_t most) {
  return u256{chance() % 4 == 0 ? 0 : chance() % most};
}

held_position random_position(std::mt19937_64& chance, int32_t tick, int32_t spacing) {
  const auto middle = tick / spacing;
  held_position x;
  x.tick_lower = (middle - static_cast<int32_t>(chance() % 300)) * spacing;
  x.tick_upper = x.tick_lower + static_cast<int32_t>(1 + chance() % 300) * spacing;
  x.liquidity = 1 + chance() % 1'000'000'000'000;
  x.amount0 = random_amount(chance, 10'000'000'000'000'000'000U);
  x.amount1 = random_amount(chance, 30'000'000'000U);
  x.fees0 = random_amount(chance, 1'000'000'000'000'000U);
  x.fees1 = random_amount(chance, 3'000'000U);
  return x;
}

/// Rounds ascend; a round has questions at its opening and at five places in it.
rebalance_query random_question(std::mt19937_64& chance, uint64_t number) {
  constexpr std::array<int32_t, 3> spacings{1, 10, 60};
  constexpr std::array<uint64_t, 6> places{0, 101, 201, 301, 401, 440};
  rebalance_query query;
  query.job = {"j"};
  const auto round = number * rounds_asked / 1000;
  query.round = {query.job, chance() % 3 == 0 ? round_kind::live : round_kind::evaluation, {round}};
  query.block_number = round * game_round_blocks + places[chance() % places.size()]
                       + (round == 0 ? game_round_blocks : 0) - 1;
  query.tick = static_cast<int32_t>(chance() % 400'001) - 200'000;
  query.sqrt_price_x96 = sqrt_ratio_at_tick(query.tick) + u256{chance() % 1000};
  query.current_price = 3000;
  query.terms = {500, spacings[chance() % spacings.size()], 18, 6};
  for (auto left = chance() % 4; left > 1; --left)
    query.current_positions.push_back(
      random_position(chance, query.tick, query.terms.tick_spacing));
  query.inventory_remaining
    = {random_amount(chance, 10'000'000'000'000'000'000U), random_amount(chance, 30'000'000'000U)};
  query.inventory_remaining.amount1 += u256{1}; // something is owned
  query.deadline_ms = 300;
  return query;
}

} // namespace

std::string recorded_answers(uint64_t seed, uint64_t count) {
  std::mt19937_64 chance{seed};
  std::map<std::pair<std::string_view, round_kind>, player_memory> memories;
  std::string text;
  for (uint64_t i = 0; i < count; ++i) {
    const auto query = random_question(chance, i * 1000 / count);
    const auto& who = all_players()[chance() % all_players().size()];
    const auto move = who.decide(query, memories[{who.name, query.round.kind}]);
    text += json_object{}
              .add("player", who.name)
              .raw("question", net::question_body(query).text())
              .raw("answer", move ? net::answer_body(*move).text() : std::string{"null"})
              .text()
            + '\n';
  }
  return text;
}

} // namespace sluice::game
