// Sharing of signed reports: the rules in virtual time, the way over TLS between real nodes.
#include "actors/consensus/report_share.hpp"
#include "net/consensus/report_client.hpp"
#include "rules/base64.hpp"
#include "rules/consensus/name.hpp"
#include "rules/fleet/share_message.hpp"
#include "storage/codec.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/fleet_world.hpp"

#include <atomic>
#include <map>

namespace sluice::test {
namespace {

constexpr uint64_t share_now_ms = 1'767'225'600'000;

net::key_pair validator_keys(uint8_t first) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(first);
  return net::make_key_pair(net::secret_seed{bytes});
}

signed_report report_of(uint8_t who, uint64_t epoch = 1) {
  signed_report x;
  x.validator_uid = who;
  x.epoch = epoch;
  x.issued_ms = share_now_ms;
  x.miner_statuses = R"([{"uid":50}])";
  net::sign_report(x, validator_keys(who));
  return x;
}

shared_report shared(const signed_report& x) {
  return {std::make_shared<const signed_report>(x)};
}

class report_sharing : public actor_test {
protected:
  /// A peer that only counts what it is sent.
  struct counted_peer {
    share_peer_actor actor;
    std::shared_ptr<size_t> reports = std::make_shared<size_t>(0);
    std::shared_ptr<size_t> answers = std::make_shared<size_t>(0);
  };

  counted_peer peer(const std::string& name) {
    counted_peer x;
    x.actor = mock<share_peer_actor>(
      [](atom::start) {}, [](const link_up&) {}, [](const link_down&) {}, [](const fleet_frame&) {},
      [](const fleet_offence&) {}, [n = x.reports](const shared_report&) { ++*n; },
      [n = x.answers](atom::done) { ++*n; });
    caf::anon_send(share, share_peer_state{x.actor, name, true});
    settle();
    return x;
  }

  void comes(const counted_peer& from, const signed_report& x) {
    caf::anon_send(share, peer_report{from.actor, std::make_shared<const signed_report>(x)});
    settle();
  }

  report_share_view view() { return ask<report_share_view>(share, atom::view_v); }

  std::vector<signed_report> taken;
  result<nothing> intake = nothing{};
  report_share_actor share = keep(spawn_report_share(
    sys, {{}, {}, {}, [] { return share_now_ms; }},
    {[this](const signed_report& x, const std::function<void(result<nothing>)>& done) {
      if (intake) {
        taken.push_back(x);
        caf::anon_send(share, shared(x)); // as the node's intake does with everything it takes
      }
      done(intake);
    }}));
};

TEST_F(report_sharing, what_this_node_took_goes_to_every_node_and_does_not_come_back) {
  const auto a = peer("a"), b = peer("b");
  caf::anon_send(share, shared(report_of(1)));
  settle();
  EXPECT_EQ(*a.reports, 1U);
  EXPECT_EQ(*b.reports, 1U);
  comes(a, report_of(1));
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(*b.reports, 1U);
  EXPECT_EQ(*a.answers, 1U);
  EXPECT_EQ(view().nodes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(view().known, 1U);
}

TEST_F(report_sharing, a_good_report_is_taken_once_and_goes_to_the_others_only) {
  const auto a = peer("a"), b = peer("b");
  comes(a, report_of(1));
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0], report_of(1));
  EXPECT_EQ(*a.reports, 0U);
  EXPECT_EQ(*b.reports, 1U);
  for (int i = 0; i < 3; ++i) {
    comes(b, report_of(1));
    comes(a, report_of(1));
  }
  EXPECT_EQ(taken.size(), 1U) << "the loop ends";
  EXPECT_EQ(*a.reports + *b.reports, 1U);
  EXPECT_EQ(*a.answers, 4U);
  EXPECT_EQ(*b.answers, 3U);
}

