#include "actors/admin/actor_rows.hpp"

#include "rules/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sluice {

namespace {

using seat_ptr = std::shared_ptr<card_seat>;
using std::chrono::duration;

constexpr std::chrono::milliseconds look_step{500};
constexpr std::chrono::minutes looks_kept{10};

double seconds_of(std::chrono::nanoseconds x) {
  return duration<double>(x).count();
}

/// Calls with every place below, parents first. `ended`: those that were left as well.
void walk(const seat_ptr& at, const std::string& path, uint32_t depth, bool ended,
          const std::function<void(const seat_ptr&, const seat_view&, const std::string&,
                                   uint32_t)>& visit) {
  const auto seen = at->look();
  visit(at, seen, path, depth);
  if (!seen.card)
    return;
  if (ended)
    for (const auto& x : seen.card->left_seats())
      walk(x, path + '/' + x->look().name, depth + 1, ended, visit);
  for (const auto& x : seen.card->seats())
    walk(x, path + '/' + x->look().name, depth + 1, ended, visit);
}

actor_row row_of(const seat_ptr& place, const seat_view& seen, const std::string& path,
                 uint32_t depth, rate_memory& rates) {
  actor_row row;
  row.path = path;
  row.depth = depth;
  row.state = word(seen.state);
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
  if (!seen.card)
    return row;
  const auto& card = *seen.card;
  row.kind = card.kind();
  if (row.kind == "scheduled_actor") // CAF's word for a behaviour without state
    row.kind = seen.name;
  row.age_s = seconds_of(card.age());
  row.traced = card.tracing();
  if (seen.state == seat_state::running) {
    row.mailbox = card.mailbox();
    row.in_hand_ms = static_cast<uint64_t>(card.in_hand().count());
  }
  row.messages_per_s = rates.rate(place.get(), row.handled, row.age_s);
  const auto busy = seconds_of(ticks_last(card.counts().busy_ticks));
  if (row.age_s > 0)
    row.busy_percent = std::min(100.0, 100 * busy / row.age_s);
  return row;
}

} // namespace

void rate_memory::look(time now) {
  now_ = now;
  std::erase_if(places_, [now](const auto& x) { return now - x.second.newer.at > looks_kept; });
}

double rate_memory::rate(const card_seat* place, uint64_t messages, double age_s) {
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

std::vector<actor_row> rows_of(const seat_ptr& root, rate_memory& rates) {
  std::vector<actor_row> rows;
  walk(root, root->look().name, 0, false,
       [&](const seat_ptr& place, const seat_view& seen, const std::string& path, uint32_t depth) {
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

seat_ptr seat_at(const seat_ptr& root, std::string_view path) {
  seat_ptr found;
  walk(root, root->look().name, 0, true,
       [&](const seat_ptr& place, const seat_view& seen, const std::string& at, uint32_t) {
         if (at == path && (!found || seen.state == seat_state::running))
           found = place;
       });
  return found;
}

std::string nearest_path(const seat_ptr& root, std::string_view path) {
  std::vector<std::string> all;
  walk(
    root, root->look().name, 0, false,
    [&](const seat_ptr&, const seat_view&, const std::string& at, uint32_t) { all.push_back(at); });
  const std::vector<std::string_view> known{all.begin(), all.end()};
  const auto near = nearest(path, known);
  return near ? std::string{*near} : std::string{};
}

std::vector<lost_mail_row> lost_mail(const seat_ptr& root) {
  std::vector<lost_mail_row> rows;
  walk(root, root->look().name, 0, true,
       [&](const seat_ptr& place, const seat_view& seen, const std::string& path, uint32_t) {
         const auto counts = place->counts();
         lost_mail_row row{path, counts.dead_letters, "", counts.unhandled, ""};
         if (seen.card) {
           row.last_dead_letter = seen.card->last_dead_letter();
           row.last_unhandled = seen.card->last_unhandled();
         }
         if (row.dead_letters > 0 || row.unhandled > 0)
           rows.push_back(std::move(row));
         if (const auto gone = seen.card ? seen.card->gone() : card_counts{};
             gone.dead_letters > 0 || gone.unhandled > 0)
           rows.push_back({path + "/*", gone.dead_letters, "", gone.unhandled, ""});
       });
  return rows;
}

std::string path_of_actor(const seat_ptr& root, uint64_t actor_id) {
  std::string found;
  if (actor_id != 0)
    walk(root, root->look().name, 0, true,
         [&](const seat_ptr&, const seat_view& seen, const std::string& at, uint32_t) {
           if (seen.card && seen.card->actor_id() == actor_id)
             found = at;
         });
  return found;
}

double time_share_us(const card_counts& counts, double share) {
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
