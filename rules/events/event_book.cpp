#include "rules/events/event_book.hpp"

#include <utility>

namespace sluice {

event_book::event_book(size_t queue_max, size_t history)
  : queue_max_(queue_max), history_(history) {}

bool event_book::full(const std::string& type) const {
  const auto at = topics_.find(type);
  return at != topics_.end() && at->second.queue.size() >= queue_max_;
}

fault event_book::refused(topic* where, ec code, std::string why) {
  ++totals_.refused;
  if (where != nullptr)
    ++where->counts.refused;
  return {code, std::move(why)};
}

result<uint64_t> event_book::take(event_record x, uint64_t now_ms) {
  if (!is_topic_name(x.type))
    return refused(nullptr, ec::bad_input,
                   "an event's type: expected 1 to " + std::to_string(event_limits::name_bytes_max)
                     + " of a to z, 0 to 9 and _");
  if (x.source.size() > event_limits::name_bytes_max)
    x.source.resize(event_limits::name_bytes_max);
  auto at = topics_.find(x.type);
  if (x.data.type() == nullptr)
    return refused(at == topics_.end() ? nullptr : &at->second, ec::bad_input,
                   x.type + ": expected data, got none");
  if (at == topics_.end()) {
    if (topics_.size() >= event_limits::topics_max)
      return refused(nullptr, ec::out_of_range,
                     x.type + ": there are " + std::to_string(topics_.size())
                       + " topics already, and no more are taken");
    at = topics_.emplace(x.type, topic{}).first;
    at->second.type = x.data.type();
  }
  auto& topic = at->second;
  if (*topic.type != *x.data.type())
    return refused(&topic, ec::bad_input,
                   x.type
                     + ": the data is of another type than this topic has; check which"
                       " constant it was published with");
  if (topic.queue.size() >= queue_max_)
    return refused(&topic, ec::busy,
                   x.type + ": " + std::to_string(topic.queue.size())
                     + " events wait; its subscribers are too slow, come back later");
  x.number = ++last_;
  if (x.time_ms == 0)
    x.time_ms = now_ms;
  history_.add(x);
  topic.queue.push_back(std::move(x));
  ++topic.counts.published;
  ++totals_.published;
  ++queued_;
  return last_;
}

std::optional<event_record> event_book::begin(const std::string& type) {
  const auto at = topics_.find(type);
  if (at == topics_.end() || at->second.in_hand || at->second.queue.empty())
    return std::nullopt;
  at->second.in_hand = true;
  return at->second.queue.front();
}

void event_book::failed(event_failure x) {
  ++totals_.errors;
  if (const auto at = topics_.find(x.type); at != topics_.end())
    ++at->second.counts.errors;
  auto& recent = totals_.recent_errors;
  if (recent.size() == event_limits::errors_kept)
    recent.erase(recent.begin());
  recent.push_back(std::move(x));
}

void event_book::end(const std::string& type, double took_ms) {
  const auto at = topics_.find(type);
  if (at == topics_.end() || !at->second.in_hand)
    return;
  auto& topic = at->second;
  topic.in_hand = false;
  topic.queue.pop_front();
  --queued_;
  ++topic.counts.processed;
  ++totals_.processed;
  topic.counts.processing_ms.add(took_ms);
  totals_.processing_ms.add(took_ms);
}

void event_book::refuse(const std::string& type) {
  const auto at = topics_.find(type);
  refused(at == topics_.end() ? nullptr : &at->second, ec::busy, {});
}

uint64_t event_book::drop() {
  uint64_t dropped = 0;
  for (auto& [name, topic] : topics_) {
    dropped += topic.queue.size();
    topic.counts.dropped += topic.queue.size();
    topic.queue.clear();
    topic.in_hand = false;
  }
  totals_.dropped += dropped;
  queued_ = 0;
  return dropped;
}

event_statistics event_book::statistics() const {
  auto all = totals_;
  all.queue_size = queued_;
  all.kept = history_.size();
  for (const auto& [name, topic] : topics_) {
    auto& x = all.by_type[name] = topic.counts;
    x.queued = topic.queue.size();
  }
  return all;
}

} // namespace sluice