TEST_F(report_sharing, who_passes_a_report_on_cannot_forge_one) {
  const auto a = peer("a"), b = peer("b");
  const auto good = report_of(1);
  std::vector<signed_report> forged;
  for (const auto& change : std::vector<std::function<void(signed_report&)>>{
         [](auto& x) { x.miner_statuses = R"([{"uid":51}])"; },
         [](auto& x) { x.epoch = 2; },
         [](auto& x) { x.validator_uid = 9; },
         [](auto& x) { x.issued_ms += 1; },
         [](auto& x) { x.hotkey = validator_keys(2).address; },
         [](auto& x) { x.hotkey = "validator"; },
         [](auto& x) { x.signature = to_base64(std::string(64, '\0')); },
         [](auto& x) { x.signature.clear(); },
       }) {
    auto x = good;
    change(x);
    forged.push_back(x);
  }
  auto old = good;
  old.issued_ms -= 300'001;
  net::sign_report(old, validator_keys(1));
  forged.push_back(old); // a replay of what is over
  for (const auto& x : forged)
    comes(a, x);
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(*b.reports, 0U);
  EXPECT_EQ(*a.answers, forged.size());
  EXPECT_EQ(view().forged, forged.size());
  EXPECT_NE(view().last_error.find("node a shares"), std::string::npos) << view().last_error;
  comes(a, good); // none of them has spoiled the good one
  EXPECT_EQ(taken.size(), 1U);
}

TEST_F(report_sharing, what_the_intake_refuses_goes_no_further) {
  const auto a = peer("a"), b = peer("b");
  intake = fault{ec::refused, "no validator permit"};
  comes(a, report_of(1));
  EXPECT_EQ(*b.reports, 0U);
  EXPECT_EQ(view().refused, 1U);
  intake = nothing{}; // it has one now
  comes(a, report_of(1));
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(*b.reports, 1U);
}

TEST_F(report_sharing, nothing_is_sent_to_who_has_gone) {
  const auto a = peer("a");
  caf::anon_send(share, share_peer_state{a.actor, "a", false});
  caf::anon_send(share, shared(report_of(1)));
  settle();
  EXPECT_EQ(*a.reports, 0U);
  EXPECT_TRUE(view().nodes.empty());
}

// ---- over the fleet ---------------------------------------------------------------------------

/// A node: its share, whose intake takes everything, behind a fleet that other nodes come to.
class sharing_node : public fleet_program {
public:
  sharing_node(const fleet_settings& settings, const std::vector<std::string>& nodes)
    : fleet_program(settings) {
    auto own = settings;
    own.nodes = nodes;
    auto links = node_links_of(own);
    if (!links)
      throw std::runtime_error(links.error().what);
    share = keep(spawn_report_share(
      sys(), {*std::move(links), {}, {}, [] { return share_now_ms; }},
      {[this](const signed_report& x, const std::function<void(result<nothing>)>& done) {
        caf::anon_send(share, shared(x)); // as the node's intake does with everything it takes
        done(nothing{});
        taken.add(x); // last: who waits for it sees the rest
      }}));
    fleet = keep(spawn_fleet(sys(),
                             {.network = network(),
                              .listen = "127.0.0.1:0",
                              .engine = "engine",
                              .listening = [this](uint16_t port) { ports.add(port); }},
                             {{}, {}, {}, share_entry_of([this] { return share; })}));
    where = "127.0.0.1:" + std::to_string(ports.next().value_or(0));
  }

  ~sharing_node() {
    share = nullptr;
    fleet = nullptr;
    stop();
  }

  report_share_view view() {
    caf::scoped_actor self{sys()};
    report_share_view out;
    self->request(share, caf::infinite, atom::view_v)
      .receive([&](const report_share_view& x) { out = x; },
               [](const caf::error&) { ADD_FAILURE() << "no view"; });
    return out;
  }

  /// Waits until as many nodes are connected; a test failure after a minute.
  void wait_for(size_t nodes) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (view().nodes.size() < nodes)
      if (std::chrono::steady_clock::now() > until)
        return ADD_FAILURE() << "waited a minute for " << nodes << " nodes";
  }

  received<uint16_t> ports;
  received<signed_report> taken;
  report_share_actor share;
  fleet_actor fleet;
  std::string where;
};

