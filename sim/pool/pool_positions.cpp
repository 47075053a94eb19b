#include "sim/pool/pool_positions.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sluice {

namespace {

constexpr size_t slots_min = 16;

/// Each word is mixed by an odd factor and a shift (the finisher of splitmix64).
uint64_t hash(const position_key& key) {
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

} // namespace

size_t pool_positions::slot_of(const position_key& key) const {
  size_t mask = slots_.size() - 1;
  size_t slot = hash(key) & mask;
  while (slots_[slot] != 0 && keys_[slots_[slot] - 1] != key)
    slot = (slot + 1) & mask;
  return slot;
}

void pool_positions::rehash(size_t slots) {
  slots_.assign(slots, 0);
  for (size_t i = 0; i < keys_.size(); ++i)
    slots_[slot_of(keys_[i])] = static_cast<uint32_t>(i + 1);
}

const position_info* pool_positions::find(const position_key& key) const {
  if (slots_.empty())
    return nullptr;
  uint32_t index = slots_[slot_of(key)];
  return index == 0 ? nullptr : &infos_[index - 1];
}

position_info* pool_positions::find(const position_key& key) {
  return const_cast<position_info*>(std::as_const(*this).find(key));
}

void pool_positions::put(const position_key& key, const position_info& info) {
  if (auto* known = find(key)) {
    *known = info;
    return;
  }
  if (2 * (keys_.size() + 1) > slots_.size())
    rehash(std::max(slots_min, 2 * slots_.size()));
  slots_[slot_of(key)] = static_cast<uint32_t>(keys_.size() + 1);
  keys_.push_back(key);
  infos_.push_back(info);
}

void pool_positions::reserve(size_t count) {
  keys_.reserve(count);
  infos_.reserve(count);
  if (2 * count > slots_.size())
    rehash(std::bit_ceil(std::max(slots_min, 2 * count)));
}

std::vector<std::pair<position_key, position_info>> pool_positions::sorted() const {
  std::vector<std::pair<position_key, position_info>> all;
  all.reserve(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i)
    all.emplace_back(keys_[i], infos_[i]);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

bool pool_positions::operator==(const pool_positions& other) const {
  if (size() != other.size())
    return false;
  for (size_t i = 0; i < keys_.size(); ++i) {
    const auto* twin = other.find(keys_[i]);
    if (twin == nullptr || !(*twin == infos_[i]))
      return false;
  }
  return true;
}

} // namespace sluice
