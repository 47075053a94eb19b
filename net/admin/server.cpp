#include "net/admin/server.hpp"

#include "net/admin/socket_place.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <pwd.h>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

constexpr int backlog = 16;
constexpr int no_descriptor_pause_ms = 200;

/// "root (uid 0)".
std::string user_text(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
  return (known ? std::string{entry.pw_name} : "somebody") + " (uid " + std::to_string(uid) + ")";
}

/// Answers on their way to the server's thread. Outlives the server in whoever still holds one.
class outbox {
public:
  outbox() : bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void put(uint64_t client, shell_answer answer) {
    const std::lock_guard lock{mutex_};
    answers_.emplace_back(client, std::move(answer));
    ring();
  }
  void ring() const {
    const uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(bell_.get(), &one, sizeof one);
  }
  std::vector<std::pair<uint64_t, shell_answer>> take() {
    uint64_t ignored = 0;
    [[maybe_unused]] const auto got = ::read(bell_.get(), &ignored, sizeof ignored);
    const std::lock_guard lock{mutex_};
    return std::exchange(answers_, {});
  }
  int bell() const { return bell_.get(); }

private:
  std::mutex mutex_;
  std::vector<std::pair<uint64_t, shell_answer>> answers_;
  descriptor bell_;
};

/// Answers one question once, at the latest when it goes.
class promise {
public:
  promise(std::shared_ptr<outbox> to, uint64_t client, uint64_t id)
    : to_(std::move(to)), client_(client), id_(id) {}
  promise(const promise&) = delete;
  ~promise() { answer({false, "the node dropped the question; ask again"}); }

  void answer(shell_reply reply) {
    if (!answered_.exchange(true))
      to_->put(client_, {id_, std::move(reply)});
  }

private:
  std::shared_ptr<outbox> to_;
  uint64_t client_;
  uint64_t id_;
  std::atomic<bool> answered_{false};
};

struct client {
  descriptor socket;
  std::string who;
  std::string in;
  std::string out;
  size_t written = 0;
  bool asked = false; // an answer is on its way
  bool ended = false; // sends nothing more
  bool last = false;  // closed when `out` is written

  bool writes() const { return written < out.size(); }
  bool reads() const { return !asked && !writes() && !ended && !last; }
  bool over() const { return !asked && !writes() && (last || (ended && in.empty())); }
  void add(const shell_answer& answer) { out += to_line(answer) + '\n'; }
};

/// Is somebody answering there?
bool answers(const socket_place& place) {
  const descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const auto& address = place.address();
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
         || errno == EAGAIN; // a full backlog is somebody as well
}

result<nothing> free_place(const socket_place& place) {
  struct stat seen {};
  if (::lstat(place.path().c_str(), &seen) != 0) {
    if (errno == ENOENT)
      return nothing{};
    return fault{ec::unreachable, place.path().string() + ": " + std::strerror(errno)};
  }
  if (!S_ISSOCK(seen.st_mode))
    return fault{ec::bad_input,
                 place.path().string() + ": not a socket; move it away, the shell's goes there"};
  if (answers(place))
    return fault{ec::busy, place.path().string() + ": another node answers there"};
  if (::unlink(place.path().c_str()) != 0 && errno != ENOENT)
    return fault{ec::unreachable, place.path().string()
                                    + ": a dead node's socket that cannot be "
                                      "taken away: "
                                    + std::strerror(errno)};
  return nothing{};
}

result<descriptor> listen_at(const socket_place& place) {
  const auto failed = [&](const char* doing) {
    return fault{ec::unreachable,
                 place.path().string() + ": cannot " + doing + ": " + std::strerror(errno)};
  };
  descriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket)
    return failed("make a socket");
  // Before it has a name: the file is never there with more rights than these.
  if (::fchmod(socket.get(), 0600) != 0)
    return failed("close it to others");
  const auto& address = place.address();
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return failed("make the socket there");
  if (::listen(socket.get(), backlog) != 0)
    return failed("listen there");
  return socket;
}

} // namespace

struct shell_server::port {
  port(socket_place where, descriptor listener, request_function on_request, shell_limits most)
    : place(std::move(where)), listening(std::move(listener)), ask(std::move(on_request)),
      limits(most) {
    struct stat seen {};
    if (::lstat(place.path().c_str(), &seen) == 0)
      inode = seen.st_ino;
    thread = std::thread{[this] { serve(); }};
  }

  ~port() {
    stopping = true;
    answers->ring();
    thread.join();
    struct stat seen {};
    if (::lstat(place.path().c_str(), &seen) == 0 && seen.st_ino == inode)
      ::unlink(place.path().c_str());
  }

  void serve() {
    while (!stopping) {
      // Where no descriptor is left no connection can be accepted: that is tried again a little
      // later.
      const short accepts = no_descriptor ? 0 : POLLIN;
      std::vector<pollfd> watched{{answers->bell(), POLLIN, 0}, {listening.get(), accepts, 0}};
      std::vector<uint64_t> who;
      for (const auto& [number, x] : clients) {
        const int events = (x.reads() ? POLLIN : 0) | (x.writes() ? POLLOUT : 0);
        watched.push_back({x.socket.get(), static_cast<short>(events), 0});
        who.push_back(number);
      }
      const int ready
        = ::poll(watched.data(), watched.size(), no_descriptor ? no_descriptor_pause_ms : -1);
      no_descriptor = false;
      if (ready < 0)
        continue; // a signal
      if (watched[0].revents != 0)
        deliver();
      for (size_t i = 0; i < who.size(); ++i)
        if (watched[i + 2].revents != 0)
          attend(who[i], watched[i + 2].revents);
      if (watched[1].revents != 0)
        accept_client();
    }
  }

