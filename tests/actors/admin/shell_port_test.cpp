// From a real socket to an actor and back, on real threads.
#include "actors/admin/shell_port.hpp"
#include "actors/base/promised_answer.hpp"
#include "messages/all.hpp"
#include "net/admin/client.hpp"
#include "tests/support/scratch_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <vector>

namespace sluice {

namespace {

struct messages_config : caf::actor_system_config {
  messages_config() { add_all_messages(*this); }
};

admin_actor::behavior_type answering(admin_actor::pointer self) {
  return {
    [self](const admin_request& x) -> caf::result<admin_reply> {
      if (x.line == "leave")
        self->quit();
      if (x.line == "error")
        return to_error({ec::busy, "somebody else has it"});
      return admin_reply{x.line != "no", x.line == "no" ? "no such job" : '"' + x.who + '"'};
    },
  };
}

/// Ends while it has a request in hand.
admin_actor::behavior_type ending(admin_actor::pointer self) {
  return {
    [self](const admin_request&) -> caf::result<admin_reply> {
      const promised_answer<admin_reply> open{self};
      self->quit();
      return open.promise();
    },
  };
}

std::string answer_text(const result<std::string>& x) {
  return x ? *x : x.error().what;
}

bool only_reads(std::string_view line) {
  return line != "act";
}

/// A system with a port, and a client who asks there.
class shell_ports : public testing::Test {
protected:
  void SetUp() override {
    auto opened = shell_port::open(system, folder.path(), only_reads);
    ASSERT_TRUE(opened) << opened.error().what;
    port.emplace(*std::move(opened));
  }
  void TearDown() override {
    port.reset();
    for (const auto& x : actors)
      caf::anon_send_exit(x, caf::exit_reason::kill);
  }

  admin_actor serve(admin_actor::behavior_type (*behavior)(admin_actor::pointer) = answering) {
    auto admin = system.spawn(behavior);
    actors.push_back(admin);
    port->serve(admin);
    return admin;
  }

  void wait_for_end_of(const admin_actor& x) {
    caf::scoped_actor self{system};
    self->wait_for(x);
  }

  const test::scratch_folder folder;
  messages_config config;
  caf::actor_system system{config};
  std::optional<shell_port> port;
  std::vector<admin_actor> actors;
  net::shell_client client{folder.path()};
};

TEST_F(shell_ports, bring_a_command_to_the_actor_and_its_answer_back) {
  serve();
  EXPECT_NE(answer_text(client.ask("tree")).find("(uid "), std::string::npos);
  EXPECT_EQ(answer_text(client.ask("no")), "no such job");
  EXPECT_EQ(answer_text(client.ask("error")), "somebody else has it");
}

TEST_F(shell_ports, keep_what_comes_before_the_first_actor_does) {
  auto answer = std::async(std::launch::async, [&] { return client.ask("tree"); });
  serve();
  EXPECT_TRUE(answer.get());
}

TEST_F(shell_ports, keep_the_connection_and_the_command_while_the_actor_is_restarted) {
  serve();
  EXPECT_TRUE(client.ask("leave")); // the actor ends
  auto answer = std::async(std::launch::async, [&] { return client.ask("tree"); });
  serve();
  EXPECT_TRUE(answer.get());
}

TEST_F(shell_ports, ask_again_what_only_reads) {
  const auto first = serve(ending);
  auto answer = std::async(std::launch::async, [&] { return client.ask("tree"); });
  wait_for_end_of(first);
  serve();
  EXPECT_TRUE(answer.get());
}

TEST_F(shell_ports, ask_no_third_time_what_may_be_why_the_actor_ended) {
  const auto first = serve(ending);
  auto answer = std::async(std::launch::async, [&] { return client.ask("tree"); });
  wait_for_end_of(first);
  serve(ending);
  EXPECT_EQ(answer_text(answer.get()),
            "the admin actor ended twice over this command; see the log");
}

TEST_F(shell_ports, do_not_ask_again_what_acts) {
  serve(ending);
  EXPECT_EQ(answer_text(client.ask("act")),
            "the admin actor was restarted before it answered; the command "
            "may have been done: see actions");
}

TEST_F(shell_ports, end_with_the_port_also_for_who_waits) {
  auto answer = std::async(std::launch::async, [&] { return client.ask("tree"); });
  port.reset();
  EXPECT_FALSE(answer.get());
}

TEST_F(shell_ports, state_why_they_cannot_listen) {
  const auto refused = shell_port::open(system, folder.at("none"), only_reads);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("none"), std::string::npos) << refused.error().what;
}

} // namespace

} // namespace sluice
