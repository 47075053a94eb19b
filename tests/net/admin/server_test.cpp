#include "net/admin/client.hpp"
#include "net/admin/server.hpp"
#include "net/admin/socket_place.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <grp.h>
#include <mutex>
#include <pwd.h>
#include <thread>
#include <unistd.h>

namespace sluice::net {

namespace {

using namespace std::chrono_literals;

/// A peer that writes bytes and reads lines, whatever they are.
class raw_peer {
public:
  explicit raw_peer(const std::filesystem::path& folder)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const auto place = socket_place::in(folder, shell_socket_name);
    connected_ = place
                 && ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&place->address()),
                              sizeof(sockaddr_un))
                      == 0;
    error_ = errno;
  }

  bool connected() const { return connected_; }
  int error() const { return error_; }
  void put(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        return;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }
  void end() const { ::shutdown(socket_.get(), SHUT_WR); }
  /// The next line, or "" when the other side has closed.
  std::string line() {
    for (size_t seen = 0;;) {
      if (const auto end = in_.find('\n', seen); end != std::string::npos) {
        auto one = in_.substr(0, end);
        in_.erase(0, end + 1);
        return one;
      }
      seen = in_.size();
      char buffer[65536];
      const auto got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (got <= 0)
        return "";
      in_.append(buffer, static_cast<size_t>(got));
    }
  }

private:
  descriptor socket_;
  std::string in_;
  bool connected_ = false;
  int error_ = 0;
};

/// Sends the line back, with who asked.
void echo(const shell_request& request, const shell_server::reply_function& reply) {
  if (request.line.starts_with("no "))
    reply({false, request.line});
  else
    reply({true, "\"" + request.who + ": " + request.line + "\""});
}

class shell_server_of_a_node : public testing::Test {
protected:
  shell_server serve(shell_server::request_function f = echo, shell_limits limits = {}) {
    auto opened = shell_server::open(folder.path(), std::move(f), limits);
    if (!opened)
      throw std::runtime_error(opened.error().what);
    return *std::move(opened);
  }

  std::string me() const {
    const auto* entry = ::getpwuid(::geteuid());
    return std::string{entry ? entry->pw_name : "somebody"} + " (uid " + std::to_string(::geteuid())
           + ")";
  }

  test::scratch_folder folder;
};

TEST_F(shell_server_of_a_node, answers_with_the_number_of_the_question_and_knows_who_asks) {
  const auto server = serve();
  raw_peer peer{folder.path()};
  peer.put("{\"id\":41,\"line\":\"tree\"}\n{\"id\":2,\"line\":\"no way\"}\n");
  EXPECT_EQ(peer.line(), R"({"id":41,"ok":true,"data":")" + me() + R"(: tree"})");
  EXPECT_EQ(peer.line(), R"({"id":2,"ok":false,"error":"no way"})");
}

TEST_F(shell_server_of_a_node, is_open_to_its_owner_only) {
  const auto server = serve();
  struct stat seen {};
  ASSERT_EQ(::stat(server.path().c_str(), &seen), 0);
  EXPECT_TRUE(S_ISSOCK(seen.st_mode));
  EXPECT_EQ(seen.st_mode & 0777, 0600U);
}

TEST_F(shell_server_of_a_node, finishes_with_a_client_that_sends_no_more) {
  const auto server = serve();
  raw_peer peer{folder.path()};
  peer.put("{\"id\":1,\"line\":\"a\"}\n{\"id\":2,\"line\":\"b\"}\nhalf a li");
  peer.end();
  EXPECT_NE(peer.line(), "");
  EXPECT_NE(peer.line(), "");
  EXPECT_EQ(peer.line(), ""); // closed
}

TEST_F(shell_server_of_a_node, states_what_it_expected_and_goes_on) {
  const auto server = serve();
  raw_peer peer{folder.path()};
  peer.put("tree\n{\"id\":1,\"line\":\"tree\"}\n");
  EXPECT_EQ(
    peer.line(),
    R"({"id":null,"ok":false,"error":"expected one line like {\"id\":1,\"line\":\"tree\"}"})");
  EXPECT_NE(peer.line().find("\"id\":1,\"ok\":true"), std::string::npos);
}

