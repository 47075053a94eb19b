#include "tools/liquidity/backtest_json.hpp"

#include "io/liquidity/metrics_json.hpp"
#include "rules/pool/price.hpp"

#include <algorithm>
#include <stdexcept>

namespace sluice::tools {

namespace {

io::json total_of(const backtest_total& t, bool staked) {
  plan_metrics m;
  m.initial_value = t.initial_value;
  m.final_value = t.value;
  m.hodl_value = t.hodl_value;
  m.fees0 = t.fees0;
  m.fees1 = t.fees1;
  m.fees_value = t.fees_value;
  m.impermanent_loss = t.impermanent_loss;
  m.net_pnl_vs_hodl = t.net_pnl_vs_hodl;
  if (t.swaps > 0)
    m.in_range_ratio = static_cast<double>(t.swaps_in_range) / static_cast<double>(t.swaps);
  m.rewards = t.rewards;
  auto out = io::metrics_json(m, staked);
  out["rebalances"] = t.rebalances; // of all rounds: more than a plan can have
  return out;
}

io::json cell_of(const backtest_cell& x, const std::string& name, bool staked) {
  io::json out{{"player", name},
               {"verdict", name_of(x.verdict)},
               {"rank", x.rank == 0 ? io::json(nullptr) : io::json(x.rank)},
               {"score", x.rank == 0 ? io::json(nullptr) : io::json(x.score)},
               {"average", x.total.average},
               {"metrics", io::metrics_json(x.metrics, staked)},
               {"total", total_of(x.total, staked)},
               {"invalid", x.invalid}};
  if (!x.note.empty())
    out["note"] = x.note;
  return out;
}

io::json time_or_null(uint64_t time) {
  return time == 0 ? io::json(nullptr) : io::json(time);
}

io::json round_of(const backtest_round& x, const backtest_report& report) {
  io::json players = io::json::array();
  for (size_t i = 0; i < x.cells.size(); ++i)
    players.push_back(cell_of(x.cells[i], report.players[i].name, report.staked));
  return {{"round", x.number.value},
          {"start_block", x.start_block},
          {"end_block", x.end_block},
          {"start_time", time_or_null(x.start_time)},
          {"end_time", time_or_null(x.end_time)},
          {"start_sqrt_price_x96", to_string(x.start.sqrt_price_x96)},
          {"start_tick", x.start.tick},
          {"end_sqrt_price_x96", to_string(x.end.sqrt_price_x96)},
          {"end_tick", x.end.tick},
          {"players", std::move(players)}};
}

/// Lines of an element of a list of the outermost object.
std::string inside(std::string_view text) {
  std::string out;
  for (size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.append("\n    ").append(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// A cell of a CSV file: quoted when it must be.
std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string{text};
  std::string out = "\"";
  for (char c : text)
    out += c == '"' ? std::string{"\"\""} : std::string(1, c);
  return out + '"';
}

/// What a writer writes, as one text.
std::string gathered(const std::function<result<nothing>(const text_sink&)>& write) {
  std::string all;
  const auto written = write([&](std::string_view part) {
    all += part;
    return nothing{};
  });
  if (!written)
    throw std::runtime_error(written.error().what);
  return all;
}

} // namespace

std::string_view name_of(miner_verdict x) {
  return x == miner_verdict::scored ? "scored" : x == miner_verdict::refused ? "refused" : "failed";
}

std::string text_of(const io::json& x, int indent) {
  return x.dump(indent, ' ', false, io::json::error_handler_t::replace);
}

io::json head_of(const backtest_report& of) {
  const auto& first = of.first();
  const auto& last = of.last();
  auto pool = io::terms_json(of.terms);
  pool["token0"] = of.names.name0;
  pool["token1"] = of.names.name1;
  return {{"market", of.market},
          {"files", of.files},
          {"model", of.model == pool_model::replayed ? "replayed" : "observed"},
          {"staked", of.staked},
          {"pool", std::move(pool)},
          {"from_block", first.start_block},
          {"to_block", last.end_block},
          {"from_time", time_or_null(first.start_time)},
          {"to_time", time_or_null(last.end_time)},
          {"block_seconds", of.pace.known ? io::json(of.pace.block_seconds) : io::json(nullptr)},
          {"round_blocks", of.round_blocks},
          {"checkpoint_blocks", of.checkpoint_blocks},
          {"round_count", of.rounds.size()},
          {"start_sqrt_price_x96", to_string(of.start.sqrt_price_x96)},
          {"start_tick", of.start.tick},
          {"end_sqrt_price_x96", to_string(last.end.sqrt_price_x96)},
          {"end_tick", last.end.tick},
          {"notes", of.notes}};
}

io::json sum_of(const backtest_player_sum& x, bool staked) {
  io::json out{
    {"name", x.name},
    {"kind", x.is_plan ? "plan" : "strategy"},
    {"rank", x.rank == 0 ? io::json(nullptr) : io::json(x.rank)},
    {"start", {{"amount0", to_string(x.start.amount0)}, {"amount1", to_string(x.start.amount1)}}},
    {"rounds", x.scored},
    {"refused", x.refused},
    {"failed", x.failed},
    {"invalid", x.invalid},
    {"wins", x.wins},
    {"score_mean", x.score_mean},
    {"score_min", x.score_min},
    {"score_max", x.score_max},
    {"average", x.total.average}};
  out.update(total_of(x.total, staked));
  return out;
}

result<nothing> write_json(const backtest_report& of, const text_sink& to) {
  auto out = head_of(of);
  out["players"] = io::json::array();
  for (const auto* x : of.ranked())
    out["players"].push_back(sum_of(*x, of.staked));
  auto head = text_of(out, 2);
  head.resize(head.rfind('\n')); // the object goes on
  if (auto written = to(head + ",\n  \"rounds\": ["); !written)
    return written;
  bool first = true;
  for (const auto& x : of.rounds) {
    if (of.rounds.broken())
      return *of.rounds.broken();
    if (auto written = to((first ? "" : ",") + inside(text_of(round_of(x, of), 2))); !written)
      return written;
    first = false;
  }
  return to("\n  ]\n}\n");
}

std::string to_json(const backtest_report& of) {
  return gathered([&](const text_sink& to) { return write_json(of, to); });
}

std::string to_csv(const backtest_report& of) {
  return gathered([&](const text_sink& to) { return write_csv(of, to); });
}

result<nothing> write_csv(const backtest_report& of, const text_sink& to) {
  std::string out
    = "round,start_block,end_block,start_time,end_time,start_price,end_price,player,verdict,rank,"
      "score,average,initial_value,final_value,hodl_value,fees0,fees1,fees_value,impermanent_loss,"
      "net_pnl_vs_hodl,in_range_ratio,swaps,rebalances,invalid,total_value,total_hodl_value,"
      "total_fees_value,total_impermanent_loss,total_net_pnl_vs_hodl,rewards,total_rewards,note\n";
  const auto add = [&](std::string_view text) { out.append(text).append(","); };
  const auto number = [&](double x) { add(text_of(io::json(x), -1)); };
  const auto time = [&](uint64_t x) { add(x == 0 ? "" : time_text(x)); };
  if (auto written = to(out); !written)
    return written;
  for (const auto& round : of.rounds) {
    if (of.rounds.broken())
      return *of.rounds.broken();
    out.clear();
    for (size_t i = 0; i < round.cells.size(); ++i) {
      const auto& x = round.cells[i];
      const auto& m = x.metrics;
      for (const auto whole : {round.number.value, round.start_block, round.end_block})
        add(std::to_string(whole));
      time(round.start_time);
      time(round.end_time);
      number(whole_price(round.start.sqrt_price_x96, of.terms));
      number(whole_price(round.end.sqrt_price_x96, of.terms));
      add(csv_text(of.players[i].name));
      add(name_of(x.verdict));
      add(x.rank == 0 ? "" : std::to_string(x.rank));
      add(x.rank == 0 ? "" : text_of(io::json(x.score), -1));
      number(x.total.average);
      for (const auto* amount :
           {&m.initial_value, &m.final_value, &m.hodl_value, &m.fees0, &m.fees1, &m.fees_value})
        add(to_string(*amount));
      number(m.impermanent_loss);
      add(to_string(m.net_pnl_vs_hodl));
      number(m.in_range_ratio);
      for (const uint64_t whole : {m.swaps, uint64_t{m.rebalances}, uint64_t{x.invalid}})
        add(std::to_string(whole));
      for (const auto* amount : {&x.total.value, &x.total.hodl_value, &x.total.fees_value})
        add(to_string(*amount));
      number(x.total.impermanent_loss);
      add(to_string(x.total.net_pnl_vs_hodl));
      add(to_string(m.rewards));
      add(to_string(x.total.rewards));
      out += csv_text(x.note) + '\n';
    }
    if (auto written = to(out); !written)
      return written;
  }
  return nothing{};
}

} // namespace sluice::tools