class report_sharing_fleet : public ::testing::Test {
protected:
  fleet_settings node(const std::string& name) const {
    return files.of({.name = name, .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  }
  fleet_folder files;
};

TEST_F(report_sharing_fleet, a_report_reaches_every_node_once_whoever_took_it) {
  sharing_node a{node("a"), {}};
  sharing_node b{node("b"), {a.where}};
  sharing_node c{node("c"), {a.where, b.where}}; // a ring: reports come by two ways
  a.wait_for(2);
  b.wait_for(2);
  c.wait_for(2);
  const std::map<std::string, sharing_node*> all{{"a", &a}, {"b", &b}, {"c", &c}};
  uint64_t epoch = 0;
  for (const auto& [name, from] : all) {
    // More at once than may be unanswered.
    for (int i = 0; i < 100; ++i)
      caf::anon_send(from->share, shared(report_of(1, ++epoch)));
    for (const auto& [other, to] : all)
      if (other != name)
        for (int i = 0; i < 100; ++i) {
          const auto x = to->taken.next();
          ASSERT_TRUE(x) << name << " to " << other;
          EXPECT_EQ(x->miner_statuses, R"([{"uid":50}])");
        }
  }
  for (const auto& [name, one] : all) {
    EXPECT_FALSE(one->taken.next_within(std::chrono::milliseconds{0})) << "twice at " << name;
    EXPECT_EQ(one->view().taken, 200U);
    EXPECT_EQ(one->view().forged, 0U);
  }
}

TEST_F(report_sharing_fleet, only_nodes_share_and_a_forger_gets_nothing_in) {
  sharing_node a{node("a"), {}};
  sharing_node b{node("b"), {a.where}};
  a.wait_for(1);
  // A node that was taken over, with a good certificate.
  fleet_peer_program evil{a.where, hello_of(fleet_role::node, "evil"), node("evil")};
  ASSERT_EQ(evil.ups.next(), "a");
  auto forged = report_of(1);
  forged.miner_statuses = R"([{"uid":50,"is_serving":false}])";
  const auto send = [&](const std::string& bytes) {
    evil.handle()->send(
      frame_kind::from_node,
      storage::encode(share_message{std::string{consensus_name}, share_kind::value, bytes}));
  };
  send(storage::encode(forged));
  const auto answer = evil.frames.next();
  ASSERT_TRUE(answer);
  EXPECT_EQ(storage::decode<share_message>(answer->bytes)->kind, share_kind::answered);
  EXPECT_EQ(a.view().forged, 1U);
  send("no report");
  const auto away = evil.frames.next();
  ASSERT_TRUE(away);
  EXPECT_EQ(storage::decode<share_message>(away->bytes)->kind, share_kind::closing);
  // A worker's certificate shares nothing.
  const net::tls_order worker{.name = "w1", .role = fleet_role::worker};
  fleet_peer_program stranger{a.where, hello_of(fleet_role::node, "w1"), files.of(worker)};
  const auto refused = stranger.downs.next();
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->why.find("the certificate is of a worker"), std::string::npos) << refused->why;
  caf::anon_send(a.share, shared(report_of(2)));
  EXPECT_EQ(b.taken.next(), report_of(2));
  EXPECT_FALSE(b.taken.next_within(std::chrono::milliseconds{0}));
}

TEST_F(report_sharing_fleet, goes_on_when_a_node_comes_back) {
  const auto first = std::make_unique<sharing_node>(node("a"), std::vector<std::string>{});
  auto b = std::make_unique<sharing_node>(node("b"), std::vector{first->where});
  first->wait_for(1);
  b.reset();
  b = std::make_unique<sharing_node>(node("b"), std::vector{first->where});
  b->wait_for(1);
  // The first may learn of it a moment later than the second.
  std::optional<signed_report> came;
  for (uint64_t epoch = 1; epoch <= 600 && !came; ++epoch) {
    caf::anon_send(first->share, shared(report_of(3, epoch)));
    came = b->taken.next_within(std::chrono::milliseconds{100});
  }
  EXPECT_EQ(first->view().nodes, std::vector<std::string>{"b"}) << "the one that went is forgotten";
  ASSERT_TRUE(came);
  EXPECT_EQ(came->validator_uid, 3);
}

} // namespace
} // namespace sluice::test
