/// The same ledger on SQLite, as one would write it: keys are numbers, prepared statements, an
/// index for every look-up, a partial one for open lots, a large cache, and checkpoints of the log
/// only every 20,000 pages.
#pragma once

#include "rules/trading/ledger.hpp"
#include "rules/trading/score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sqlite3.h>
#include <string>
#include <vector>

namespace sluice::bench {

/// What the three queries give of one miner.
struct sqlite_miner {
  std::string coldkey;
  uint64_t trades = 0;
  uint64_t legs = 0;
  uint64_t won = 0;
  int64_t volume = 0;
  int64_t pnl = 0;
  uint64_t open = 0;
  int64_t remaining = 0;
  double score = 0;
};

class sqlite_ledger {
public:
  explicit sqlite_ledger(const std::filesystem::path& file) {
    check(sqlite3_open(file.c_str(), &db_));
    run(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144; PRAGMA "
      "wal_autocheckpoint=20000;"
      "PRAGMA temp_store=MEMORY;"
      "CREATE TABLE keys(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
      "CREATE TABLE events(id INTEGER PRIMARY KEY, extrinsic TEXT NOT NULL, coldkey INTEGER NOT "
      "NULL,"
      " netuid INTEGER NOT NULL, action INTEGER NOT NULL, hotkey INTEGER NOT NULL, time_us INTEGER "
      "NOT NULL,"
      " block INTEGER NOT NULL, tao INTEGER NOT NULL, alpha INTEGER NOT NULL,"
      " UNIQUE(extrinsic, coldkey, netuid, action, hotkey, tao, alpha));"
      "CREATE TABLE lots(id INTEGER PRIMARY KEY, coldkey INTEGER NOT NULL, netuid INTEGER NOT NULL,"
      " event INTEGER NOT NULL, entry_us INTEGER NOT NULL, block INTEGER NOT NULL, tao INTEGER NOT "
      "NULL,"
      " alpha INTEGER NOT NULL, rest INTEGER NOT NULL, cost_sold INTEGER NOT NULL, scored_pnl "
      "INTEGER NOT NULL,"
      " closed_us INTEGER);"
      "CREATE INDEX open_lots ON lots(coldkey, netuid, entry_us, id) WHERE rest > 0;"
      "CREATE INDEX closed_lots ON lots(closed_us, coldkey, scored_pnl) WHERE closed_us IS NOT "
      "NULL;"
      "CREATE INDEX lots_of ON lots(coldkey, netuid);"
      "CREATE TABLE trades(id INTEGER PRIMARY KEY, coldkey INTEGER NOT NULL, netuid INTEGER NOT "
      "NULL,"
      " event INTEGER NOT NULL, unmatched INTEGER NOT NULL);"
      "CREATE INDEX trades_of ON trades(coldkey, netuid);"
      "CREATE TABLE legs(trade INTEGER NOT NULL, lot INTEGER NOT NULL, coldkey INTEGER NOT NULL,"
      " alpha INTEGER NOT NULL, tao INTEGER NOT NULL, cost INTEGER NOT NULL, duration INTEGER NOT "
      "NULL,"
      " met INTEGER NOT NULL, won INTEGER NOT NULL, PRIMARY KEY(trade, lot)) WITHOUT ROWID;"
      "CREATE INDEX legs_of ON legs(coldkey);");
    add_key_ = prepare("INSERT INTO keys(text) VALUES(?)");
    add_event_
      = prepare("INSERT OR IGNORE INTO events(extrinsic, coldkey, netuid, action, hotkey, time_us,"
                " block, tao, alpha) VALUES(?,?,?,?,?,?,?,?,?)");
    add_lot_ = prepare(
      "INSERT INTO lots(coldkey, netuid, event, entry_us, block, tao, alpha, rest, cost_sold,"
      " scored_pnl) VALUES(?,?,?,?,?,?,?,?,0,0)");
    open_lots_ = prepare("SELECT id, entry_us, block, tao, alpha, rest, cost_sold, scored_pnl FROM "
                         "lots INDEXED BY open_lots"
                         " WHERE coldkey=? AND netuid=? AND rest>0 ORDER BY entry_us, id");
    set_lot_ = prepare("UPDATE lots SET rest=?, cost_sold=?, scored_pnl=?, closed_us=? WHERE id=?");
    add_trade_ = prepare("INSERT INTO trades(coldkey, netuid, event, unmatched) VALUES(?,?,?,?)");
    set_unmatched_ = prepare("UPDATE trades SET unmatched=? WHERE id=?");
    add_leg_ = prepare("INSERT INTO legs VALUES(?,?,?,?,?,?,?,?,?)");
  }
  sqlite_ledger(const sqlite_ledger&) = delete;
  sqlite_ledger& operator=(const sqlite_ledger&) = delete;
  ~sqlite_ledger() {
    for (auto* x : all_)
      sqlite3_finalize(x);
    sqlite3_close(db_);
  }

