/// A worker without a network: its entry and its far side in one process, under the test's clock.
#pragma once

#include "actors/liquidity/work/work_messages.hpp"
#include "actors/liquidity/work/worker.hpp"
#include "actors/liquidity/work/worker_entry.hpp"
#include "net/keys/session_key.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>

#include <memory>

namespace sluice::test {

/// A guard per side and one key for both directions; the worker's link does nothing.
class far_worker {
public:
  /// `cores`: 1 to 1024; `kept_bytes`: bytes, 0: as a worker has them by default.
  far_worker(caf::actor_system& sys, const simulator_pool_actor& pool, uint32_t cores,
             std::string name = "far", size_t kept_bytes = 0)
    : name_(std::move(name)) {
    const auto key = net::fresh_bytes();
    const auto session = net::fresh_number();
    const auto any = [](frame_kind) { return true; };
    node_side_ = guard_ref::make(sys, {}, any);
    peer_side_ = guard_ref::make(sys, {}, any);
    hello_message who;
    who.role = fleet_role::worker;
    who.name = name_;
    who.cores = cores;
    to_peer_ = std::make_shared<session_handle>(session, peer_side_.handle(), key, node_side_);
    entry = spawn_worker_entry(sys, {who, to_peer_}, pool);
    node_side_->open(session, {key, caf::actor_cast<caf::actor>(entry), any});
    worker_config config;
    config.cores = cores;
    config.kept_bytes = kept_bytes;
    config.link = [](caf::actor_system& system, const caf::actor&) {
      return system.spawn([](fleet_link_actor::pointer) -> fleet_link_actor::behavior_type {
        return {[](const fleet_frame&) {}, [](const fleet_offence&) {},
                [](const network_answer&) {}, [](atom::start) {}, [](atom::due, uint64_t) {}};
      });
    };
    worker = spawn_worker(sys, std::move(config));
    peer_side_->open(session, {key, caf::actor_cast<caf::actor>(worker), any});
    auto to_node = std::make_shared<session_handle>(session, node_side_.handle(), key, peer_side_);
    caf::anon_send(worker, link_up{to_node, "node"});
    caf::anon_send(entry, atom::start_v);
    session_ = session;
  }
  far_worker(const far_worker&) = delete;
  far_worker& operator=(const far_worker&) = delete;

  /// As kill -9: it sends nothing more, and its connection is lost.
  ~far_worker() { die(); }

  void die() {
    if (!std::exchange(alive_, false))
      return;
    caf::anon_send_exit(worker, caf::exit_reason::kill);
    peer_side_->retire(); // the entry monitors it
    node_side_->retire();
  }

  /// As SIGSTOP: nothing reaches it, and nobody knows.
  void freeze() { peer_side_->close(session_); }

  /// Frames from the node to the worker so far. From 0. Errors: none.
  uint64_t sent() const { return to_peer_->sent(); }

  worker_entry_actor entry;
  worker_actor worker;

private:
  std::string name_;
  guard_ref node_side_, peer_side_;
  std::shared_ptr<session_handle> to_peer_;
  uint64_t session_ = 0;
  bool alive_ = true;
};

} // namespace sluice::test
