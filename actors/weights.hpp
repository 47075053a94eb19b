/// At the end of an epoch: collect, blend, guard, publish.
#pragma once

#include "messages/chain.hpp"
#include "messages/mechanism.hpp"
#include "messages/orders.hpp"
#include "messages/storage_writer.hpp"
#include "rules/config/node_config.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace sluice {

struct weights_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  mechanisms_actor mechanisms;
  chain_reader_actor reader;
  chain_writer_actor writer;
  /// Why mechanisms have no scores, for people, by their names; who has some, or does not know, is
  /// not in it. Empty: nobody knows.
  std::function<std::map<std::string, std::string>()> why_no_scores{};
};

/// One pipeline for all mechanisms; what the guard refuses is stored as skipped with its reason.
publishing_actor
spawn_weights(caf::actor_system& system, weights_settings config, weights_links links);

} // namespace sluice