TEST_F(shell_server_of_a_node, closes_on_a_line_that_never_ends) {
  const auto server = serve();
  for (const bool with_end : {false, true}) {
    raw_peer peer{folder.path()};
    peer.put(std::string((size_t{64} << 10) + 1, 'x') + (with_end ? "\n" : ""));
    EXPECT_EQ(peer.line(),
              R"({"id":null,"ok":false,"error":"a question longer than 65536 bytes"})");
    EXPECT_EQ(peer.line(), "");
  }
}

TEST_F(shell_server_of_a_node, does_not_send_more_than_it_may) {
  const auto server = serve(
    [](const shell_request& request, const shell_server::reply_function& reply) {
      reply({true, '"' + std::string(std::stoul(request.line), 'x') + '"'});
    },
    {.reply_bytes_max = 1000});
  raw_peer peer{folder.path()};
  peer.put("{\"id\":1,\"line\":\"999\"}\n{\"id\":2,\"line\":\"998\"}\n");
  EXPECT_EQ(peer.line(), R"({"id":1,"ok":false,"error":"an answer of 1001 bytes; )"
                         R"(at most 1000 are sent: ask for less"})");
  EXPECT_EQ(peer.line(), R"({"id":2,"ok":true,"data":")" + std::string(998, 'x') + "\"}");
}

TEST_F(shell_server_of_a_node, is_not_held_up_by_clients_that_do_not_read) {
  const auto server = serve([](const shell_request&, const shell_server::reply_function& reply) {
    reply({true, '"' + std::string(size_t{1} << 20, 'x') + '"'});
  });
  std::vector<std::unique_ptr<raw_peer>> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(std::make_unique<raw_peer>(folder.path()));
    slow.back()->put("{\"id\":1,\"line\":\"a\"}\n{\"id\":2,\"line\":\"b\"}\n");
  }
  raw_peer quick{folder.path()};
  for (int i = 0; i < 3; ++i) {
    quick.put("{\"id\":7,\"line\":\"c\"}\n");
    EXPECT_GT(quick.line().size(), size_t{1} << 20);
  }
  for (auto& x : slow) { // and they get theirs when they do read
    EXPECT_GT(x->line().size(), size_t{1} << 20);
    EXPECT_TRUE(x->line().starts_with(R"({"id":2,)"));
  }
}

TEST_F(shell_server_of_a_node, reports_the_first_that_is_too_many) {
  const auto server = serve(echo, {.clients_max = 2});
  raw_peer one{folder.path()};
  raw_peer two{folder.path()};
  one.put("{\"id\":1,\"line\":\"a\"}\n");
  two.put("{\"id\":1,\"line\":\"a\"}\n");
  EXPECT_NE(one.line(), "");
  EXPECT_NE(two.line(), "");
  raw_peer three{folder.path()};
  EXPECT_EQ(
    three.line(),
    R"({"id":null,"ok":false,"error":"2 shells are connected, as many as may be; close one"})");
  EXPECT_EQ(three.line(), "");
}

TEST_F(shell_server_of_a_node, answers_a_client_whose_question_was_dropped) {
  const auto server = serve([](const shell_request&, const shell_server::reply_function&) {});
  raw_peer peer{folder.path()};
  peer.put("{\"id\":5,\"line\":\"a\"}\n");
  EXPECT_EQ(peer.line(),
            R"({"id":5,"ok":false,"error":"the node dropped the question; ask again"})");
}

