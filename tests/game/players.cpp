#include "tests/game/players.hpp"

#include "rules/liquidity/deployment.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>
#include <array>

namespace sluice::game {

namespace {

constexpr uint64_t round_blocks = 450; // of the game's job: 900 s in blocks of 2 s
constexpr uint64_t last_question = 400;
constexpr uint64_t leaving_block = 300; // from which a live round is left
constexpr uint64_t block_seconds = 2;
constexpr uint64_t day_seconds = 86'400;
constexpr int32_t full_range = 887'270;
constexpr int32_t wide_spacings = 200;

u256 value_of(const rebalance_query& query) {
  const auto all = everything(query);
  return value_in_token1(all.amount0, all.amount1, query.sqrt_price_x96);
}

player_move yes(std::vector<desired_position> wanted) {
  return rebalance_reply{true, "", std::move(wanted), "", ""};
}

player_move no() {
  return rebalance_reply{false, "bad market", {}, "", ""};
}

player_move keep(const rebalance_query& query) {
  std::vector<desired_position> wanted;
  for (const auto& x : query.current_positions)
    wanted.push_back({x.tick_lower, x.tick_upper, x.amount0, x.amount1, {}});
  return yes(std::move(wanted));
}

/// Ticks of whole spacings below and above the tick, both rounded as the tick is: down.
tick_range aligned(const rebalance_query& query, int32_t below, int32_t above) {
  const auto spacing = query.terms.tick_spacing;
  auto base = query.tick / spacing * spacing;
  if (base > query.tick)
    base -= spacing;
  return {base + below * spacing, base + above * spacing};
}

desired_position all_in(const rebalance_query& query, int32_t below, int32_t above) {
  const auto range = aligned(query, below, above);
  const auto all = everything(query);
  return {range.lower, range.upper, all.amount0, all.amount1, {}};
}

uint64_t place_in_round(const rebalance_query& query) {
  return query.block_number % round_blocks;
}

/// What it owns relative to its first question of this round, less 1; notes the first one.
double gain(const rebalance_query& query, player_memory& memory) {
  const auto now = value_of(query);
  if (memory.round != query.round) {
    auto days = std::move(memory.days);
    memory = {query.round, now, 0, std::move(days)};
  }
  return ratio(now, memory.value) - 1;
}

/// At the last question, and behind.
bool behind_at_the_end(const rebalance_query& query, player_memory& memory) {
  return gain(query, memory) < 0 && place_in_round(query) >= last_question;
}

player_move hold(const rebalance_query& query, player_memory&) {
  return keep(query);
}

/// Behind at the last question it refuses while the day still counts, else it is silent.
player_move hold_smart(const rebalance_query& query, player_memory& memory) {
  const auto ahead = gain(query, memory) >= 0;
  auto& [good, refused] = memory.days[query.block_number * block_seconds / day_seconds];
  if (place_in_round(query) < last_question)
    return keep(query);
  if (ahead) {
    ++good;
    return keep(query);
  }
  if (refused + 1 >= good)
    return std::nullopt;
  ++refused;
  return no();
}

player_move hold_refuse(const rebalance_query& query, player_memory& memory) {
  return behind_at_the_end(query, memory) ? no() : keep(query);
}

player_move hold_silent(const rebalance_query& query, player_memory& memory) {
  return behind_at_the_end(query, memory) ? std::nullopt : keep(query);
}

player_move hold_refuse_early(const rebalance_query& query, player_memory& memory) {
  return gain(query, memory) < -0.0005 ? no() : keep(query);
}

player_move wide(const rebalance_query& query, player_memory&) {
  if (!query.current_positions.empty())
    return keep(query);
  return yes({all_in(query, -wide_spacings, wide_spacings)});
}

player_move wide_refuse(const rebalance_query& query, player_memory& memory) {
  return behind_at_the_end(query, memory) ? no() : wide(query, memory);
}

player_move wide_silent(const rebalance_query& query, player_memory& memory) {
  return behind_at_the_end(query, memory) ? std::nullopt : wide(query, memory);
}

/// Honest when it is judged, gone when it would lose with the vault.
player_move wide_live_silent(const rebalance_query& query, player_memory& memory) {
  const auto behind = gain(query, memory) < 0;
  if (query.round.kind == round_kind::live && place_in_round(query) >= leaving_block && behind)
    return std::nullopt;
  return wide(query, memory);
}

desired_position dust_position() {
  return {-full_range, full_range, u256{1'000'000}, u256{1000}, {}};
}

/// Nothing at work, and always in range.
player_move dust(const rebalance_query& query, player_memory&) {
  if (!query.current_positions.empty())
    return keep(query);
  return yes({dust_position()});
}

/// In range only while it is ahead: then the factor helps, and does not hurt when it is behind.
player_move dust_if_up(const rebalance_query& query, player_memory& memory) {
  if (gain(query, memory) >= 0)
    return yes({dust_position()});
  return yes({});
}

player_move invalid_only(const rebalance_query&, player_memory&) {
  return yes({{1, 0, u256{}, u256{}, {}}});
}

player_move one_tick(const rebalance_query& query, player_memory&) {
  return yes({all_in(query, 0, 1)});
}

/// Token1 close below the price, at every question: in the pool's private copy it damps a fall.
player_move wall_if_down(const rebalance_query& query, player_memory&) {
  auto wall = all_in(query, -3, 0);
  wall.allocation0 = u256{};
  return yes({wall});
}

player_move tiny_ten(const rebalance_query& query, player_memory&) {
  if (!query.current_positions.empty())
    return keep(query);
  std::vector<desired_position> wanted;
  for (int32_t i = 0; i < 10; ++i) {
    auto x = all_in(query, -wide_spacings - i, wide_spacings + i);
    x.allocation0 /= u256{10};
    x.allocation1 /= u256{10};
    wanted.push_back(x);
  }
  return yes(std::move(wanted));
}

/// The same range, one spacing wider or not in turn: everything is moved at every question.
player_move rebal(const rebalance_query& query, player_memory& memory) {
  const auto more = static_cast<int32_t>(++memory.turns % 2);
  return yes({all_in(query, -wide_spacings - more, wide_spacings + more)});
}

constexpr std::array<player, 26> table{{
  {"hold", "", hold},
  {"hold_smart", "hold", hold_smart},
  {"hold_refuse", "hold", hold_refuse},
  {"hold_silent", "hold", hold_silent},
  {"hold_refuse_early", "hold", hold_refuse_early},
  {"wide", "", wide},
  {"wide_refuse", "wide", wide_refuse},
  {"wide_silent", "wide", wide_silent},
  {"wide_live_silent", "wide", wide_live_silent},
  {"dust", "hold", dust},
  {"dust_if_up", "hold", dust_if_up},
  {"invalid_only", "hold", invalid_only},
  {"one_tick", "", one_tick},
  {"wall_if_down", "hold", wall_if_down},
  {"tiny_ten", "", tiny_ten},
  {"rebal", "", rebal},
  {"sybil1", "", wide},
  {"sybil2", "", wide},
  {"sybil3", "", wide},
  {"sybil4", "", wide},
  {"sybil5", "", wide},
  {"sybil6", "", wide},
  {"sybil7", "", wide},
  {"sybil8", "", wide},
  {"hold_b", "", hold},
  {"wide_b", "", wide},
}};

} // namespace

std::span<const player> all_players() {
  return table;
}

const player* find_player(std::string_view name) {
  const auto at
    = std::find_if(table.begin(), table.end(), [name](const player& x) { return x.name == name; });
  return at == table.end() ? nullptr : &*at;
}

std::pair<std::string_view, std::string_view> copies_of(std::string_view twin) {
  return twin == "wide" ? std::pair<std::string_view, std::string_view>{"wide", "wide_b"}
                        : std::pair<std::string_view, std::string_view>{"hold", "hold_b"};
}

std::vector<std::string> sybils() {
  std::vector<std::string> names;
  for (const auto& x : table)
    if (x.name.starts_with("sybil"))
      names.emplace_back(x.name);
  return names;
}

} // namespace sluice::game
