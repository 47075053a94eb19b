#include "actors/trading/source_json.hpp"

#include "rules/json_text.hpp"

namespace sluice {

namespace {

const char* health_text(source_health x) {
  switch (x) {
  case source_health::starting:
    return "starting";
  case source_health::good:
    return "good";
  case source_health::degraded:
    return "degraded";
  case source_health::stopped:
    return "stopped";
  case source_health::paused:
    break;
  }
  return "paused";
}

} // namespace

std::string source_json(const source_view& x) {
  uint64_t rejected = 0;
  for (const auto& [reason, n] : x.rejected)
    rejected += n;
  json_list last;
  for (const auto& why : x.last_rejected)
    last.raw(json_text(why));
  return json_object{}
    .add("feed", x.feed)
    .add("kind", x.kind)
    .add("from", x.from)
    .add("health", health_text(x.health))
    .add("coldkeys", x.targets)
    .add("looks", x.looks)
    .add("requests", x.requests)
    .add("pages", x.pages)
    .add("rows", x.rows)
    .add("events", x.events)
    .add("rejected", rejected)
    .raw("rejected_because", json_of(x.rejected))
    .add("retries", x.retries)
    .add("failures", x.failures)
    .add("delivered", x.delivered)
    .add("ready", x.ready)
    .add("next_look_ms", x.next_look_in_ms)
    .add("last_error", x.last_error)
    .raw("last_rejected", last.text())
    .text();
}

} // namespace sluice
