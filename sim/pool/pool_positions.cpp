#include "sim/pool/pool_positions.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace sluice {

namespace {

constexpr unsigned digit_bits = 4; // of the hash, per level
constexpr size_t branches = size_t{1} << digit_bits;
constexpr unsigned depth_max = 64 / digit_bits; // below, the hash has no more digits
constexpr size_t leaf_max = 8;                  // positions; more are divided among branches
constexpr size_t gather_max = 4;                // so few come back into one leaf

/// Each word is mixed by an odd factor and a shift (the finisher of splitmix64).
uint64_t hash_of(const position_key& key) {
  uint64_t words[4] = {};
  std::memcpy(words, key.owner.data(), key.owner.size());
  words[3]
    = uint64_t{static_cast<uint32_t>(key.tick_lower)} << 32 | static_cast<uint32_t>(key.tick_upper);
  uint64_t h = 0;
  for (uint64_t word : words) {
    h = (h ^ word) * 0xbf58476d1ce4e5b9U;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebU;
    h ^= h >> 31;
  }
  return h;
}

size_t branch_of(uint64_t hash, unsigned depth) {
  return (hash >> (digit_bits * depth)) % branches;
}

auto entry_of(auto& entries, const position_key& key) {
  return std::ranges::find_if(entries, [&key](const auto& x) { return x.key == key; });
}

} // namespace

/// A leaf has entries, a branch has links; never both.
struct pool_positions::node {
  mutable std::atomic<uint32_t> uses{1};
  uint32_t size = 0; // positions here and below
  std::vector<entry> entries;
  std::vector<link> below; // none, or as many as there are branches

  node() = default;
  node(const node& other) : size(other.size), entries(other.entries), below(other.below) {}
  node& operator=(const node&) = delete;
};

pool_positions::link::link(const link& other) : to_(other.to_) {
  if (to_ != nullptr)
    to_->uses.fetch_add(1, std::memory_order_relaxed);
}

pool_positions::link::~link() {
  // Whoever ends the last use, or goes on alone (own), has seen all that others did with it.
  if (to_ != nullptr && to_->uses.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete to_;
}

pool_positions::node& pool_positions::link::own() {
  if (to_ == nullptr)
    to_ = new node;
  else if (to_->uses.load(std::memory_order_acquire) != 1)
    *this = link(new node(*to_));
  return *to_;
}

size_t pool_positions::size() const {
  return root_ ? root_->size : 0;
}

const position_info* pool_positions::find(const position_key& key) const {
  const uint64_t hash = hash_of(key);
  const link* at = &root_;
  for (unsigned depth = 0; *at; ++depth) {
    const node& here = **at;
    if (here.below.empty()) {
      const auto found = entry_of(here.entries, key);
      return found == here.entries.end() ? nullptr : &found->info;
    }
    at = &here.below[branch_of(hash, depth)];
  }
  return nullptr;
}

void pool_positions::put(const position_key& key, const position_info& info) {
  put_into(root_, 0, hash_of(key), key, info);
}

/// True when there was none.
bool pool_positions::put_into(link& at, unsigned depth, uint64_t hash, const position_key& key,
                              const position_info& info) {
  node& here = at.own();
  if (!here.below.empty()) {
    const bool added = put_into(here.below[branch_of(hash, depth)], depth + 1, hash, key, info);
    here.size += added ? 1 : 0;
    return added;
  }
  if (const auto found = entry_of(here.entries, key); found != here.entries.end()) {
    found->info = info;
    return false;
  }
  here.entries.push_back({key, info});
  ++here.size;
  if (here.size > leaf_max && depth < depth_max)
    split(here, depth);
  return true;
}

void pool_positions::split(node& leaf, unsigned depth) {
  leaf.below.resize(branches);
  for (const auto& [key, info] : leaf.entries) {
    const uint64_t hash = hash_of(key);
    put_into(leaf.below[branch_of(hash, depth)], depth + 1, hash, key, info);
  }
  leaf.entries = {};
}

bool pool_positions::erase(const position_key& key) {
  if (find(key) == nullptr)
    return false;
  erase_from(root_, 0, hash_of(key), key);
  if (root_->size == 0)
    root_ = {};
  return true;
}

/// It is there.
void pool_positions::erase_from(link& at, unsigned depth, uint64_t hash, const position_key& key) {
  node& here = at.own();
  --here.size;
  if (here.below.empty()) {
    here.entries.erase(entry_of(here.entries, key));
    return;
  }
  link& next = here.below[branch_of(hash, depth)];
  erase_from(next, depth + 1, hash, key);
  if (next->size == 0)
    next = {};
  if (here.size <= gather_max)
    gather(here);
}

void pool_positions::gather(node& branch) {
  std::vector<entry> entries;
  entries.reserve(branch.size);
  for (const auto& next : branch.below)
    visit_below(next, &entries, [](void* to, const position_key& key, const position_info& info) {
      static_cast<std::vector<entry>*>(to)->push_back({key, info});
    });
  branch.below = {};
  branch.entries = std::move(entries);
}

void pool_positions::visit_below(const link& at, void* with, seen see) {
  if (!at)
    return;
  for (const auto& [key, info] : at->entries)
    see(with, key, info);
  for (const auto& next : at->below)
    visit_below(next, with, see);
}

std::vector<std::pair<position_key, position_info>> pool_positions::sorted() const {
  std::vector<std::pair<position_key, position_info>> all;
  all.reserve(size());
  for_each(
    [&all](const position_key& key, const position_info& info) { all.emplace_back(key, info); });
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

size_t pool_positions::memory() const {
  return memory_below(root_);
}

size_t pool_positions::memory_below(const link& at) {
  if (!at)
    return 0;
  size_t sum
    = sizeof(node) + at->entries.capacity() * sizeof(entry) + at->below.capacity() * sizeof(link);
  for (const auto& next : at->below)
    sum += memory_below(next);
  return sum;
}

bool pool_positions::operator==(const pool_positions& other) const {
  if (root_ == other.root_)
    return true;
  bool same = size() == other.size();
  if (same)
    for_each([&](const position_key& key, const position_info& info) {
      const auto* twin = other.find(key);
      same = same && twin != nullptr && *twin == info;
    });
  return same;
}

} // namespace sluice
