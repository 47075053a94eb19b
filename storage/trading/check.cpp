// The start-up check of A3.14.
#include "rules/trading/lot_faults.hpp"
#include "storage/trading/book_rows.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <set>
#include <utility>

namespace sluice::storage {

namespace {

constexpr size_t integrity_faults_max = 20;

class ledger_check {
public:
  ledger_check(const data_dir& disk, const ledger_setup& setup)
    : disk_(disk), setup_(setup), keys_(disk) {}

  result<integrity_report> run() {
    const auto layout = trading_schema();
    for (const auto& table : layout.tables) {
      const auto walked = disk_.node().scan(table.name, {}, [](auto, auto) { return true; });
      if (walked)
        ++out_.tables_verified;
      else
        add("table " + std::string{table.name} + ": " + walked.error().what);
    }
    const auto ids = all_book_ids(disk_);
    if (!ids)
      return ids.error();
    for (const auto& id : *ids)
      check_book(id);
    out_.miners_recovered = miners_.size();
    return std::move(out_);
  }

private:
  void add(std::string what) {
    ++out_.errors;
    if (out_.faults.size() < integrity_faults_max)
      out_.faults.push_back(std::move(what));
  }

  void check_book(const book_id& id) {
    const auto& coldkey = keys_.text_of(id.coldkey);
    const auto name = "book " + coldkey + " on netuid " + std::to_string(id.netuid) + ": ";
    const auto stored = read_book(disk_, id);
    if (!stored) {
      add(name + stored.error().what);
      return;
    }
    if (coldkey.starts_with('#'))
      add(name + "the text of its key is missing");
    const auto facts = facts_of(setup_.world, coldkey, id.netuid);
    const auto derived = derive_book(setup_.terms.ledger, facts, setup_.terms.now_us,
                                     stored->base ? &*stored->base : nullptr, stored->events);
    auto rows = rows_of_book(id, stored->events, derived, stored->base.has_value());
    const auto seen = write_book(disk_, id, std::move(rows), nullptr);
    if (!seen)
      add(name + seen.error().what);
    else if (seen->wrong() > 0)
      add(name + std::to_string(seen->wrong())
          + " rows are not what its events give; run `sluice trading rebuild`");
    for (const auto& x : lot_faults(derived.lots, derived.trades))
      add(name + x);
    ++out_.books_verified;
    out_.events_verified += stored->events.size();
    out_.positions_verified += derived.lots.size();
    out_.trades_verified += derived.trades.size();
    for (const auto& trade : derived.trades)
      out_.legs_verified += trade.legs.size();
    if (!facts.hotkey.empty())
      miners_.insert(facts.hotkey);
  }

  const data_dir& disk_;
  const ledger_setup& setup_;
  key_store keys_;
  integrity_report out_;
  std::set<std::string> miners_;
};

} // namespace

result<integrity_report> check_ledger(const data_dir& disk, const ledger_setup& setup) {
  return ledger_check{disk, setup}.run();
}

} // namespace sluice::storage
