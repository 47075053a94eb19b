#include "io/trading/event_file.hpp"
#include "io/trading/world_file.hpp"
#include "rules/trading/event_merge.hpp"
#include "rules/trading/exact_leg.hpp"
#include "rules/trading/ledger.hpp"
#include "rules/trading/stats.hpp"
#include "rules/weights/pipeline.hpp"
#include "tests/vectors/examples.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace sluice::vectors {

namespace {

/// Legs and positions are listed while there are so few events.
constexpr uint64_t listed_events_max = 400;

template <class T>
T value_of(result<T> x) {
  if (!x)
    throw std::runtime_error(x.error().what);
  return *std::move(x);
}

/// A whole number as it is, or as a double where JSON's integers end.
json number_of(i128 x) {
  if (x >= INT64_MIN && x <= INT64_MAX)
    return static_cast<int64_t>(x);
  return static_cast<double>(x);
}

/// One case: files in, the ledger in memory, and everything that is expected of it.
class trading_case {
public:
  explicit trading_case(const std::filesystem::path& folder)
    : world_(value_of(io::read_world_file((folder / "input-world.jsonl").string()))) {
    const auto mapping = world_.mapping.value_or(tao_mapping::in_is_tao);
    read(folder / "input-taostats.jsonl", {io::event_row_form::taostats, mapping});
    read(folder / "input-taoapp.jsonl", {io::event_row_form::taoapp, mapping});
    derive();
  }

  json expected() const {
    const auto miners
      = performance_of(world_.world, trading_score_terms{}, world_.now_us.value_or(0), books_);
    json out{{"events", counts()},
             {"miners", miners_of(miners)},
             {"publish", publish_of(miners)},
             {"legacy_minmax", minmax_of(miners)}};
    if (rows_.rows <= listed_events_max) {
      out["legs"] = legs();
      out["positions"] = positions();
    }
    return out;
  }

private:
  struct own_book {
    book_id id;
    derived_book rows;
  };

  void read(const std::filesystem::path& file, const io::event_row_options& options) {
    if (!std::filesystem::exists(file))
      return;
    auto rows = value_of(io::event_file::open(file.string(), options, false));
    while (value_of(rows.read(events_, SIZE_MAX)))
      ;
    rows_.add(rows.counts());
  }

  uint64_t number_of_key(const std::string& key) {
    const auto number = key_number(key);
    keys_[number] = key;
    return number;
  }

  void derive() {
    std::map<book_id, std::vector<book_event>> by_book;
    for (const auto& x : events_)
      by_book[{number_of_key(x.coldkey), x.netuid}].push_back({x.time_us, x.block, x.tao, x.alpha,
                                                               x.fee, number_of_key(x.hotkey), 0,
                                                               x.action, x.extrinsic});
    const key_texts texts = [this](uint64_t number) { return std::string_view{keys_.at(number)}; };
    for (auto& [id, events] : by_book) {
      const auto merged = merge_events({}, std::move(events), texts);
      duplicates_ += merged.duplicates;
      auto rows = derive_book({}, facts_of(world_.world, keys_.at(id.coldkey), id.netuid),
                              world_.now_us.value_or(0), nullptr, merged.events);
      books_.push_back({id, rows.facts, rows.totals, rows.days, rows.outcomes});
      rows_by_book_.push_back({id, std::move(rows)});
    }
  }

  json counts() const {
    json rejected = json::object();
    for (size_t i = 1; i < row_rejections; ++i)
      if (rows_.rejected.at(i) > 0)
        rejected[std::string{name_of(static_cast<row_rejection>(i))}] = rows_.rejected.at(i);
    json out{{"rows", rows_.rows}, {"duplicate", duplicates_}, {"rejected", rejected}};
    for (size_t i = 0; i < event_outcomes; ++i) {
      uint64_t count = 0;
      for (const auto& book : books_)
        count += book.outcomes.at(i);
      out[std::string{name_of(static_cast<event_outcome>(i))}] = count;
    }
    return out;
  }

