/// The positions of a pool, found by key; copies share what they have in common.
#pragma once

#include "sim/pool/pool_types.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace sluice {

/// A persistent hash trie: a copy is one pointer, and a change copies the few nodes on its way that
/// others use as well. Like the contract's mapping it keeps what was burned and collected until
/// `erase`. Different tables may be used by different threads, whatever they share. Nothing fails
/// but for want of memory (std::bad_alloc).
class pool_positions {
public:
  /// Positions, below 2^32; collected and burned ones stay.
  size_t size() const;
  /// Null when there is none; valid until the next `put` or `erase`.
  const position_info* find(const position_key& key) const;
  /// Inserts or overwrites.
  void put(const position_key& key, const position_info& info);
  /// False when there is none.
  bool erase(const position_key& key);
  /// All of them as `see(key, info)`, in no particular order.
  template <class See>
  void for_each(See see) const {
    visit(&see, [](void* with, const position_key& key, const position_info& info) {
      (*static_cast<See*>(with))(key, info);
    });
  }
  /// All of them, ascending by key.
  std::vector<std::pair<position_key, position_info>> sorted() const;

  /// Bytes on the heap, without the object itself; shared ones in full.
  size_t memory() const;

  /// The same positions, in whatever order they came.
  bool operator==(const pool_positions& other) const;

private:
  struct entry {
    position_key key;
    position_info info;
  };
  struct node;
  using seen = void (*)(void* with, const position_key& key, const position_info& info);

  /// A node with one use of it counted.
  class link {
  public:
    link() = default;
    explicit link(node* made) : to_(made) {}
    link(const link& other);
    link(link&& other) noexcept : to_(std::exchange(other.to_, nullptr)) {}
    link& operator=(link other) noexcept {
      std::swap(to_, other.to_);
      return *this;
    }
    ~link();
    explicit operator bool() const { return to_ != nullptr; }
    const node& operator*() const { return *to_; }
    const node* operator->() const { return to_; }
    bool operator==(const link&) const = default;
    /// The node to be changed: a copy of its own when others use it too, a new one for none.
    node& own();

  private:
    node* to_ = nullptr;
  };

  static bool put_into(link& at, unsigned depth, uint64_t hash, const position_key& key,
                       const position_info& info);
  static void erase_from(link& at, unsigned depth, uint64_t hash, const position_key& key);
  static void split(node& leaf, unsigned depth);
  static void gather(node& branch);
  static void visit_below(const link& at, void* with, seen see);
  static size_t memory_below(const link& at);
  void visit(void* with, seen see) const { visit_below(root_, with, see); }

  link root_;
};

} // namespace sluice
