#include "net/admin/client.hpp"
#include "net/admin/server.hpp"
#include "net/admin/socket_place.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <fstream>
#include <optional>
#include <pthread.h>
#include <thread>

namespace sluice::net {

namespace {

using namespace std::chrono_literals;

shell_server serve(const std::filesystem::path& folder, shell_server::request_function f) {
  auto opened = shell_server::open(folder, std::move(f));
  if (!opened)
    throw std::runtime_error(opened.error().what);
  return *std::move(opened);
}

/// The answer, or why there is none.
std::string answer_text(const result<std::string>& x) {
  return x ? *x : x.error().what;
}

void yes(const shell_request& request, const shell_server::reply_function& reply) {
  reply({true, '"' + request.line + '"'});
}

TEST(shell_client, gets_answers_and_refusals) {
  const test::scratch_folder folder;
  const auto server
    = serve(folder.path(), [](const shell_request& x, const shell_server::reply_function& reply) {
        reply(x.line == "tree" ? shell_reply{true, "[1, 2]"} : shell_reply{false, "no such job"});
      });
  shell_client client{folder.path()};
  EXPECT_EQ(answer_text(client.ask("tree")), "[1,2]");
  const auto refused = client.ask("job pause x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (fault{ec::refused, "no such job"}));
  EXPECT_EQ(answer_text(client.ask("tree")), "[1,2]");
  EXPECT_EQ(client.place(), folder.path().string());
}

TEST(shell_client, states_that_no_node_runs) {
  const test::scratch_folder folder;
  shell_client client{folder.path()};
  const auto nobody = client.ask("tree");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error(),
            (fault{ec::unreachable, folder.path().string() + ": no node runs there"}));
  shell_client nowhere{folder.at("none")};
  EXPECT_EQ(nowhere.ask("tree").error().code, ec::unreachable);
}

TEST(shell_client, finds_the_next_incarnation_of_a_node) {
  const test::scratch_folder folder;
  std::optional<shell_server> server;
  server.emplace(serve(folder.path(), yes));
  shell_client client{folder.path()};
  EXPECT_TRUE(client.ask("a"));
  server.reset();
  EXPECT_EQ(client.ask("b").error().code, ec::unreachable);
  server.emplace(serve(folder.path(), yes));
  EXPECT_EQ(answer_text(client.ask("c")), "\"c\"");
  server.reset();
  server.emplace(serve(folder.path(), yes)); // between two questions nobody notices
  EXPECT_EQ(answer_text(client.ask("d")), "\"d\"");
}

TEST(shell_client, does_not_wait_for_ever) {
  const test::scratch_folder folder;
  std::vector<shell_server::reply_function> kept;
  const auto server
    = serve(folder.path(), [&](const shell_request&, const shell_server::reply_function& reply) {
        kept.push_back(reply);
      });
  shell_client client{folder.path(), {.patience = 20ms, .interrupted = {}}};
  const auto late = client.ask("tree");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ec::timeout);
}

TEST(shell_client, gives_up_when_it_is_interrupted) {
  const test::scratch_folder folder;
  struct sigaction wakes {};
  wakes.sa_handler = [](int) {}; // without SA_RESTART: poll() returns
  ASSERT_EQ(::sigaction(SIGUSR1, &wakes, nullptr), 0);
  const auto asking = ::pthread_self();
  std::vector<shell_server::reply_function> kept;
  const auto server
    = serve(folder.path(), [&](const shell_request& x, const shell_server::reply_function& reply) {
        if (x.line == "quick")
          return reply({true, "1"});
        kept.push_back(reply);
        ::pthread_kill(asking, SIGUSR1);
      });
  int signals = 0;
  shell_client client{folder.path(),
                      {.patience = 60s, .interrupted = [&] { return ++signals > 0; }}};
  // The signal may come before poll() waits; it is sent again until it is received.
  std::atomic<bool> received{false};
  std::thread again{[&] {
    while (!received) {
      ::pthread_kill(asking, SIGUSR1);
      std::this_thread::yield();
    }
  }};
  const auto given_up = client.ask("long");
  received = true;
  again.join();
  ASSERT_FALSE(given_up);
  EXPECT_EQ(given_up.error(), (fault{ec::timeout, "given up; the node may do it yet"}));
}

TEST(shell_client, is_no_fool_of_a_stranger) {
  const test::scratch_folder folder;
  const auto place = socket_place::in(folder.path(), shell_socket_name);
  ASSERT_TRUE(place);
  const descriptor listening{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  ASSERT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&place->address()),
                   sizeof(sockaddr_un)),
            0);
  ASSERT_EQ(::listen(listening.get(), 4), 0);
  std::thread stranger{[&] {
    for (std::string_view greeting : {"SSH-2.0-OpenSSH_9.2\n", ""}) {
      const descriptor peer{::accept(listening.get(), nullptr, nullptr)};
      [[maybe_unused]] const auto put
        = ::send(peer.get(), greeting.data(), greeting.size(), MSG_NOSIGNAL);
      char buffer[256];
      [[maybe_unused]] const auto got = ::recv(peer.get(), buffer, sizeof buffer, 0);
    }
  }};
  shell_client client{folder.path()};
  EXPECT_EQ(client.ask("tree").error(),
            (fault{ec::corrupt_data, folder.path().string() + ": what answers is no sluice node"}));
  EXPECT_EQ(client.ask("tree").error(),
            (fault{ec::unreachable, "the node went away before it answered"}));
  stranger.join();
}

} // namespace

} // namespace sluice::net