  static json miners_of(const std::vector<miner_performance>& miners) {
    json out = json::array();
    for (const auto& x : miners) {
      const auto& t = x.totals;
      json one{{"hotkey", x.hotkey},
               {"coldkey", x.coldkey},
               {"uid", nullptr},
               {"is_registered", x.is_registered},
               {"status", name_of(x.status)},
               {"total_trades", t.trades},
               {"legs", t.legs},
               {"scored_legs", t.scored_legs},
               {"positions", {{"open", t.open}, {"partial", t.partial}, {"closed", t.closed}}},
               {"current_positions", x.current_positions},
               {"volume_tao_rao", number_of(t.volume_tao)},
               {"volume_alpha_rao", number_of(t.volume_alpha)},
               {"remaining_alpha_rao", number_of(t.remaining_alpha)},
               {"unmatched_alpha_rao", number_of(t.unmatched_alpha)},
               {"ignored_unstakes", t.ignored_unstakes},
               {"pnl_rao", number_of(t.scored_pnl)},
               {"real_pnl_rao", number_of(t.real_pnl)},
               {"roi_pct", x.avg_roi},
               {"win_rate_pct", x.win_rate},
               {"avg_duration_s", x.avg_duration_s},
               {"score", x.score.score},
               {"weight", x.weight}};
      if (x.uid)
        one["uid"] = *x.uid;
      out.push_back(std::move(one));
    }
    return out;
  }

  static json publish_of(const std::vector<miner_performance>& miners) {
    weight_vector weights;
    for (const auto& x : miners)
      if (x.uid && x.weight > 0)
        weights[{*x.uid}] = x.weight;
    json uids = json::array();
    json values = json::array();
    for (const auto& [uid, value] : quantise(weights)) {
      uids.push_back(uid);
      values.push_back(value);
    }
    return {{"action", uids.empty() ? "skip" : "set"}, {"uids", uids}, {"weights", values}};
  }

  static json minmax_of(const std::vector<miner_performance>& miners) {
    trading_score_terms terms;
    terms.policy = weight_policy::legacy_minmax;
    const auto weights = trading_weights_of(terms, miners);
    json out = json::object();
    for (size_t i = 0; i < weights.uids.size(); ++i)
      out[std::to_string(weights.uids[i])] = weights.weights[i];
    return out;
  }

  json legs() const {
    struct place {
      const own_book* book;
      const trading_trade* trade;
    };
    std::vector<place> trades;
    for (const auto& book : rows_by_book_)
      for (const auto& trade : book.rows.trades)
        trades.push_back({&book, &trade});
    std::sort(trades.begin(), trades.end(), [this](const place& a, const place& b) {
      const auto order = [this](const place& x) {
        return std::tuple{x.trade->exit_us,
                          std::string_view{x.trade->extrinsic},
                          std::string_view{keys_.at(x.trade->hotkey)},
                          x.trade->tao,
                          x.trade->alpha,
                          x.book->id};
      };
      return order(a) < order(b);
    });
    json out = json::array();
    for (const auto& [book, trade] : trades)
      for (const auto& leg : trade->legs) {
        const auto& lot = book->rows.lots.at(leg.lot);
        const auto exact = exact_leg_of(lot, *trade, leg);
        out.push_back({{"hotkey", book->rows.facts.hotkey},
                       {"netuid", book->id.netuid},
                       {"lot", lot.extrinsic},
                       {"trade", trade->extrinsic},
                       {"alpha_rao", leg.alpha},
                       {"tao_rao", exact.tao},
                       {"cost_rao", exact.cost},
                       {"pnl_rao", exact.pnl},
                       {"duration_s", leg.duration_s},
                       {"min_blocks_met", leg.min_blocks_met}});
      }
    return out;
  }

  json positions() const {
    std::vector<const own_book*> books;
    for (const auto& book : rows_by_book_)
      books.push_back(&book);
    std::sort(books.begin(), books.end(), [](const auto* a, const auto* b) {
      return std::tie(a->rows.facts.hotkey, a->id.netuid)
             < std::tie(b->rows.facts.hotkey, b->id.netuid);
    });
    json out = json::array();
    for (const auto* book : books)
      for (const auto& lot : book->rows.lots) {
        json one{{"hotkey", book->rows.facts.hotkey},
                 {"netuid", book->id.netuid},
                 {"lot", lot.extrinsic},
                 {"status", name_of(status_of(lot))},
                 {"remaining_alpha_rao", lot.rest},
                 {"closed_at", nullptr}};
        if (lot.closed_us != not_closed)
          one["closed_at"] = io::iso_time(lot.closed_us);
        out.push_back(std::move(one));
      }
    return out;
  }

  io::world_file world_;
  std::vector<trading_event> events_;
  io::event_file_counts rows_;
  uint64_t duplicates_ = 0;
  std::map<uint64_t, std::string> keys_;
  std::vector<book_summary> books_;
  std::vector<own_book> rows_by_book_;
};

} // namespace

void add_trading_cases(case_readers& all) {
  all["trading"]
    = [](const std::filesystem::path& folder) { return trading_case{folder}.expected(); };
}

} // namespace sluice::vectors
