/// How long a checkpoint takes that asks hundreds of miners on real sockets, or thousands in this
/// process, and how far apart the first and the last question are written.
#include "actors/door/door.hpp"
#include "actors/keeper.hpp"
#include "actors/liquidity/round.hpp"
#include "actors/manners.hpp"
#include "actors/roster.hpp"
#include "actors/simulators.hpp"
#include "messages/all.hpp"
#include "net/block_source.hpp"
#include "net/door/client.hpp"
#include "net/door/link.hpp"
#include "net/tools/dev_setup.hpp"
#include "rules/liquidity/deployment.hpp"

#include <arpa/inet.h>
#include <boost/asio/steady_timer.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <random>
#include <unistd.h>
#include <vector>

namespace sluice {
namespace {

namespace asio = boost::asio;

struct fanout_flags {
  size_t miners = 256;
  size_t checkpoints = 360; // 20 rounds of 18
  bool in_process = false;
  size_t hammer = 0; // malformed connections while it is measured
  uint64_t seed = 1;
};

uint64_t now_us() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count());
}

/// What both processes see: when the questions of a checkpoint arrived.
struct arrivals {
  static constexpr size_t checkpoints_max = 100'000;
  struct mark {
    std::atomic<uint64_t> first{~uint64_t{0}};
    std::atomic<uint64_t> last{0};
  };
  std::atomic<uint64_t> inside{0};
  std::atomic<uint64_t> hammered{0};
  std::array<mark, checkpoints_max> marks;

  void note(size_t checkpoint) {
    const auto at = now_us();
    auto& x = marks[checkpoint];
    for (auto seen = x.first.load(); at < seen && !x.first.compare_exchange_weak(seen, at);) {
    }
    for (auto seen = x.last.load(); at > seen && !x.last.compare_exchange_weak(seen, at);) {
    }
  }
};

net::key_pair key_of(size_t number) {
  std::array<uint8_t, 32> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  return net::make_key_pair(net::secret_seed{bytes});
}

// -- the miners' process

/// All miners of the other process: one thread, one connection each.
class crowd {
public:
  crowd(uint16_t port, size_t miners, arrivals& seen) : port_(port), seen_(seen) {
    for (size_t i = 0; i < miners; ++i)
      members_.push_back(std::make_unique<member>(member{key_of(i), {}}));
  }

  void run() {
    for (auto& x : members_)
      connect(*x);
    tick();
    io_.run();
  }

private:
  struct member {
    net::key_pair key;
    std::shared_ptr<net::door_link> link;
  };

  void connect(member& x) {
    net::tcp_socket socket{io_};
    socket.connect({asio::ip::address_v4::loopback(), port_});
    net::link_owner owner;
    owner.opened = [&x] {
      x.link->say(net::write_message(
        door_hello{door_protocol, "miner", {x.key.address}, "ed25519", "fanout"}));
    };
    owner.heard = [this, &x](std::string_view text) { heard(x, text); };
    owner.written = [](uint64_t) {};
    owner.ended = [](const std::string& why) {
      std::fprintf(stderr, "fanout: a miner lost its connection: %s\n", why.c_str());
      _exit(1);
    };
    net::link_terms terms;
    terms.text_bytes_max = net::node_bytes_max;
    x.link = net::make_link(std::move(socket), nullptr, terms, std::move(owner));
    x.link->connect("127.0.0.1", "/");
  }

