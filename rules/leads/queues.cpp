#include "rules/leads/queues.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/shapes.hpp"

#include <algorithm>
#include <type_traits>

namespace sluice {

namespace {

constexpr size_t item_bytes = 256; // beside its texts
constexpr size_t id_digits = 32;

template <class T>
size_t text_bytes(const T& x) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string_view{x}.size();
  } else if constexpr (shapes::is_optional<T>) {
    return x ? text_bytes(*x) : 0;
  } else if constexpr (shapes::is_list<T>) {
    size_t sum = 0;
    for (const auto& each : x)
      sum += text_bytes(each);
    return sum;
  } else if constexpr (has_fields<const T>) {
    size_t sum = 0;
    for_each_field(x, [&sum](std::string_view, const auto& member) { sum += text_bytes(member); });
    return sum;
  } else {
    return sizeof(T);
  }
}

size_t bytes_of_item(const queued_item& x) {
  return item_bytes + text_bytes(x.leads) + x.leads.size() * sizeof(lead) + x.business_desc.size();
}

std::string_view name_of_queue(lead_queue x) {
  constexpr std::array<std::string_view, 4> names{"prospects", "requests", "miner requests",
                                                  "miner results"};
  return names[static_cast<size_t>(x)];
}

/// Of a body: what it makes has the same id whenever it is asked for.
std::string id_of_body(const std::string& body) {
  return sha256_hex("item " + body).substr(0, id_digits);
}

std::string item_name(const queue_key& key, const queued_item& x) {
  return std::to_string(static_cast<int>(key.queue)) + ' ' + std::to_string(key.number) + ' '
         + x.id;
}

leased_item leased_item_of(lead_queue queue, const queued_item& x) {
  return {queue,           x.id,    x.from,        x.created_ms,     x.num_leads,
          x.business_desc, x.leads, x.lease.lease, x.lease.until_ms, x.lease.deliveries};
}

} // namespace

void lead_queues::restore(const queue_key& key, queued_item x) {
  insert(key, std::move(x));
}

void lead_queues::restore(const std::string& body, remembered_body x) {
  bodies_by_end_.emplace(x.until_ms, body);
  bodies_[body] = std::move(x);
}

void lead_queues::insert(const queue_key& key, queued_item x) {
  auto& mine = part_of(key.queue);
  mine.last = std::max(mine.last, key.number);
  mine.bytes += bytes_of_item(x);
  mine.by_id[x.id] = key.number;
  ++mine.by_wallet[x.from];
  mine.items.emplace(key.number, std::move(x));
}

void lead_queues::put(lead_queue queue, queued_item x, queue_changes& out) {
  const queue_key key{queue, part_of(queue).last + 1};
  out.items[key] = x;
  insert(key, std::move(x));
}

void lead_queues::erase(lead_queue queue, uint64_t number, queue_changes& out) {
  auto& mine = part_of(queue);
  const auto at = mine.items.find(number);
  mine.bytes -= bytes_of_item(at->second);
  mine.by_id.erase(at->second.id);
  const auto wallet = mine.by_wallet.find(at->second.from);
  if (--wallet->second == 0)
    mine.by_wallet.erase(wallet);
  mine.items.erase(at);
  out.items[{queue, number}] = std::nullopt;
}

std::optional<fault> lead_queues::full(lead_queue queue, const hotkey& wallet, size_t more) const {
  const auto& mine = part_of(queue);
  const auto count = mine.by_wallet.find(wallet);
  const std::string name{name_of_queue(queue)};
  if (count != mine.by_wallet.end() && count->second >= terms_.wallet_items_max)
    return fault{ec::busy, "the queue of " + name + " holds "
                             + std::to_string(terms_.wallet_items_max)
                             + " of this wallet, which is the most; try again when some are done"};
  if (mine.items.size() >= terms_.items_max || mine.bytes + more > terms_.bytes_max)
    return fault{ec::busy, "the queue of " + name + " is full; try again when some are done"};
  return {};
}

/// What was set aside gives way to what is new: the oldest first, of the same wallet where that has
/// too many.
std::optional<fault> lead_queues::make_space(lead_queue queue, const hotkey& wallet, size_t more,
                                             uint64_t now_ms, queue_changes& out) {
  const auto& mine = part_of(queue);
  while (auto why = full(queue, wallet, more)) {
    const auto count = mine.by_wallet.find(wallet);
    const bool too_many_of_it
      = count != mine.by_wallet.end() && count->second >= terms_.wallet_items_max;
    const auto at = std::ranges::find_if(mine.items, [&](const auto& row) {
      return status_of(row.second.lease, now_ms, terms_.lease) == lease_status::set_aside
             && (!too_many_of_it || row.second.from == wallet);
    });
    if (at == mine.items.end() || more > terms_.bytes_max)
      return why;
    erase(queue, at->first, out);
  }
  return {};
}

const remembered_body* lead_queues::remembered(const std::string& body, uint64_t now_ms) const {
  const auto at = bodies_.find(body);
  return at != bodies_.end() && now_ms < at->second.until_ms ? &at->second : nullptr;
}