  /// In the order given, one transaction per 1,000 events.
  void import(const std::vector<trading_event>& events) {
    constexpr size_t per_transaction = 1000;
    for (size_t i = 0; i < events.size(); ++i) {
      if (i % per_transaction == 0)
        run(i == 0 ? "BEGIN" : "COMMIT; BEGIN");
      apply(events[i]);
    }
    run("COMMIT");
  }

  /// Three queries: legs and trades, positions, and what was closed by date.
  std::vector<sqlite_miner> report(int64_t now_us) {
    std::map<int64_t, sqlite_miner> miners;
    each("SELECT l.coldkey, k.text, COUNT(*), SUM(met*(tao-cost)), SUM(met*won),"
         " (SELECT COUNT(*) FROM trades t WHERE t.coldkey=l.coldkey)"
         " FROM legs l JOIN keys k ON k.id=l.coldkey GROUP BY l.coldkey",
         [&](sqlite3_stmt* row) {
           auto& x = miners[sqlite3_column_int64(row, 0)];
           x.coldkey = reinterpret_cast<const char*>(sqlite3_column_text(row, 1));
           x.legs = static_cast<uint64_t>(sqlite3_column_int64(row, 2));
           x.pnl = sqlite3_column_int64(row, 3);
           x.won = static_cast<uint64_t>(sqlite3_column_int64(row, 4));
           x.trades = static_cast<uint64_t>(sqlite3_column_int64(row, 5));
         });
    each("SELECT coldkey, k.text, SUM(tao), SUM(rest), SUM(rest>0) FROM lots JOIN keys k ON "
         "k.id=coldkey"
         " GROUP BY coldkey",
         [&](sqlite3_stmt* row) {
           auto& x = miners[sqlite3_column_int64(row, 0)];
           x.coldkey = reinterpret_cast<const char*>(sqlite3_column_text(row, 1));
           x.volume = sqlite3_column_int64(row, 2);
           x.remaining = sqlite3_column_int64(row, 3);
           x.open = static_cast<uint64_t>(sqlite3_column_int64(row, 4));
         });
    const int64_t today = utc_day(now_us);
    std::map<int64_t, std::pair<double, int>> sums; // weighted, dates
    each(
      "SELECT coldkey, closed_us/86400000000 AS day, SUM(scored_pnl) FROM lots WHERE closed_us >= "
        + std::to_string((today - 21) * us_per_day) + " GROUP BY coldkey, day",
      [&](sqlite3_stmt* row) {
        auto& [sum, dates] = sums[sqlite3_column_int64(row, 0)];
        const auto age = std::max<int64_t>(0, today - sqlite3_column_int64(row, 1));
        sum += static_cast<double>(sqlite3_column_int64(row, 2)) / 1e9
               * day_weight(static_cast<double>(age));
        ++dates;
      });
    std::vector<sqlite_miner> out;
    for (auto& [id, x] : miners) {
      if (const auto sum = sums.find(id); sum != sums.end())
        x.score = sum->second.first / sum->second.second;
      out.push_back(x);
    }
    return out;
  }

private:
  struct open_lot {
    int64_t id, entry_us, block, tao, alpha, rest, cost_sold, scored_pnl;
  };

