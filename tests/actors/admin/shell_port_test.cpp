// From a real socket to an actor and back, on real threads.
#include "actors/admin/shell_port.hpp"
#include "messages/all.hpp"
#include "net/admin/client.hpp"
#include "tests/support/scratch_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

namespace sluice {

namespace {

struct messages_config : caf::actor_system_config {
  messages_config() { add_all_messages(*this); }
};

admin_actor::behavior_type answering(admin_actor::pointer self) {
  return {
    [self](const admin_request& x) -> caf::result<admin_reply> {
      if (x.line == "fall")
        throw std::runtime_error("it fell");
      if (x.line == "leave")
        self->quit();
      if (x.line == "error")
        return to_error({ec::busy, "somebody else has it"});
      return admin_reply{x.line != "no", x.line == "no" ? "no such job" : '"' + x.who + '"'};
    },
  };
}

std::string said(const result<std::string>& x) {
  return x ? *x : x.error().what;
}

TEST(shell_port, brings_a_command_to_the_actor_and_its_answer_back) {
  const test::scratch_folder folder;
  messages_config config;
  caf::actor_system system{config};
  const auto admin = system.spawn(answering);
  {
    const auto port = open_shell_port(system, folder.path(), admin);
    ASSERT_TRUE(port) << port.error().what;
    net::shell_client client{folder.path()};
    EXPECT_NE(said(client.ask("tree")).find("(uid "), std::string::npos);
    EXPECT_EQ(said(client.ask("no")), "no such job");
    EXPECT_EQ(said(client.ask("error")), "somebody else has it");
  }
  caf::anon_send_exit(admin, caf::exit_reason::kill);
}

TEST(shell_port, answers_also_when_the_actor_has_gone) {
  const test::scratch_folder folder;
  messages_config config;
  caf::actor_system system{config};
  auto admin = system.spawn(answering);
  const auto port = open_shell_port(system, folder.path(), admin);
  ASSERT_TRUE(port);
  net::shell_client client{folder.path()};
  EXPECT_TRUE(client.ask("leave"));
  const auto gone = client.ask("tree");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ec::refused);
  admin = nullptr;
  EXPECT_FALSE(client.ask("tree"));
}

TEST(shell_port, says_why_it_cannot_listen) {
  const test::scratch_folder folder;
  messages_config config;
  caf::actor_system system{config};
  const auto admin = system.spawn(answering);
  EXPECT_FALSE(open_shell_port(system, folder.at("none"), admin));
  caf::anon_send_exit(admin, caf::exit_reason::kill);
}

} // namespace

} // namespace sluice