  /// A question is looked at as little as possible: what is measured is the node.
  void heard(member& x, std::string_view text) {
    if (const auto at = text.find("\"id\":"); text.find("\"question\"") < 200 && at != text.npos) {
      uint64_t id = 0;
      std::from_chars(text.data() + at + 5, text.data() + text.size(), id);
      seen_.note(id - 1);
      return x.link->say("{\"type\":\"proposal\",\"id\":" + std::to_string(id)
                         + ",\"accepted\":true,\"desired_positions\":[]}");
    }
    const auto said = net::read_message(text, net::door_side::node, net::node_bytes_max);
    if (!said)
      return;
    if (const auto* challenge = std::get_if<door_challenge>(&*said)) {
      using namespace std::chrono;
      const auto unix_ms
        = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
      const door_hello hello{door_protocol, "miner", {x.key.address}, "ed25519", "fanout"};
      x.link->say(net::write_message(
        *net::answer_to(*challenge, hello, x.key, static_cast<uint64_t>(unix_ms))));
    } else if (std::holds_alternative<net::door_welcome>(*said)) {
      ++seen_.inside;
    } else if (const auto* ping = std::get_if<net::door_ping>(&*said)) {
      x.link->say(net::write_message(net::door_pong{ping->id}));
    } else if (const auto* no = std::get_if<door_refusal>(&*said)) {
      std::fprintf(stderr, "fanout: a miner was refused: %s\n", no->text.c_str());
      _exit(1);
    }
  }

  void tick() {
    for (auto& x : members_)
      x->link->tick(net::steady_ms());
    timer_.expires_after(std::chrono::milliseconds{200});
    timer_.async_wait([this](const boost::system::error_code&) { tick(); });
  }

  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  uint16_t port_;
  arrivals& seen_;
  std::vector<std::unique_ptr<member>> members_;
};

// -- the strangers' process

/// Malformed connections, one after another: random bytes, huge lengths, cut frames, silence.
void hammer(uint16_t port, size_t connections, uint64_t seed, arrivals& seen) {
  std::mt19937_64 rng{seed};
  std::vector<int> silent;
  for (size_t n = 0; n < connections; ++n) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      ::close(fd);
      continue;
    }
    std::string bytes;
    if (rng() % 4 != 0)
      bytes = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    switch (rng() % 4) {
    case 0: // random bytes
      for (size_t i = rng() % 2000; i > 0; --i)
        bytes += static_cast<char>(rng());
      break;
    case 1: // a frame of 2^62 bytes
      bytes += std::string("\x81\xff\x40\0\0\0\0\0\0\0\0\0\0\0", 14) + "hello";
      break;
    case 2: // a cut frame
      bytes += std::string("\x81\xfe\x07\xd0\0\0\0\0", 8) + std::string(rng() % 1900, '{');
      break;
    default: // silence after a cut line
      bytes.resize(rng() % (bytes.size() + 1));
      break;
    }
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    silent.push_back(fd);
    if (silent.size() > 200) {
      const auto at = silent.begin() + static_cast<std::ptrdiff_t>(rng() % silent.size());
      ::close(*at);
      silent.erase(at);
    }
    ++seen.hammered;
  }
  for (const int fd : silent)
    ::close(fd);
}

// -- this process

struct bench_system_config : caf::actor_system_config {
  bench_system_config() {
    add_all_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{2});
    set("scheduler.max-throughput", size_t{100});
    set("logger.verbosity", caf::atom("quiet"));
    set("logger.console", caf::atom("none"));
  }
};

/// 450 blocks of the dev market, and where its checkpoints are.
std::shared_ptr<const window> market_until(const job_config& job, uint64_t from, uint64_t to) {
  auto opened = net::open_feed(job);
  window market{opened->terms, from, to, {}, {}, {}};
  while (true) {
    auto block = opened->source->next();
    if ((*block)->number >= from && !market.start_pool) {
      market.start = opened->start.price();
      market.start_pool = opened->start.snapshot();
    }
    if ((*block)->number > to)
      return std::make_shared<window>(std::move(market));
    auto record = opened->start.apply(**block);
    if ((*block)->number >= from)
      market.blocks.push_back(*std::move(record));
  }
}

/// In this process: answers at once, notes when it was asked.
miner_actor spawn_noting(caf::actor_system& system, arrivals& seen) {
  return system.spawn([&seen](miner_actor::pointer self) -> miner_actor::behavior_type {
    mind_manners(self);
    auto asked = std::make_shared<size_t>(0);
    return {[&seen, asked](const rebalance_query& query) {
              seen.note((*asked)++);
              rebalance_reply reply;
              reply.accepted = true;
              reply.desired_positions = as_it_stands(query);
              return reply;
            },
            [](const proposal_refused&) {}, [](const miner_scores&) {},
            [](atom::fence) { return atom::done_v; }};
  });
}

