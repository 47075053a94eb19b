/// What the node remembers of itself, one plain struct per kind of row.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/miner_gateway/nonces.hpp"
#include "rules/weights/pipeline.hpp"
#include "storage/batch.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

enum class publish_status : uint8_t {
  intended = 0, // written before anything is sent
  sent,
  confirmed, // read back from the chain
  failed,
  skipped, // the guard refused
};

constexpr bool known(publish_status x) {
  switch (x) {
  case publish_status::intended:
  case publish_status::sent:
  case publish_status::confirmed:
  case publish_status::failed:
  case publish_status::skipped:
    return true;
  }
  return false;
}

/// The weights of one epoch on their way to the chain. `epoch` and blocks are numbers of the chain,
/// a block 0 when it has not come to that; `nonce` is per signer, from 0; `netuid` and uids are
/// from 0 to 65535; `row` and `read_back` hold weights of 1 to 65535, `weights` fractions that add
/// up to 1 (all three empty when it was skipped); `version_key` is any number. `guard` checks
/// weights before they are sent (rules/weights/pipeline.hpp); a row that cannot be decoded is
/// corrupt_data.
struct publish_record {
  epoch_no epoch;
  publish_status status = publish_status::intended;
  weight_row row;
  weight_vector weights;
  uint64_t nonce = 0;
  std::string hash;            // of the extrinsic
  uint64_t included_block = 0; // 0: not yet
  weight_row read_back;
  uint64_t read_back_block = 0;
  std::string reason; // why it failed or was skipped
  uint64_t version_key = 0;
  uint16_t netuid = 0;
  SLUICE_FIELDS(epoch, status, row, weights, nonce, hash, included_block, read_back,
                read_back_block, reason, version_key, netuid)
  bool operator==(const publish_record&) const = default;
};

/// A hotkey that the operator sent away. `time_ms`: milliseconds since 1970-01-01 UTC by the node's
/// clock. A row that cannot be decoded is corrupt_data.
struct ban_record {
  std::string reason;
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(reason, who, time_ms)
  bool operator==(const ban_record&) const = default;
};

/// A command of the shell that changed something, or tried to. `time_ms`: milliseconds since
/// 1970-01-01 UTC by the node's clock. A row that cannot be decoded is corrupt_data.
struct admin_action {
  uint64_t time_ms = 0; // unix
  std::string who;
  std::string line;    // as it was typed
  std::string outcome; // "done" or why not
  SLUICE_FIELDS(time_ms, who, line, outcome)
  bool operator==(const admin_action&) const = default;
};

/// The configuration that a folder was last run under. A row that cannot be decoded is
/// corrupt_data.
struct adopted_config {
  std::string digest; // as the marker has it
  std::string text;   // as io::write_config writes it, at most 4 MiB
  SLUICE_FIELDS(digest, text)
  bool operator==(const adopted_config&) const = default;
};

/// A hotkey that an operator let in while the node ran. `uid`: 0 to limits::miners_max - 1;
/// `time_ms`: milliseconds since 1970-01-01 UTC by the node's clock. A row that cannot be decoded
/// is corrupt_data.
struct allowed_record {
  miner_uid uid;
  std::string coldkey; // who owns the hotkey; "": not known
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(uid, coldkey, who, time_ms)
  bool operator==(const allowed_record&) const = default;
};

/// The other stores' part of a batch that touches several (data_dir::commit). `number` is from 1
/// and one higher with every such batch. A row that cannot be decoded is corrupt_data.
struct journal_entry {
  uint64_t number = 0; // rising
  std::vector<storage::write> writes;
  SLUICE_FIELDS(number, writes)
  bool operator==(const journal_entry&) const = default;
};

} // namespace sluice
