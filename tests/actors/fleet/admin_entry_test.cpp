#include "actors/admin/views/commands_of.hpp"
#include "actors/fleet/admin_entry.hpp"
#include "actors/fleet/fleet_admin_link.hpp"
#include "tests/support/fleet_world.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace sluice::test {
namespace {

/// A node whose admin repeats what it is sent.
class admin_fleet : public ::testing::Test {
protected:
  fleet_folder files;
  fleet_program node{files.node()};
  received<admin_request> asked;
  std::string where;

  void SetUp() override {
    const auto admin
      = node.keep(node.sys().spawn([this](admin_actor::pointer) -> admin_actor::behavior_type {
          return {[this](const admin_request& request) {
            asked.add(request);
            return admin_reply{request.line != "nonsense",
                               request.line == "nonsense" ? "no such command" : "{}"};
          }};
        }));
    received<uint16_t> ports;
    node.keep(spawn_fleet(node.sys(),
                          {.network = node.network(),
                           .listen = "127.0.0.1:0",
                           .engine = "engine",
                           .listening = [&ports](uint16_t port) { ports.add(port); }},
                          {{}, {}, [admin](caf::actor_system& system, fleet_session session) {
                             return spawn_admin_entry(system, std::move(session), admin,
                                                      commands_of(all_mechanisms()));
                           }}));
    where = "127.0.0.1:" + std::to_string(ports.next().value_or(0));
  }

  std::unique_ptr<fleet_admin_link> shell(fleet_role role) const {
    auto link = fleet_admin_link::open(
      where, files.of({.name = "me-" + std::string{to_string(role)}, .role = role}));
    EXPECT_TRUE(link) << link.error().what;
    return link ? *std::move(link) : nullptr;
  }
};

TEST_F(admin_fleet, an_operator_is_known_by_the_name_of_its_certificate) {
  const auto link = shell(fleet_role::operating);
  for (int i = 0; i < 3; ++i) {
    const auto answer = link->ask("drain");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(*answer, "{}");
    EXPECT_EQ(asked.next(), (admin_request{"operator me-operator (fleet)", "drain"}));
  }
  const auto no = link->ask("nonsense");
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error(), (fault{ec::refused, "no such command"}));
}

TEST_F(admin_fleet, an_observer_only_reads) {
  const auto link = shell(fleet_role::observer);
  ASSERT_TRUE(link->ask("tree"));
  EXPECT_EQ(asked.next()->line, "tree");
  for (const auto* line : {"stop", "job remove weth-usdc", "miner ban 3 floods"}) {
    const auto no = link->ask(line);
    ASSERT_FALSE(no) << line;
    EXPECT_NE(no.error().what.find("an observer only reads"), std::string::npos) << no.error().what;
  }
  EXPECT_FALSE(asked.next_within(std::chrono::milliseconds(0)));
}

TEST_F(admin_fleet, the_reason_of_a_refusal_is_reported) {
  const auto worker
    = fleet_admin_link::open(where, files.of({.name = "w", .role = fleet_role::worker}));
  ASSERT_FALSE(worker);
  EXPECT_NE(worker.error().what.find("expected one of an operator"), std::string::npos);
  const auto insecure = fleet_admin_link::open(where, fleet_folder::insecure());
  ASSERT_FALSE(insecure);
  EXPECT_EQ(insecure.error().code, ec::refused);
  const auto nobody = fleet_admin_link::open(
    "127.0.0.1:1", files.of({.name = "me-operator", .role = fleet_role::operating}));
  ASSERT_TRUE(nobody);
  const auto answer = (*nobody)->ask("tree");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::test
