#include "actors/trading/feed_intake.hpp"

#include "rules/json_text.hpp"
#include "storage/trading/tables.hpp"

#include <memory>
#include <set>

namespace sluice {

namespace {

/// Who is asked about: each coldkey once, in order.
std::set<std::string> coldkeys_of(const trading_feed& feed, const trading_world& world) {
  if (feed.kind == trading_feed_kind::file)
    return {""};
  std::set<std::string> all;
  for (const auto& x : world.identities)
    if (x.registered)
      all.insert(x.coldkey);
  return all;
}

} // namespace

result<source_request> feed_intake::request(const storage::data_dir& disk,
                                            const trading_world& world, bool look_now) const {
  auto targets = std::make_shared<std::vector<source_target>>();
  for (const auto& coldkey : coldkeys_of(feed_, world)) {
    auto point = storage::tables::trading_syncs.find(disk, {feed_.name, coldkey});
    if (!point)
      return point.error();
    targets->push_back({coldkey, *std::move(point)});
  }
  return source_request{durable_, std::move(targets), look_now};
}

taken_rows feed_intake::rows_of(const source_delivery& x) const {
  taken_rows out;
  std::array<uint64_t, row_rejections> rejected{};
  for (const auto& part : *x.rows) {
    out.events.insert(out.events.end(), part.events.begin(), part.events.end());
    out.rows += part.rows;
    for (size_t i = 0; i < rejected.size(); ++i)
      rejected[i] += part.rejected[i];
    if (part.synced)
      out.points.emplace_back(sync_key{feed_.name, part.coldkey}, *part.synced);
  }
  for (size_t i = 0; i < rejected.size(); ++i)
    if (rejected[i] != 0)
      out.rejected.emplace_back(name_of(static_cast<row_rejection>(i)), rejected[i]);
  return out;
}

void feed_intake::stored(const delivery_mark& mark) {
  durable_ = mark;
  ++deliveries_;
}

std::string feed_intake::describe() const {
  return json_object{}
    .add("feed", feed_.name)
    .add("deliveries", deliveries_)
    .add("failures", failures_)
    .text();
}

} // namespace sluice
