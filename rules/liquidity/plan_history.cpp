#include "rules/liquidity/plan_history.hpp"

#include "rules/limits.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice {

namespace {

constexpr uint32_t tolerance = 50; // a 50th is 2 %

/// Was it there when the answers to the question after `block` had been carried out? What is there
/// at the end of the round has its last block as `to_block`.
bool held_after(uint64_t block, const position_breakdown& x, const round_span& round) {
  return x.from_block <= block && (x.to_block > block || x.to_block == round.end_block);
}

} // namespace

bool equal_plans(const plan_comparison& x) {
  return x.questions > 0 && uint64_t{x.equal} * 5 >= uint64_t{x.questions} * 4;
}

bool plan_history::equal(const plan_state& a, const plan_state& b) {
  return std::ranges::equal(a, b, [](const held_range& x, const held_range& y) {
    if (x.tick_lower != y.tick_lower || x.tick_upper != y.tick_upper)
      return false;
    return x.liquidity > y.liquidity ? x.liquidity - y.liquidity <= x.slack
                                     : y.liquidity - x.liquidity <= y.slack;
  });
}

/// Turns the plans of one round into states and runs of them.
class plan_history::round_builder {
public:
  round_builder(const round_span& span, std::span<const start_position> vault,
                std::span<const played_plan> plans)
    : span_(span) {
    plan_state own;
    for (const auto& x : vault)
      add(own, x.tick_lower, x.tick_upper, x.liquidity);
    (void)state_number(std::move(own));
    for (const auto& plan : plans)
      for (const auto& x : plan.questions)
        questions_.push_back(x.block);
    std::ranges::sort(questions_);
    questions_.erase(std::unique(questions_.begin(), questions_.end()), questions_.end());
  }

  played_miner miner_of(uint32_t slot, const played_plan& plan) {
    std::vector<uint64_t> asked;
    for (const auto& x : plan.questions)
      asked.push_back(x.block);
    std::ranges::sort(asked);
    played_miner made{slot, {}};
    for (size_t i = 0; i < questions_.size(); ++i) {
      uint32_t state = not_asked;
      if (std::ranges::binary_search(asked, questions_[i]))
        state = plan.outcome == nullptr ? 0 : state_after(questions_[i], *plan.outcome);
      if (made.runs.empty() || made.runs.back().state != state)
        made.runs.push_back({0, state});
      made.runs.back().until = static_cast<uint32_t>(i + 1);
    }
    return made;
  }

  std::vector<plan_state> take_states() {
    std::vector<plan_state> all(numbers_.size());
    for (const auto& [state, number] : numbers_)
      all[number] = state;
    return all;
  }

private:
  /// `to` stays sorted by range.
  static void add(plan_state& to, int32_t lower, int32_t upper, u128 liquidity) {
    const auto range = [](const held_range& x) { return std::pair{x.tick_lower, x.tick_upper}; };
    auto at = std::ranges::lower_bound(to, std::pair{lower, upper}, {}, range);
    if (at == to.end() || range(*at) != std::pair{lower, upper})
      at = to.insert(at, {lower, upper, 0, 0});
    const u128 left = u128_max - at->liquidity;
    at->liquidity += std::min(liquidity, left);
    at->slack = at->liquidity / tolerance;
  }

  uint32_t state_after(uint64_t question, const plan_outcome& outcome) {
    const auto block = std::max(question, span_.start_block); // an opening is asked before it
    plan_state held;
    for (const auto& x : outcome.positions)
      if (held_after(block, x, span_))
        add(held, x.tick_lower, x.tick_upper, x.liquidity);
    return state_number(std::move(held));
  }

  uint32_t state_number(plan_state state) {
    const auto next = static_cast<uint32_t>(numbers_.size());
    return numbers_.try_emplace(std::move(state), next).first->second;
  }

  round_span span_;
  std::vector<uint64_t> questions_; // of all miners, by block
  std::map<plan_state, uint32_t> numbers_;
};

plan_comparison
plan_history::compare(const round& x, const played_miner& a, const played_miner& b) {
  plan_comparison all;
  uint32_t at = 0;
  for (auto i = a.runs.begin(), k = b.runs.begin(); i != a.runs.end() && k != b.runs.end();) {
    const auto until = std::min(i->until, k->until);
    const bool own = i->state == 0 && k->state == 0;
    if (i->state != not_asked && k->state != not_asked && !own) {
      all.questions += until - at;
      if (i->state == k->state || equal(x.states[i->state], x.states[k->state]))
        all.equal += until - at;
    }
    at = until;
    const bool first_ends = i->until == until;
    if (k->until == until)
      ++k;
    if (first_ends)
      ++i;
  }
  return all;
}

size_t plan_history::pair_index(uint32_t a, uint32_t b) {
  const auto [low, high] = std::minmax(a, b);
  return static_cast<size_t>(high) * (high - size_t{1}) / 2 + low;
}