  void accept_client() {
    descriptor socket{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket) {
      no_descriptor = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      return;
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
      return;
    client fresh;
    fresh.socket = std::move(socket);
    fresh.who = user_text(peer.uid);
    if (peer.uid != ::geteuid() && peer.uid != 0) {
      fresh.add({std::nullopt,
                 {false, "this node answers " + user_text(::geteuid()) + " and root only, not "
                           + fresh.who}});
      fresh.last = true;
    } else if (clients.size() >= limits.clients_max) {
      fresh.add({std::nullopt,
                 {false, std::to_string(clients.size())
                           + " shells are connected, as many as may "
                             "be; close one"}});
      fresh.last = true;
    }
    const auto number = next_client++;
    attend(clients.emplace(number, std::move(fresh)).first->first, POLLOUT);
  }

  void deliver() {
    for (auto& [number, answer] : answers->take()) {
      const auto i = clients.find(number);
      if (i == clients.end())
        continue;
      auto& x = i->second;
      x.asked = false;
      if (answer.reply.text.size() > limits.reply_bytes_max)
        answer.reply
          = {false, "an answer of " + std::to_string(answer.reply.text.size()) + " bytes; at most "
                      + std::to_string(limits.reply_bytes_max) + " are sent: ask for less"};
      x.add(answer);
      attend(number, POLLOUT);
    }
  }

  /// Reads, writes and asks as far as it goes; forgets who is gone.
  void attend(uint64_t number, int events) {
    const auto i = clients.find(number);
    if (i == clients.end())
      return;
    auto& x = i->second;
    bool lost
      = (events & (POLLERR | POLLNVAL)) != 0 || ((events & POLLHUP) != 0 && (events & POLLIN) == 0);
    if (!lost && (events & POLLIN) != 0)
      lost = !read(x);
    for (bool more = true; !lost && more;) {
      lost = !write(x);
      more = !lost && !x.writes() && next_question(number, x);
    }
    if (lost || x.over())
      clients.erase(i);
  }

  static bool read(client& x) {
    std::array<char, 16 * 1024> buffer{};
    const auto got = ::recv(x.socket.get(), buffer.data(), buffer.size(), 0);
    if (got > 0)
      x.in.append(buffer.data(), static_cast<size_t>(got));
    x.ended = got == 0;
    return got >= 0 || errno == EAGAIN || errno == EINTR;
  }

  static bool write(client& x) {
    while (x.writes()) {
      const auto put = ::send(x.socket.get(), x.out.data() + x.written, x.out.size() - x.written,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
      if (put < 0)
        return errno == EAGAIN || errno == EINTR;
      x.written += static_cast<size_t>(put);
    }
    x.out = {}; // gives the memory of a long answer back
    x.written = 0;
    return true;
  }

  /// Takes a line of the client's, if there is one; true when there is something to write.
  bool next_question(uint64_t number, client& x) {
    if (x.asked || x.last)
      return false;
    const auto end = x.in.find('\n');
    if (end == std::string::npos && x.in.size() <= limits.request_bytes_max) {
      if (x.ended)
        x.in.clear(); // what is left of a line
      return false;
    }
    if (std::min(end, x.in.size()) > limits.request_bytes_max) {
      x.add(
        {std::nullopt,
         {false, "a question longer than " + std::to_string(limits.request_bytes_max) + " bytes"}});
      x.last = true;
      return true;
    }
    const auto line = x.in.substr(0, end);
    x.in.erase(0, end + 1);
    auto question = parse_question(line);
    if (!question) {
      x.add({std::nullopt, {false, question.error().what}});
      return true;
    }
    x.asked = true;
    auto one = std::make_shared<promise>(answers, number, question->id);
    ask({x.who, std::move(question->line)},
        [one](shell_reply reply) { one->answer(std::move(reply)); });
    return false;
  }

  socket_place place;
  descriptor listening;
  request_function ask;
  shell_limits limits;
  ino_t inode = 0;
  std::shared_ptr<outbox> answers = std::make_shared<outbox>();
  std::map<uint64_t, client> clients;
  uint64_t next_client = 1;
  bool no_descriptor = false;
  std::atomic<bool> stopping{false};
  std::thread thread;
};

shell_server::shell_server(std::unique_ptr<port> x) : port_(std::move(x)) {}
shell_server::shell_server(shell_server&&) noexcept = default;
shell_server::~shell_server() = default;

result<shell_server> shell_server::open(const std::filesystem::path& folder,
                                        request_function on_request, shell_limits limits) {
  auto place = socket_place::in(folder, shell_socket_name);
  if (!place)
    return place.error();
  if (auto free = free_place(*place); !free)
    return free.error();
  auto listening = listen_at(*place);
  if (!listening)
    return listening.error();
  return shell_server{std::make_unique<port>(*std::move(place), *std::move(listening),
                                             std::move(on_request), limits)};
}

const std::filesystem::path& shell_server::path() const {
  return port_->place.path();
}

} // namespace sluice::net