void show(const char* what, std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) {
    return ms[std::min(ms.size() - 1, static_cast<size_t>(share * static_cast<double>(ms.size())))];
  };
  std::printf("%-34s p50 %8.2f ms   p99 %8.2f ms   max %8.2f ms\n", what, at(0.5), at(0.99),
              ms.back());
}

class fanout {
public:
  fanout(const fanout_flags& flags, arrivals& seen)
    : flags_(flags), seen_(seen), system_(config_), self_(system_) {
    job_ = net::dev_config(flags.seed, {})->jobs.front();
    job_.reply_timeout_ms = 60'000;
    simulators_ = spawn_simulators(system_, 2);
  }

  ~fanout() {
    for (auto x = roots_.rbegin(); x != roots_.rend(); ++x) {
      self_->monitor(*x);
      caf::anon_send_exit(*x, caf::exit_reason::user_shutdown);
      self_->receive([](const caf::down_msg&) {});
    }
    caf::anon_send_exit(simulators_, caf::exit_reason::user_shutdown);
  }

  void raise_door(const std::shared_ptr<const net::listening_socket>& socket,
                  const std::filesystem::path& folder) {
    disk_ = std::make_shared<storage::data_dir>(
      *storage::data_dir::open(folder, {"0", 1, ""}, storage::open_mode::create_or_continue));
    const auto keeper = spawn_keeper(system_, {disk_, true});
    roster_config config;
    for (size_t i = 0; i < flags_.miners; ++i)
      config.known.push_back({{static_cast<uint16_t>(i)}, {key_of(i).address}});
    roster_ = spawn_roster(system_, config, {disk_, keeper});
    door_config door;
    door.terms.shake.node = "node";
    door.terms.limits.network
      = {{{{1 << 20, 1 << 20}, {1 << 30, 1 << 30}, {1 << 20, 1 << 20}}}, 10'000, 8192};
    door.terms.limits.peer.rates[2] = {1 << 20, 1 << 20}; // checkpoints follow each other here
    door.terms.limits.peer.rates[1] = {1 << 30, 1 << 30};
    door.unix_ms = [] {
      using namespace std::chrono;
      return static_cast<uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    };
    const auto open = spawn_door(system_, std::move(door), {disk_, keeper, roster_, socket});
    for (const auto& x : {caf::actor_cast<caf::actor>(keeper), caf::actor_cast<caf::actor>(roster_),
                          caf::actor_cast<caf::actor>(open)})
      roots_.push_back(x);
  }

  std::vector<roster_entry> miners() {
    if (!flags_.in_process) {
      std::vector<roster_entry> all;
      while (true) {
        self_->request(roster_, caf::infinite, atom::roster_v)
          .receive([&](std::vector<roster_entry>& x) { all = std::move(x); },
                   [](const caf::error&) {});
        if (std::all_of(all.begin(), all.end(), [](const auto& x) { return bool{x.way}; }))
          return all;
        ::poll(nullptr, 0, 10); // milliseconds
      }
    }
    std::vector<roster_entry> all;
    for (size_t i = 0; i < flags_.miners; ++i) {
      const auto way = spawn_noting(system_, seen_);
      roots_.push_back(caf::actor_cast<caf::actor>(way));
      all.push_back({{static_cast<uint16_t>(i)}, {"miner-" + std::to_string(i)}, "", way});
    }
    return all;
  }

  /// Rounds of 18 checkpoints; every miner answers every question.
  void play() {
    const auto everybody = miners();
    const auto now = std::make_shared<const std::vector<roster_entry>>(everybody);
    std::vector<std::shared_ptr<const window>> markets;
    for (uint64_t i = 0; i < 18; ++i)
      markets.push_back(market_until(job_, 450, 450 + i * 25));
    std::vector<double> whole, spread;
    for (size_t done = 0; done < flags_.checkpoints;) {
      const round_id id{job_.id, round_kind::evaluation, {done}};
      const auto round
        = spawn_round(system_, {id, 450, job_, {}, true}, {everybody, simulators_, {}});
      for (size_t i = 0; i < 18 && done < flags_.checkpoints; ++i, ++done) {
        const auto began = now_us();
        self_
          ->request(round, caf::infinite,
                    checkpoint_call{450 + i * 25, i == 0, markets[i], i == 0 ? nullptr : now})
          .receive([](atom::done) {}, [](const caf::error&) { std::abort(); });
        whole.push_back(static_cast<double>(now_us() - began) / 1000);
        const auto& mark = seen_.marks[done];
        spread.push_back(static_cast<double>(mark.last - mark.first) / 1000);
      }
      self_->request(round, caf::infinite, atom::closing_v, markets.back())
        .receive(
          [&](const round_outcome& x) {
            if (x.ranking.size() != flags_.miners)
              std::printf("only %zu of %zu miners answered everything\n", x.ranking.size(),
                          flags_.miners);
          },
          [](const caf::error&) { std::abort(); });
      self_->send_exit(round, caf::exit_reason::user_shutdown);
    }
    show("whole checkpoint", whole);
    show("first to last question arrived", spread);
  }

private:
  fanout_flags flags_;
  arrivals& seen_;
  bench_system_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  job_config job_;
  simulator_actor simulators_;
  std::shared_ptr<storage::data_dir> disk_;
  roster_actor roster_;
  std::vector<caf::actor> roots_;
};

pid_t apart(const std::function<void()>& work) {
  const auto child = ::fork();
  if (child != 0)
    return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  work();
  _exit(0);
}

int measure(const fanout_flags& flags) {
  auto* shared
    = ::mmap(nullptr, sizeof(arrivals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& seen = *new (shared) arrivals;
  std::printf("%zu miners %s, %zu checkpoints\n", flags.miners,
              flags.in_process ? "in this process" : "on sockets", flags.checkpoints);
  if (flags.in_process) {
    fanout{flags, seen}.play();
    return 0;
  }
  auto opened = net::listening_socket::open("127.0.0.1:0");
  if (!opened) {
    std::fprintf(stderr, "fanout: %s\n", opened.error().what.c_str());
    return 3;
  }
  const auto socket = std::make_shared<const net::listening_socket>(*std::move(opened));
  const auto port = socket->port();
  std::vector<pid_t> others; // before there are threads
  others.push_back(apart([&] { crowd{port, flags.miners, seen}.run(); }));
  if (flags.hammer != 0)
    others.push_back(apart([&] {
      while (seen.inside < flags.miners)
        ::poll(nullptr, 0, 10); // milliseconds
      hammer(port, flags.hammer, flags.seed, seen);
    }));
  auto folder = (std::filesystem::temp_directory_path() / "fanout-XXXXXX").string();
  ::mkdtemp(folder.data());
  {
    fanout bench{flags, seen};
    bench.raise_door(socket, std::filesystem::path{folder} / "data");
    bench.play();
    if (flags.hammer != 0)
      std::printf("%zu of %zu malformed connections came meanwhile\n",
                  static_cast<size_t>(seen.hammered), flags.hammer);
    for (const auto child : others)
      ::kill(child, SIGKILL);
  }
  for (const auto child : others)
    ::waitpid(child, nullptr, 0);
  std::filesystem::remove_all(folder);
  return 0;
}

} // namespace
} // namespace sluice

int main(int argc, char** argv) {
  sluice::fanout_flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> size_t { return i + 1 < argc ? std::stoul(argv[++i]) : 0; };
    if (word == "--miners")
      flags.miners = value();
    else if (word == "--checkpoints")
      flags.checkpoints = std::min(value(), sluice::arrivals::checkpoints_max);
    else if (word == "--in-process")
      flags.in_process = true;
    else if (word == "--hammer")
      flags.hammer = value();
    else if (word == "--seed")
      flags.seed = value();
    else
      return std::fprintf(stderr, "fanout_bench [--miners 256] [--checkpoints 360] [--in-process]"
                                  " [--hammer 10000] [--seed 1]\n"),
             2;
  }
  return sluice::measure(flags);
}