template <class Change>
void plan_history::change_totals(const round& x, Change change) {
  for (auto b = x.miners.begin(); b != x.miners.end(); ++b)
    for (auto a = x.miners.begin(); a != b; ++a) {
      const auto found = compare(x, *a, *b);
      auto& total = totals_[pair_index(a->slot, b->slot)];
      change(total.questions, found.questions);
      change(total.equal, found.equal);
    }
}

std::optional<uint32_t> plan_history::take_slot(const hotkey& key) {
  if (const auto known = slots_.find(key); known != slots_.end()) {
    ++known->second.rounds;
    return known->second.index;
  }
  auto index = static_cast<uint32_t>(slots_.size());
  if (!free_slots_.empty()) {
    index = free_slots_.back();
    free_slots_.pop_back();
  } else if (index >= limits::miners_max) {
    return std::nullopt;
  } else {
    totals_.resize(static_cast<size_t>(index) * (index + size_t{1}) / 2);
  }
  slots_[key] = {index, 1};
  keys_[index] = key;
  return index;
}

void plan_history::drop_oldest() {
  const auto oldest = std::move(rounds_.front());
  rounds_.pop_front();
  change_totals(oldest, [](uint32_t& total, uint32_t x) { total -= x; });
  for (const auto& x : oldest.miners) {
    const auto key = keys_.find(x.slot);
    const auto entry = slots_.find(key->second);
    if (--entry->second.rounds > 0)
      continue;
    slots_.erase(entry);
    keys_.erase(key);
    free_slots_.push_back(x.slot);
  }
}

void plan_history::absorb(const round_span& span, std::span<const start_position> vault,
                          std::span<const played_plan> plans) {
  if (rounds_.size() == activity_rounds)
    drop_oldest();
  round_builder builder{span, vault, plans};
  std::map<hotkey, const played_plan*> by_key; // the order of the plans decides nothing
  for (const auto& x : plans)
    if (x.verdict != miner_verdict::refused)
      by_key.try_emplace(x.key, &x);
  round made;
  for (const auto& [key, plan] : by_key)
    if (const auto slot = take_slot(key))
      made.miners.push_back(builder.miner_of(*slot, *plan));
  made.states = builder.take_states();
  change_totals(made, [](uint32_t& total, uint32_t x) { total += x; });
  rounds_.push_back(std::move(made));
}

std::optional<uint32_t> plan_history::find(const hotkey& key) const {
  const auto known = slots_.find(key);
  return known == slots_.end() ? std::nullopt : std::optional{known->second.index};
}

plan_comparison plan_history::compare(std::optional<uint32_t> a, std::optional<uint32_t> b) const {
  return a && b && a != b ? totals_[pair_index(*a, *b)] : plan_comparison{};
}

/// How a group used one range in one round.
struct plan_history::range_use {
  uint32_t holders = 0;
  uint32_t first = not_asked; // question after which somebody held it
  uint32_t firsts = 0;        // how many held it after that one
  size_t leader = 0;          // one of them
  uint64_t held = 0;          // questions, all members added up
};

void plan_history::add_use(const round& x, const played_miner& who, size_t member,
                           range_uses& uses) {
  std::set<std::pair<int32_t, int32_t>> seen;
  uint32_t at = 0;
  for (const auto& run : who.runs) {
    const auto from = std::exchange(at, run.until);
    if (run.state == not_asked)
      continue;
    for (const auto& range : x.states[run.state]) {
      auto& use = uses[{range.tick_lower, range.tick_upper}];
      use.held += run.until - from;
      if (!seen.insert({range.tick_lower, range.tick_upper}).second)
        continue;
      ++use.holders;
      if (from < use.first)
        use.firsts = 0;
      if (from <= use.first) {
        use.first = from;
        use.leader = member;
        ++use.firsts;
      }
    }
  }
}

plan_leads plan_history::leads(std::span<const hotkey> group) const {
  plan_leads all{std::vector<uint32_t>(group.size()), 0};
  std::map<uint32_t, size_t> members; // by slot
  for (size_t i = 0; i < group.size(); ++i)
    if (const auto slot = find(group[i]))
      members.try_emplace(*slot, i);
  for (const auto& x : rounds_) {
    range_uses uses;
    for (const auto& miner : x.miners)
      if (const auto member = members.find(miner.slot); member != members.end())
        add_use(x, miner, member->second, uses);
    for (const auto& range : x.states.front())
      uses.erase({range.tick_lower, range.tick_upper});
    const range_use* main = nullptr;
    for (const auto& [range, use] : uses)
      if (use.holders > 1
          && (main == nullptr || use.held > main->held
              || (use.held == main->held && use.first < main->first)))
        main = &use;
    if (main == nullptr)
      continue;
    ++all.rounds;
    if (main->firsts == 1)
      ++all.led[main->leader];
  }
  return all;
}

} // namespace sluice
