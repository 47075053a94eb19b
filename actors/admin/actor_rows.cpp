#include "actors/admin/actor_rows.hpp"

#include "rules/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sluice {

namespace {

using slot_ptr = std::shared_ptr<actor_slot>;
using std::chrono::duration;

constexpr std::chrono::milliseconds look_step{500};
constexpr std::chrono::minutes looks_kept{10};

double seconds_of(std::chrono::nanoseconds x) {
  return duration<double>(x).count();
}

/// Calls with every place below, parents first. `ended`: those that were left as well.
void walk(const slot_ptr& at, const std::string& path, uint32_t depth, bool ended,
          const std::function<void(const slot_ptr&, const slot_view&, const std::string&,
                                   uint32_t)>& visit) {
  const auto seen = at->look();
  visit(at, seen, path, depth);
  if (!seen.stats)
    return;
  if (ended)
    for (const auto& x : seen.stats->left_slots())
      walk(x, path + '/' + x->look().name, depth + 1, ended, visit);
  for (const auto& x : seen.stats->slots())
    walk(x, path + '/' + x->look().name, depth + 1, ended, visit);
}

actor_row row_of(const slot_ptr& place, const slot_view& seen, const std::string& path,
                 uint32_t depth, rate_memory& rates) {
  actor_row row;
  row.path = path;
  row.depth = depth;
  row.state = name_of(seen.state);
  row.restarts = seen.restarts;
  row.last_error = seen.last_error;
  const auto counts = place->counts();
  row.handled = counts.handled;
  row.unhandled = counts.unhandled;
  row.dead_letters = counts.dead_letters;
  row.slow = counts.slow;
  row.longest_ms = counts.longest_ms;
  row.p50_us = time_share_us(counts, 0.5);
  row.p99_us = time_share_us(counts, 0.99);
  if (!seen.stats)
    return row;
  const auto& stats = *seen.stats;
  row.kind = stats.kind();
  if (row.kind == "scheduled_actor") // CAF's name for a behaviour without state
    row.kind = seen.name;
  row.age_s = seconds_of(stats.age());
  row.traced = stats.tracing();
  if (seen.state == slot_state::running) {
    row.mailbox = stats.mailbox();
    row.in_hand_ms = static_cast<uint64_t>(stats.in_hand().count());
  }
  row.messages_per_s = rates.rate(place.get(), row.handled, row.age_s);
  const auto busy = seconds_of(ticks_last(stats.counts().busy_ticks));
  if (row.age_s > 0)
    row.busy_percent = std::min(100.0, 100 * busy / row.age_s);
  return row;
}

} // namespace

void rate_memory::look(time now) {
  now_ = now;
  std::erase_if(places_, [now](const auto& x) { return now - x.second.newer.at > looks_kept; });
}

double rate_memory::rate(const actor_slot* place, uint64_t messages, double age_s) {
  auto& x = places_[place];
  if (!x.known) {
    x = {{now_, messages}, {now_, messages}, true};
    return age_s > 0 ? static_cast<double>(messages) / age_s : 0;
  }
  if (now_ - x.newer.at >= look_step) {
    x.older = x.newer;
    x.newer = {now_, messages};
  }
  const auto passed = seconds_of(now_ - x.older.at);
  if (passed <= 0)
    return age_s > 0 ? static_cast<double>(messages) / age_s : 0;
  return static_cast<double>(messages - std::min(messages, x.older.messages)) / passed;
}

std::vector<actor_row> rows_of(const slot_ptr& root, rate_memory& rates) {
  std::vector<actor_row> rows;
  walk(root, root->look().name, 0, false,
       [&](const slot_ptr& place, const slot_view& seen, const std::string& path, uint32_t depth) {
         rows.push_back(row_of(place, seen, path, depth, rates));
       });
  return rows;
}

void sort_rows(std::vector<actor_row>& rows, std::string_view order) {
  const auto by = [&rows](auto key) {
    std::stable_sort(rows.begin(), rows.end(), [key](const actor_row& a, const actor_row& b) {
      return std::invoke(key, a) > std::invoke(key, b);
    });
  };
  if (order == "mailbox")
    by(&actor_row::mailbox);
  else if (order == "rate")
    by(&actor_row::messages_per_s);
  else if (order == "time")
    by(&actor_row::busy_percent);
  else if (order == "restarts")
    by(&actor_row::restarts);
}

slot_ptr slot_at(const slot_ptr& root, std::string_view path) {
  slot_ptr found;
  walk(root, root->look().name, 0, true,
       [&](const slot_ptr& place, const slot_view& seen, const std::string& at, uint32_t) {
         if (at == path && (!found || seen.state == slot_state::running))
           found = place;
       });
  return found;
}

std::string nearest_path(const slot_ptr& root, std::string_view path) {
  std::vector<std::string> all;
  walk(
    root, root->look().name, 0, false,
    [&](const slot_ptr&, const slot_view&, const std::string& at, uint32_t) { all.push_back(at); });
  const std::vector<std::string_view> known{all.begin(), all.end()};
  const auto near = nearest(path, known);
  return near ? std::string{*near} : std::string{};
}

std::vector<lost_message_row> lost_messages(const slot_ptr& root) {
  std::vector<lost_message_row> rows;
  walk(root, root->look().name, 0, true,
       [&](const slot_ptr& place, const slot_view& seen, const std::string& path, uint32_t) {
         const auto counts = place->counts();
         lost_message_row row{path, counts.dead_letters, "", counts.unhandled, ""};
         if (seen.stats) {
           row.last_dead_letter = seen.stats->last_dead_letter();
           row.last_unhandled = seen.stats->last_unhandled();
         }
         if (row.dead_letters > 0 || row.unhandled > 0)
           rows.push_back(std::move(row));
         if (const auto gone = seen.stats ? seen.stats->gone() : actor_counts{};
             gone.dead_letters > 0 || gone.unhandled > 0)
           rows.push_back({path + "/*", gone.dead_letters, "", gone.unhandled, ""});
       });
  return rows;
}

std::string path_of_actor(const slot_ptr& root, uint64_t actor_id) {
  std::string found;
  if (actor_id != 0)
    walk(root, root->look().name, 0, true,
         [&](const slot_ptr&, const slot_view& seen, const std::string& at, uint32_t) {
           if (seen.stats && seen.stats->actor_id() == actor_id)
             found = at;
         });
  return found;
}

double time_share_us(const actor_counts& counts, double share) {
  uint64_t all = 0;
  for (const auto x : counts.times)
    all += x;
  if (all == 0)
    return 0;
  const auto wanted = static_cast<uint64_t>(std::ceil(share * static_cast<double>(all)));
  uint64_t below = 0;
  for (size_t i = 0; i < counts.times.size(); ++i)
    if ((below += counts.times[i]) >= wanted)
      return seconds_of(ticks_last(uint64_t{1} << i)) * 1e6;
  return 0;
}

} // namespace sluice
