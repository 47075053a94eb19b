#include "actors/fleet/fleet.hpp"
#include "net/keys/ed25519.hpp"
#include "net/keys/key_file.hpp"
#include "storage/codec.hpp"
#include "tests/support/fleet_world.hpp"

#include <caf/actor_registry.hpp>

#include <set>

namespace sluice::test {
namespace {

/// Who comes, with which files, and what the node answers.
struct attempt {
  const char* what;
  fleet_settings settings;
  hello_message who;
  std::string reason; // in the peer's reason
};

/// Whom a peer can address by number: CAF registers every actor that it has sent to a peer.
std::set<caf::actor_id> reachable(fleet_program& program) {
  std::set<caf::actor_id> found;
  for (caf::actor_id id = 1; id < 2'000; ++id)
    if (program.sys().registry().get(id))
      found.insert(id);
  return found;
}

class fleet : public ::testing::Test {
protected:
  fleet_folder files;
  const net::tls_order worker{.name = "w1", .role = fleet_role::worker};
  const net::tls_order boss{.name = "me", .role = fleet_role::operating};
};

TEST_F(fleet, a_peer_with_a_certificate_comes_in_and_both_sides_speak) {
  fleet_node node{"127.0.0.1:0", {}, files.node()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"), files.of(worker)};
  EXPECT_EQ(peer.ups.next(), "node");
  EXPECT_EQ(node.came.next(), "w1");
  for (int i = 0; i < 200; ++i) {
    peer.handle()->send(frame_kind::ready, "message " + std::to_string(i));
    const auto message = node.messages.next();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->kind, frame_kind::ready);
    EXPECT_EQ(message->bytes, "message " + std::to_string(i));
    message->handle->send(frame_kind::work, std::string(1000, 'x'));
    const auto frame = peer.frames.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->bytes.size(), 1000u);
  }
}

TEST_F(fleet, every_refusal_is_reported_to_the_peer) {
  fleet_node node{"127.0.0.1:0", {}, files.node()};
  auto other_engine = hello_of(fleet_role::worker, "w1");
  other_engine.engine = "another";
  auto too_many_cores = hello_of(fleet_role::worker, "w1");
  too_many_cores.cores = 5'000;
  const std::vector<attempt> all{
    {"a worker as operator", files.of(worker), hello_of(fleet_role::operating, "w1"),
     "the certificate is of a worker"},
    {"an operator as worker", files.of(boss), hello_of(fleet_role::worker, "me"),
     "the certificate is of a operator"},
    {"a worker under another name", files.of(worker), hello_of(fleet_role::worker, "w2"),
     "the certificate is of w1"},
    {"a node as a peer", files.of({.name = "n2", .role = fleet_role::node, .hosts = {"h"}}),
     hello_of(fleet_role::node, "n2"), "role node: not served by this node"},
    {"another engine", files.of(worker), other_engine, "run the same release"},
    {"too many cores", files.of(worker), too_many_cores, "cores: expected"},
    {"a miner without a hotkey", files.of({.name = "m", .role = fleet_role::miner}),
     hello_of(fleet_role::miner, "m"), "hotkey: expected"},
  };
  for (const auto& [what, settings, who, reason] : all) {
    SCOPED_TRACE(what);
    fleet_peer_program peer{node.where(), who, settings};
    const auto down = peer.downs.next();
    ASSERT_TRUE(down);
    EXPECT_TRUE(down->refused);
    EXPECT_NE(down->why.find(reason), std::string::npos) << down->why;
  }
  EXPECT_FALSE(node.came.next_within(std::chrono::milliseconds(0)));
}

TEST_F(fleet, tls_keeps_strangers_out) {
  fleet_node node{"127.0.0.1:0", {}, files.node()};
  // Files that our own program would refuse to start with go around its check.
  const auto by_force = [](const fleet_settings& with, const fleet_settings& shown) {
    auto network = *fleet_network_of(with, "127.0.0.1:0");
    const_cast<net::tls_files&>(network.identity->kept_files())
      = {shown.ca, shown.certificate, shown.key};
    return network;
  };
  const auto good = files.of(worker);
  const auto who = hello_of(fleet_role::worker, "w1");
  const auto old
    = files.of({.name = "old", .role = fleet_role::worker, .days = 1, .days_from = -9});
  const auto server
    = files.of({.name = "srv", .role = fleet_role::worker, .usage = net::tls_usage::server});
  auto foreign = files.of(worker, files.theirs());
  auto foreign_but_trusting = foreign;
  foreign_but_trusting.ca = good.ca;
  const std::vector<std::pair<const char*, fleet_network>> strangers{
    {"a certificate of another CA", by_force(good, foreign_but_trusting)},
    {"a peer that trusts another CA", by_force(good, foreign)},
    {"expired", by_force(good, old)},
    {"for servers only", by_force(good, server)},
    {"plaintext", *fleet_network_of(fleet_folder::insecure(), "127.0.0.1:0")},
  };
  for (const auto& [what, network] : strangers) {
    SCOPED_TRACE(what);
    fleet_peer_program peer{node.where(), who, network};
    const auto down = peer.downs.next();
    ASSERT_TRUE(down);
    EXPECT_NE(down->why.find("connect to"), std::string::npos) << down->why;
  }
  fleet_peer_program peer{node.where(), who, good};
  EXPECT_EQ(peer.ups.next(), "node") << "whoever may come in still does";
}

TEST_F(fleet, a_node_that_is_not_the_one_that_was_meant_is_left_alone) {
  const net::tls_order elsewhere{.name = "n3", .role = fleet_role::node, .hosts = {"10.9.9.9"}};
  fleet_node other{"127.0.0.1:0", {}, files.of(elsewhere)};
  fleet_peer_program peer{other.where(), hello_of(fleet_role::operating, "me"), files.of(boss)};
  auto down = peer.downs.next();
  ASSERT_TRUE(down);
  EXPECT_NE(down->why.find("its certificate is for 10.9.9.9, not for 127.0.0.1"), std::string::npos)
    << down->why;
  // A worker that plays a node, to lure an operator.
  fleet_node lure{"127.0.0.1:0",
                  {},
                  files.of({.name = "w9", .role = fleet_role::worker, .hosts = {"127.0.0.1"}})};
  fleet_peer_program lured{lure.where(), hello_of(fleet_role::operating, "me"), files.of(boss)};
  down = lured.downs.next();
  ASSERT_TRUE(down);
  EXPECT_NE(down->why.find("of a worker: expected one of a node"), std::string::npos) << down->why;
}

TEST_F(fleet, another_version_is_refused_with_the_reason) {
  fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
  fleet_program peer{fleet_folder::insecure()};
  received<std::string> reported;
  const auto greeter
    = peer.keep(peer.sys().spawn([&](caf::event_based_actor* self) -> caf::behavior {
        self->set_default_handler(caf::drop);
        return {
          [&reported](const fleet_frame& frame) {
            reported.add(storage::decode<verdict_message>(frame.bytes)->why);
          },
          [](const network_answer&) {},
        };
      }));
  auto face = guard_ref::make(peer.sys(), greeter, is_greeting);
  received<caf::strong_actor_ptr> found;
  const auto finder = peer.keep(peer.sys().spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&found](const network_answer& answer) { found.add(answer.far); }};
  }));
  connect(peer.sys(), peer.network(), node.where(), 1, finder);
  const auto at = found.next();
  ASSERT_TRUE(at && *at);
  caf::anon_send(caf::actor_cast<caf::actor>(*at), fleet_hello{99, face.handle(), "whatever"});
  const auto why = reported.next();
  ASSERT_TRUE(why);
  EXPECT_NE(why->find("protocol version 99: expected 1"), std::string::npos) << *why;
  face->retire();
}

