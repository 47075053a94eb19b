#include "tools/liquidity/backtest_rounds.hpp"

#include <cstring>
#include <type_traits>

namespace sluice::tools {

namespace {

struct packed_round {
  uint64_t number = 0;
  uint64_t start_block = 0;
  uint64_t end_block = 0;
  uint64_t start_time = 0;
  uint64_t end_time = 0;
  price_point start;
  price_point end;
};

/// Read by the process that wrote it, so it may lie there as in memory.
struct packed_cell {
  miner_verdict verdict = miner_verdict::scored;
  uint32_t invalid = 0;
  uint32_t rank = 0;
  double score = 0;
  plan_metrics metrics;
  backtest_total total;
  uint64_t note_at = 0; // in the notes
  uint64_t note_bytes = 0;
};
static_assert(std::is_trivially_copyable_v<packed_round>);
static_assert(std::is_trivially_copyable_v<packed_cell>);

template <class T>
std::string_view bytes_of(const T& x) {
  return {reinterpret_cast<const char*>(&x), sizeof x};
}

backtest_round unpacked_round(const packed_round& x) {
  return {{x.number}, x.start_block, x.end_block, x.start_time, x.end_time, x.start, x.end, {}};
}

} // namespace

uint64_t backtest_rounds::round_bytes() const {
  return sizeof(packed_round) + players_ * sizeof(packed_cell);
}

void backtest_rounds::count(const backtest_round& round) {
  last_ = {round.number,   round.start_block, round.end_block, round.start_time,
           round.end_time, round.start,       round.end,       {}};
  if (size_ == 0)
    first_ = last_;
  ++size_;
}

result<nothing> backtest_rounds::add(const backtest_round& round) {
  players_ = round.cells.size();
  std::string row{bytes_of(packed_round{round.number.value, round.start_block, round.end_block,
                                        round.start_time, round.end_time, round.start, round.end})};
  for (const auto& x : round.cells) {
    row += bytes_of(packed_cell{x.verdict, x.invalid, x.rank, x.score, x.metrics, x.total,
                                notes_.size(), x.note.size()});
    if (!x.note.empty())
      if (auto noted = notes_.append(x.note); !noted)
        return noted;
  }
  count(round);
  return rows_.append(row);
}

bool backtest_rounds::fetch(const io::spool& from, uint64_t at, std::span<char> into) const {
  auto got = from.read(at, into);
  if (!got && !broken_)
    broken_ = got.error();
  return static_cast<bool>(got);
}

backtest_cell backtest_rounds::unpacked(const char* bytes) const {
  packed_cell x;
  std::memcpy(&x, bytes, sizeof x);
  std::string note(x.note_bytes, '\0');
  if (!note.empty() && !fetch(notes_, x.note_at, note))
    note.clear();
  return {x.verdict, std::move(note), x.invalid, x.rank, x.score, x.metrics, x.total};
}

backtest_round backtest_rounds::operator[](size_t index) const {
  std::string row(round_bytes(), '\0');
  if (!fetch(rows_, index * round_bytes(), row))
    return {{}, 0, 0, 0, 0, {}, {}, std::vector<backtest_cell>(players_)};
  packed_round head;
  std::memcpy(&head, row.data(), sizeof head);
  auto round = unpacked_round(head);
  round.cells.reserve(players_);
  for (size_t i = 0; i < players_; ++i)
    round.cells.push_back(unpacked(row.data() + sizeof head + i * sizeof(packed_cell)));
  return round;
}

backtest_round backtest_rounds::head(size_t index) const {
  packed_round head;
  char bytes[sizeof head];
  if (fetch(rows_, index * round_bytes(), bytes))
    std::memcpy(&head, bytes, sizeof head);
  return unpacked_round(head);
}

backtest_cell backtest_rounds::cell(size_t index, size_t player) const {
  char bytes[sizeof(packed_cell)];
  const auto at = index * round_bytes() + sizeof(packed_round) + player * sizeof(packed_cell);
  return fetch(rows_, at, bytes) ? unpacked(bytes) : backtest_cell{};
}

} // namespace sluice::tools
