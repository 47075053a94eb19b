#include "rules/trading/event_merge.hpp"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace sluice {

namespace {

uint64_t mixed(uint64_t a, uint64_t b) {
  const u128 product = static_cast<u128>(a ^ 0x9e3779b97f4a7c15) * (b ^ 0xd1b54a32d192ed03);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t digest_of(std::string_view text, uint64_t seed) {
  return mixed(std::hash<std::string_view>{}(text), seed);
}

auto content_of(const book_event& x) {
  return std::tie(x.extrinsic, x.action, x.hotkey, x.tao, x.alpha);
}

uint64_t digest_of_content(const book_event& x) {
  return mixed(mixed(digest_of(x.extrinsic, static_cast<uint64_t>(x.action)), x.hotkey),
               mixed(static_cast<uint64_t>(x.tao), static_cast<uint64_t>(x.alpha)));
}

uint64_t digest_of_index(const book_event& x) {
  return digest_of(x.extrinsic, uint64_t{x.index_plus_1} * 2 + static_cast<uint64_t>(x.action));
}

bool same_index(const book_event& a, const book_event& b) {
  return a.index_plus_1 == b.index_plus_1 && a.action == b.action && a.extrinsic == b.extrinsic;
}

/// Places of events by digest: open addressing, several events may have one digest.
class event_places {
public:
  explicit event_places(size_t events_max)
    : slots_(std::bit_ceil(std::max<size_t>(events_max * 2, 16))), mask_(slots_.size() - 1) {}

  void add(uint64_t digest, uint32_t place) {
    size_t i = digest & mask_;
    while (slots_[i] != 0)
      i = (i + 1) & mask_;
    slots_[i] = place + 1;
  }

  /// Calls `f(place)` for everything that may have the digest, until it answers true.
  template <class F>
  void find(uint64_t digest, F f) const {
    for (size_t i = digest & mask_; slots_[i] != 0; i = (i + 1) & mask_)
      if (f(slots_[i] - 1))
        return;
  }

private:
  std::vector<uint32_t> slots_; // 0: free
  size_t mask_;
};

class event_merging {
public:
  explicit event_merging(size_t events_max) : by_content_(events_max), by_index_(events_max) {
    out_.events.reserve(events_max);
  }

  void keep(book_event&& x) {
    const auto place = static_cast<uint32_t>(out_.events.size());
    by_content_.add(digest_of_content(x), place);
    if (x.index_plus_1 != 0)
      by_index_.add(digest_of_index(x), place);
    out_.events.push_back(std::move(x));
  }

  void take(book_event&& x) {
    if (x.index_plus_1 != 0 && is_known_index(x)) {
      ++out_.duplicates;
      return;
    }
    int64_t time_us = x.time_us;
    uint64_t block = x.block;
    bool any = false;
    book_event* without = nullptr; // an equal one that has no index
    find_equal(x, [&](book_event& e) {
      any = true;
      time_us = std::min(time_us, e.time_us);
      block = least_known(block, e.block);
      if (e.index_plus_1 == 0)
        without = &e;
    });
    if (any)
      find_equal(x, [&](book_event& e) { move_to(e, time_us, block); });
    if (x.index_plus_1 == 0 && any) {
      if (without && x.fee > without->fee) {
        without->fee = x.fee;
        out_.changed = true;
      }
      ++out_.duplicates;
    } else if (without) {
      without->index_plus_1 = x.index_plus_1;
      without->fee = x.fee;
      by_index_.add(digest_of_index(x), place_of(*without));
      out_.changed = true;
      ++out_.duplicates;
    } else {
      x.time_us = time_us;
      x.block = block;
      keep(std::move(x));
      ++out_.added;
      out_.changed = true;
    }
  }

  merged_events finish() { return std::move(out_); }

private:
  static uint64_t least_known(uint64_t a, uint64_t b) {
    return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
  }

  uint32_t place_of(const book_event& x) const {
    return static_cast<uint32_t>(&x - out_.events.data());
  }

  template <class F>
  void find_equal(const book_event& x, F f) {
    by_content_.find(digest_of_content(x), [&](uint32_t place) {
      auto& e = out_.events[place];
      if (content_of(e) == content_of(x))
        f(e);
      return false;
    });
  }

  void move_to(book_event& e, int64_t time_us, uint64_t block) {
    if (e.time_us == time_us && e.block == block)
      return;
    e.time_us = time_us;
    e.block = block;
    out_.changed = true;
  }

  /// The event of this index is there; it becomes what counts of the two.
  bool is_known_index(const book_event& x) {
    bool found = false;
    by_index_.find(digest_of_index(x), [&](uint32_t place) {
      auto& e = out_.events[place];
      if (!same_index(e, x))
        return false;
      found = true;
      merge_same(e, x, place);
      return true;
    });
    return found;
  }

  void merge_same(book_event& e, const book_event& x, uint32_t place) {
    if (content_of(e) == content_of(x)) {
      int64_t time_us = x.time_us;
      uint64_t block = x.block;
      find_equal(x, [&](const book_event& other) {
        time_us = std::min(time_us, other.time_us);
        block = least_known(block, other.block);
      });
      find_equal(x, [&](book_event& other) { move_to(other, time_us, block); });
      if (x.fee > e.fee) {
        e.fee = x.fee;
        out_.changed = true;
      }
    } else if (content_of(x) < content_of(e)) {
      e = x;
      by_content_.add(digest_of_content(e), place);
      out_.changed = true;
    }
  }

  event_places by_content_;
  event_places by_index_;
  merged_events out_;
};

} // namespace

bool before_in_book(const book_event& a, const book_event& b, const key_texts& texts) {
  const auto first = [](const book_event& x) { return std::tie(x.time_us, x.action, x.extrinsic); };
  const auto last = [](const book_event& x) { return std::tie(x.tao, x.alpha, x.index_plus_1); };
  if (first(a) != first(b))
    return first(a) < first(b);
  if (a.hotkey != b.hotkey)
    return texts(a.hotkey) < texts(b.hotkey);
  return last(a) < last(b);
}

merged_events
merge_events(std::vector<book_event> stored, std::vector<book_event> more, const key_texts& texts) {
  const auto before
    = [&texts](const book_event& a, const book_event& b) { return before_in_book(a, b, texts); };
  event_merging merging{stored.size() + 2 * more.size()}; // one place more when content changes
  for (auto& x : stored)
    merging.keep(std::move(x));
  for (auto& x : more)
    merging.take(std::move(x));
  auto out = merging.finish();
  if (!std::is_sorted(out.events.begin(), out.events.end(), before))
    std::sort(out.events.begin(), out.events.end(), before);
  return out;
}

} // namespace sluice