TEST_F(fleet, without_certificates_nobody_is_an_operator) {
  fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
  fleet_peer_program worker_peer{node.where(), hello_of(fleet_role::worker, "w1"),
                                 fleet_folder::insecure()};
  EXPECT_TRUE(worker_peer.ups.next());
  fleet_peer_program peer{node.where(), hello_of(fleet_role::operating, "me"),
                          fleet_folder::insecure()};
  const auto down = peer.downs.next();
  ASSERT_TRUE(down);
  EXPECT_NE(down->why.find("role operator: refused without certificates"), std::string::npos);
}

TEST_F(fleet, a_miner_proves_its_hotkey) {
  fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
  const auto pair = net::make_key_pair(net::secret_seed::fresh());
  const auto other = net::make_key_pair(net::secret_seed::fresh());
  auto who = hello_of(fleet_role::miner, "m1");
  who.hotkey = pair.address;
  for (const bool right : {false, true}) {
    fleet_program peer{fleet_folder::insecure()};
    received<std::string> messages;
    const auto owner = peer.keep(peer.sys().spawn([&](caf::event_based_actor*) -> caf::behavior {
      return {
        [&messages](const link_up&) { messages.add("up"); },
        [&messages](const link_down& down) { messages.add(down.why); },
      };
    }));
    peer.keep(spawn_link(peer.sys(),
                         {.network = peer.network(),
                          .where = node.where(),
                          .who = who,
                          .sign =
                            [&, right](const std::string& text) {
                              return net::to_hex(
                                net::sign(right ? pair.secret : other.secret, text));
                            }},
                         owner));
    const auto message = messages.next();
    ASSERT_TRUE(message);
    if (right)
      EXPECT_EQ(*message, "up");
    else
      EXPECT_NE(message->find("hotkey: its signature is not good"), std::string::npos) << *message;
  }
}