/// Forgets first: those whose time is over, and the oldest where there are too many.
void lead_queues::remember(const std::string& body, std::string id, uint64_t count, uint64_t now_ms,
                           queue_changes& out) {
  while (!bodies_by_end_.empty()
         && (bodies_by_end_.begin()->first <= now_ms || bodies_.size() >= terms_.bodies_max)) {
    const auto& oldest = bodies_by_end_.begin()->second;
    out.bodies[oldest] = std::nullopt;
    bodies_.erase(oldest);
    bodies_by_end_.erase(bodies_by_end_.begin());
  }
  const remembered_body x{now_ms + terms_.bodies_ms, std::move(id), count};
  out.bodies[body] = x;
  restore(body, x);
}

result<uint64_t>
lead_queues::add_prospects(queue_prospects_call call, uint64_t now_ms, queue_changes& out) {
  if (const auto* before = remembered(call.caller.body, now_ms))
    return before->count;
  queued_item x;
  x.id = id_of_body(call.caller.body);
  x.from = call.caller.wallet;
  x.created_ms = now_ms;
  x.leads = std::move(call.prospects);
  if (auto why = make_space(lead_queue::prospects, x.from, bytes_of_item(x), now_ms, out))
    return *why;
  const auto count = x.leads.size();
  remember(call.caller.body, x.id, count, now_ms, out);
  put(lead_queue::prospects, std::move(x), out);
  return count;
}

result<std::string>
lead_queues::add_request(queue_request_call call, uint64_t now_ms, queue_changes& out) {
  if (const auto* before = remembered(call.caller.body, now_ms))
    return before->id;
  queued_item x;
  x.id = id_of_body(call.caller.body);
  x.from = call.caller.wallet;
  x.created_ms = now_ms;
  x.num_leads = call.num_leads;
  x.business_desc = std::move(call.business_desc);
  if (auto why = make_space(call.queue, x.from, bytes_of_item(x), now_ms, out))
    return *why;
  remember(call.caller.body, x.id, 1, now_ms, out);
  auto id = x.id;
  put(call.queue, std::move(x), out);
  return id;
}

std::vector<leased_item>
lead_queues::fetch(const fetch_call& call, uint64_t now_ms, queue_changes& out) {
  std::vector<leased_item> handed;
  for (auto& [number, x] : part_of(call.queue).items) {
    if (handed.size() >= call.limit)
      break;
    if (status_of(x.lease, now_ms, terms_.lease) != lease_status::waiting)
      continue;
    const queue_key key{call.queue, number};
    x.lease = handed_out(x.lease, item_name(key, x), call.caller.wallet, now_ms, terms_.lease);
    out.items[key] = x;
    handed.push_back(leased_item_of(call.queue, x));
  }
  return handed;
}

uint64_t
lead_queues::acknowledge(const acknowledge_call& call, uint64_t now_ms, queue_changes& out) {
  for (const auto& [number, x] : part_of(call.queue).items)
    if (acknowledges(x.lease, call.caller.wallet, call.lease, now_ms)) {
      erase(call.queue, number, out);
      return 1;
    }
  return 0;
}

result<nothing> lead_queues::finish(store_result_call call, uint64_t now_ms, queue_changes& out) {
  if (remembered(call.caller.body, now_ms))
    return nothing{};
  const auto& mine = part_of(call.queue);
  const auto at = mine.by_id.find(call.request_id);
  if (at == mine.by_id.end())
    return fault{ec::no_such_key,
                 "request " + call.request_id + " is not there, or was answered before"};
  const auto number = at->second;
  if (call.queue == lead_queue::miner_requests) {
    queued_item x;
    x.id = call.request_id;
    x.from = call.caller.wallet;
    x.created_ms = now_ms;
    x.leads = std::move(call.leads);
    if (auto why = make_space(lead_queue::miner_results, x.from, bytes_of_item(x), now_ms, out))
      return *why;
    put(lead_queue::miner_results, std::move(x), out);
  } else {
    out.results.push_back({call.request_id, std::move(call.leads), now_ms});
  }
  remember(call.caller.body, call.request_id, 1, now_ms, out);
  erase(call.queue, number, out);
  return nothing{};
}

bool lead_queues::first_time(const std::string& body, uint64_t now_ms, queue_changes& out) {
  if (remembered(body, now_ms))
    return false;
  remember(body, "", 0, now_ms, out);
  return true;
}

queue_counts lead_queues::counts(lead_queue queue, uint64_t now_ms) const {
  queue_counts all;
  for (const auto& [number, x] : part_of(queue).items)
    switch (status_of(x.lease, now_ms, terms_.lease)) {
    case lease_status::waiting:
      ++all.waiting;
      break;
    case lease_status::leased:
      ++all.leased;
      break;
    case lease_status::set_aside:
      ++all.set_aside;
      break;
    }
  return all;
}

} // namespace sluice
