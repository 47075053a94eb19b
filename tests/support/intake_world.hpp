/// The intake of reports on a real disk, with a chain of the test's own.
#pragma once

#include "actors/consensus/intake.hpp"
#include "actors/storage_writer.hpp"
#include "net/consensus/report_client.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"
#include "tools/consensus/dev_world.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// The moment at which tests of the intake begin: 2026-01-01T00:00:00Z, in milliseconds.
inline constexpr uint64_t intake_start_ms = 1'767'225'600'000;

/// Validators 13 to 15 have the keys of a world of seed 1; their stake is 3, 2 and 2 TAO.
class intake_test : public actor_test {
protected:
  intake_test() {
    chain = mock<chain_reader_actor>(
      [this](atom::view) {
        auto world = small_chain();
        for (uint16_t i = 0; i < dev_validators; ++i)
          world.neurons.push_back({{static_cast<uint16_t>(dev_validator_uid + i)},
                                   {keys_of(i).address},
                                   i == 0 ? 3'000'000'000U : 2'000'000'000U,
                                   true});
        chain_view seen;
        seen.head = {100, {epoch}};
        seen.params = world.params;
        seen.neurons = world.neurons;
        return seen;
      },
      [this](atom::step, uint64_t) {
        return chain_head{100, {epoch}};
      });
  }

  static net::key_pair keys_of(uint16_t which) {
    return tools::dev_validator_keys(1, static_cast<dev_validator_kind>(which));
  }

  std::function<uint64_t()> clock() {
    return [this] { return now_ms; };
  }

  consensus_intake_actor make_intake(bool stepped = true) {
    pages = std::make_shared<net::consensus_pages>(rules, clock());
    consensus_intake_config config;
    config.rules = rules;
    config.unproved = unproved;
    config.stepped = stepped;
    config.unix_ms = clock();
    config.verifier = net::report_verifier_of_all();
    return keep(spawn_consensus_intake(
      sys, std::move(config),
      {disk, storage_writer, chain, pages,
       [this](std::shared_ptr<const signed_report> x) { shared.push_back(std::move(x)); }}));
  }

  /// Signed by that validator, as it would come from another node.
  report_arrival signed_by(uint16_t which, uint64_t number, std::string list) {
    report_arrival x;
    x.report.validator_uid = static_cast<uint16_t>(dev_validator_uid + which);
    x.report.epoch = number;
    x.report.issued_ms = now_ms;
    x.report.miner_statuses = std::move(list);
    net::sign_report(x.report, keys_of(which));
    return x;
  }

  /// With the API key of that uid.
  static report_arrival with_key_of(uint16_t uid, std::string list) {
    report_arrival x;
    x.report.validator_uid = uid;
    x.report.epoch = 100;
    x.report.miner_statuses = std::move(list);
    x.sender = {"key-" + std::to_string(uid), {}, miner_uid{uid}};
    return x;
  }

  /// The miner of the design note.
  static std::string seed_item(bool serving = true) {
    return std::string{R"([{"uid":49,"hotkey":"abc123","stake":1000,"is_serving":)"}
           + (serving ? "true" : "false") + "}]";
  }

  unsigned status_of(uint16_t uid) const { return pages->miner(uid).status; }

  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  chain_reader_actor chain;
  consensus_settings rules;
  bool unproved = false;
  uint64_t now_ms = intake_start_ms;
  uint64_t epoch = 7;
  std::shared_ptr<net::consensus_pages> pages;
  std::vector<std::shared_ptr<const signed_report>> shared;
};

} // namespace sluice::test