TEST_F(fleet, who_floods_is_out_and_nobody_else_notices) {
  fleet_node node{"127.0.0.1:0", {.frames = 8}, files.node()};
  fleet_peer_program good{node.where(), hello_of(fleet_role::worker, "w1"), files.of(worker)};
  fleet_peer_program bad{node.where(), hello_of(fleet_role::worker, "w2"),
                         files.of({.name = "w2", .role = fleet_role::worker})};
  ASSERT_TRUE(good.ups.next() && bad.ups.next());
  for (int i = 0; i < 50'000; ++i)
    bad.handle()->send(frame_kind::ready, std::string(100, 'x'));
  EXPECT_EQ(node.left.next(), "w2");
  good.handle()->send(frame_kind::ready, "still here");
  for (;;) {
    const auto message = node.messages.next();
    ASSERT_TRUE(message);
    if (message->peer == "w1") {
      EXPECT_EQ(message->bytes, "still here");
      break;
    }
  }
}

TEST_F(fleet, who_sends_what_is_not_its_to_send_is_disconnected) {
  fleet_node node{"127.0.0.1:0", {}, files.node()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"), files.of(worker)};
  ASSERT_TRUE(peer.ups.next());
  peer.handle()->send(frame_kind::admin_line, "stop --yes");
  const auto message = node.messages.next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, frame_kind::verdict);
  EXPECT_NE(message->bytes.find("sent what is not its to send"), std::string::npos)
    << message->bytes;
  EXPECT_EQ(node.left.next(), "w1");
}

TEST_F(fleet, either_side_may_come_back) {
  auto node = std::make_unique<fleet_node>("127.0.0.1:0", guard_bounds{}, files.node());
  const auto where = node->where();
  fleet_peer_program peer{where, hello_of(fleet_role::worker, "w1"), files.of(worker)};
  ASSERT_TRUE(peer.ups.next());
  node = nullptr; // as a process that ends
  const auto down = peer.downs.next();
  ASSERT_TRUE(down);
  EXPECT_FALSE(down->refused);
  node = std::make_unique<fleet_node>(where, guard_bounds{}, files.node());
  EXPECT_TRUE(peer.ups.next()) << "the same link, in again";
  EXPECT_EQ(node->came.next(), "w1");
  peer.handle()->send(frame_kind::ready, "again");
  EXPECT_EQ(node->messages.next()->bytes, "again");
}

TEST_F(fleet, nothing_but_the_guard_can_be_reached_by_number_or_name) {
  fleet_node node{"127.0.0.1:0", {}, files.node()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"), files.of(worker)};
  ASSERT_TRUE(peer.ups.next() && node.came.next());
  // The guard; and one of CAF's own per connection, which waits for what its spawn server would
  // send.
  const auto at_node = reachable(node), at_peer = reachable(peer);
  EXPECT_LE(at_node.size(), 2u);
  EXPECT_LE(at_peer.size(), 2u);
  for (int i = 0; i < 10; ++i) {
    peer.handle()->send(frame_kind::ready, "x");
    const auto message = node.messages.next();
    ASSERT_TRUE(message);
    message->handle->send(frame_kind::work, "y");
    ASSERT_TRUE(peer.frames.next());
  }
  EXPECT_EQ(reachable(node), at_node);
  EXPECT_EQ(reachable(peer), at_peer);
  EXPECT_FALSE(at_node.contains(node.fleet->id()));
  EXPECT_FALSE(at_peer.contains(peer.link->id()) || at_peer.contains(peer.owner->id()));
  for (auto* program : {static_cast<fleet_program*>(&node), static_cast<fleet_program*>(&peer)})
    for (const std::string name : {"SpawnServ", "ConfigServ"})
      EXPECT_FALSE(program->sys().registry().get(caf::atom_from_string(name))) << name;
}

} // namespace
} // namespace sluice::test