  void check(int rc) {
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
      return;
    std::fprintf(stderr, "ledger_bench: SQLite: %s\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* x = nullptr;
    check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &x, nullptr));
    all_.push_back(x);
    return x;
  }
  template <class F>
  void each(const std::string& sql, F f) {
    sqlite3_stmt* x = nullptr;
    check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &x, nullptr));
    while (sqlite3_step(x) == SQLITE_ROW)
      f(x);
    check(sqlite3_finalize(x));
  }
  template <class... Ts>
  void step(sqlite3_stmt* x, const Ts&... values) {
    int i = 0;
    (check(sqlite3_bind_int64(x, ++i, static_cast<int64_t>(values))), ...);
    check(sqlite3_step(x));
    check(sqlite3_reset(x));
  }

  int64_t key_id(const std::string& key) {
    const auto [at, added] = keys_.try_emplace(key, 0);
    if (added) {
      check(
        sqlite3_bind_text(add_key_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC));
      check(sqlite3_step(add_key_));
      check(sqlite3_reset(add_key_));
      at->second = sqlite3_last_insert_rowid(db_);
    }
    return at->second;
  }

  void apply(const trading_event& x) {
    const auto coldkey = key_id(x.coldkey);
    const auto hotkey = key_id(x.hotkey);
    auto* add = add_event_;
    check(sqlite3_bind_text(add, 1, x.extrinsic.data(), static_cast<int>(x.extrinsic.size()),
                            SQLITE_STATIC));
    const int64_t values[] = {coldkey, x.netuid,  static_cast<int64_t>(x.action),
                              hotkey,  x.time_us, static_cast<int64_t>(x.block),
                              x.tao,   x.alpha};
    for (int i = 0; i < 8; ++i)
      check(sqlite3_bind_int64(add, i + 2, values[i]));
    check(sqlite3_step(add));
    check(sqlite3_reset(add));
    if (sqlite3_changes(db_) == 0)
      return;
    const auto event = sqlite3_last_insert_rowid(db_);
    if (x.action == stake_action::stake)
      step(add_lot_, coldkey, x.netuid, event, x.time_us, x.block, x.tao, x.alpha, x.alpha);
    else
      close(x, coldkey, event);
  }

  /// Reads the lots that it needs, then writes: a statement is not walked over rows that change.
  void close(const trading_event& x, int64_t coldkey, int64_t event) {
    std::vector<open_lot> lots;
    check(sqlite3_bind_int64(open_lots_, 1, coldkey));
    check(sqlite3_bind_int64(open_lots_, 2, x.netuid));
    int64_t found = 0;
    while (found < x.alpha && sqlite3_step(open_lots_) == SQLITE_ROW) {
      const auto at = [this](int i) { return sqlite3_column_int64(open_lots_, i); };
      lots.push_back({at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)});
      found += lots.back().rest;
    }
    check(sqlite3_reset(open_lots_));
    if (lots.empty())
      return;
    int64_t left = x.alpha;
    int64_t given = 0;
    step(add_trade_, coldkey, x.netuid, event, 0);
    const auto trade = sqlite3_last_insert_rowid(db_);
    const lot_terms terms;
    for (auto& lot : lots) {
      if (left == 0)
        break;
      const int64_t alpha = std::min(lot.rest, left);
      left -= alpha;
      const auto tao_so_far = static_cast<int64_t>(i128{x.tao} * (x.alpha - left) / x.alpha);
      const auto cost_so_far
        = static_cast<int64_t>(i128{lot.tao} * (lot.alpha - lot.rest + alpha) / lot.alpha);
      const int64_t tao = tao_so_far - given;
      const int64_t cost = cost_so_far - lot.cost_sold;
      given = tao_so_far;
      const bool met
        = static_cast<int64_t>(x.block) - lot.block >= static_cast<int64_t>(terms.min_hold_blocks);
      const bool won = i128{x.tao} * lot.alpha > i128{lot.tao} * x.alpha;
      lot.rest -= alpha;
      const bool closed = lot.rest <= terms.dust_units;
      step(add_leg_, trade, lot.id, coldkey, alpha, tao, cost,
           (x.time_us - lot.entry_us) / us_per_second, met, won);
      check(sqlite3_bind_int64(set_lot_, 1, closed ? 0 : lot.rest));
      check(sqlite3_bind_int64(set_lot_, 2, cost_so_far));
      check(sqlite3_bind_int64(set_lot_, 3, lot.scored_pnl + (met ? tao - cost : 0)));
      check(closed ? sqlite3_bind_int64(set_lot_, 4, x.time_us) : sqlite3_bind_null(set_lot_, 4));
      check(sqlite3_bind_int64(set_lot_, 5, lot.id));
      check(sqlite3_step(set_lot_));
      check(sqlite3_reset(set_lot_));
    }
    if (left > 0)
      step(set_unmatched_, left, trade);
  }

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> all_;
  std::map<std::string, int64_t> keys_;
  sqlite3_stmt* add_key_ = nullptr;
  sqlite3_stmt* add_event_ = nullptr;
  sqlite3_stmt* add_lot_ = nullptr;
  sqlite3_stmt* open_lots_ = nullptr;
  sqlite3_stmt* set_lot_ = nullptr;
  sqlite3_stmt* add_trade_ = nullptr;
  sqlite3_stmt* set_unmatched_ = nullptr;
  sqlite3_stmt* add_leg_ = nullptr;
};

} // namespace sluice::bench
