/// A job's rows on their way to the disk, in the order in which whoever reads them needs them.
#pragma once

#include "actors/base/ask.hpp"
#include "messages/storage_writer.hpp"
#include "storage/tables.hpp"

#include <functional>
#include <utility>

namespace sluice {

/// The market first: whoever finds a round on disk finds its inputs, also between the two commits.
/// Calls `then` when all of it is durable, `trouble` with the storage writer's error.
template <class Self, class Trouble>
void write_market_first(Self& self, const storage_writer_actor& writer, incarnation_batch rows,
                        std::function<void()> then, Trouble trouble) {
  incarnation_batch market{rows.writer, rows.incarnation, {}};
  incarnation_batch node{rows.writer, rows.incarnation, {}};
  for (auto& x : rows.writes.writes)
    (x.store == storage::pool_events_store ? market : node).writes.writes.push_back(std::move(x));
  const auto rest = [self, writer, then = std::move(then), trouble](incarnation_batch what) {
    ask_or(
      self, trouble, writer, [then](atom::done) { then(); }, std::move(what));
  };
  if (market.writes.writes.empty())
    return rest(std::move(node));
  ask_or(
    self, trouble, writer, [rest, node = std::move(node)](atom::done) { rest(node); },
    std::move(market));
}

} // namespace sluice