TEST_F(shell_server_of_a_node, takes_answers_from_any_thread_and_only_the_first) {
  const auto server
    = serve([](const shell_request& request, const shell_server::reply_function& reply) {
        std::thread{[reply, line = request.line] {
          reply({true, '"' + line + '"'});
          reply({false, "again"});
        }}.detach();
      });
  std::vector<std::thread> clients;
  std::atomic<int> wrong{0};
  for (int c = 0; c < 8; ++c)
    clients.emplace_back([&, c] {
      shell_client client{folder.path()};
      for (int i = 0; i < 50; ++i) {
        const auto text = std::to_string(c) + '.' + std::to_string(i);
        const auto answer = client.ask(text);
        wrong += !answer || *answer != '"' + text + '"';
      }
    });
  for (auto& x : clients)
    x.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(shell_server_of_a_node, may_be_gone_before_an_answer_comes) {
  shell_server::reply_function late;
  std::mutex mutex;
  std::condition_variable came;
  {
    const auto server = serve([&](const shell_request&, const shell_server::reply_function& reply) {
      const std::lock_guard lock{mutex};
      late = reply;
      came.notify_one();
    });
    raw_peer peer{folder.path()};
    peer.put("{\"id\":5,\"line\":\"a\"}\n");
    std::unique_lock lock{mutex};
    came.wait(lock, [&] { return static_cast<bool>(late); });
  }
  late({true, "1"});
  EXPECT_FALSE(std::filesystem::exists(folder.at("shell.sock")));
}

TEST_F(shell_server_of_a_node, replaces_the_socket_of_a_dead_one) {
  const auto child = ::fork();
  if (child == 0) {
    auto opened = shell_server::open(folder.path(), echo);
    ::_exit(opened ? 0 : 1); // nobody takes the file away
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(std::filesystem::exists(folder.at("shell.sock")));
  const auto server = serve();
  shell_client client{folder.path()};
  EXPECT_TRUE(client.ask("tree"));
}

TEST_F(shell_server_of_a_node, leaves_a_living_one_and_a_strangers_file_alone) {
  {
    const auto server = serve();
    const auto second = shell_server::open(folder.path(), echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ec::busy);
    EXPECT_EQ(second.error().what, folder.at("shell.sock") + ": another node answers there");
    shell_client client{folder.path()};
    EXPECT_TRUE(client.ask("tree"));
  }
  folder.write("shell.sock", "a file");
  const auto third = shell_server::open(folder.path(), echo);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ec::bad_input);
  EXPECT_EQ(folder.read("shell.sock"), "a file");
}

TEST_F(shell_server_of_a_node, listens_in_a_folder_with_a_long_name) {
  const auto deep = folder.path() / std::string(120, 'd');
  std::filesystem::create_directory(deep);
  {
    auto server = shell_server::open(deep, echo);
    ASSERT_TRUE(server) << server.error().what;
    EXPECT_TRUE(std::filesystem::is_socket(deep / "shell.sock"));
    shell_client client{deep};
    const auto answer = client.ask("tree");
    ASSERT_TRUE(answer) << answer.error().what;
  }
  EXPECT_FALSE(std::filesystem::exists(deep / "shell.sock"));
}

/// What a user without any rights receives, in a process of its own.
std::string error_of_start(const std::filesystem::path& folder) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const auto child = ::fork();
  if (child == 0) {
    const bool changed
      = ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
    raw_peer peer{folder};
    auto text = changed ? std::string{} : "still root";
    if (changed)
      text = peer.connected() ? peer.line() : std::strerror(peer.error());
    [[maybe_unused]] const auto put = ::write(ends[1], text.data(), text.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text(4096, '\0');
  const auto got = ::read(ends[0], text.data(), text.size());
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

TEST_F(shell_server_of_a_node, answers_no_other_user_even_when_the_file_is_open_to_all) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can become somebody else";
  const auto server = serve();
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  EXPECT_EQ(error_of_start(folder.path()), "Permission denied");
  std::filesystem::permissions(server.path(), std::filesystem::perms{0777});
  EXPECT_EQ(error_of_start(folder.path()), R"({"id":null,"ok":false,"error":"this node answers )"
                                             + me() + " and root only, not nobody (uid 65534)\"}");
}

} // namespace

} // namespace sluice::net
