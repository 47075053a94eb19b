/// How long a checkpoint takes that asks hundreds of miners on real sockets, or thousands in this
/// process, and how far apart the first and the last question are written.
#include "actors/admin/actor_json.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/dev_config.hpp"
#include "actors/liquidity/round.hpp"
#include "actors/liquidity/work/simulators.hpp"
#include "actors/mechanism_module.hpp"
#include "actors/miner_gateway/miner_gateway.hpp"
#include "actors/observed/observed.hpp"
#include "actors/roster.hpp"
#include "actors/storage_writer.hpp"
#include "fanout_others.hpp"
#include "io/liquidity/block_source.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/liquidity/deployment.hpp"
#include "tests/storage/layout.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sluice {
namespace {

struct fanout_flags {
  size_t miners = 256;
  size_t checkpoints = 360; // 20 rounds of 18
  bool in_process = false;
  uint64_t protocol = gateway_protocol; // that the miners on sockets speak
  size_t hammer = 0;                    // malformed connections a second, in every other round
  size_t top = 0;                       // looks at all actors a second, in every other round

  bool disturbed() const { return hammer != 0 || top != 0; }
  uint64_t seed = 1;
};

struct bench_system_config : caf::actor_system_config {
  bench_system_config() {
    add_messages(*this, all_mechanisms());
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{2});
    set("scheduler.max-throughput", size_t{100});
    set("logger.verbosity", caf::atom("quiet"));
    set("logger.console", caf::atom("none"));
  }
};

/// 450 blocks of the dev market, and where its checkpoints are.
std::shared_ptr<const window> market_until(const job_config& job, uint64_t from, uint64_t to) {
  auto opened = io::open_feed(job);
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
    install_default_handlers(self);
    auto asked = std::make_shared<size_t>(0);
    return {[&seen, asked](const miner_question& question) {
              seen.note((*asked)++);
              rebalance_reply reply;
              reply.accepted = true;
              reply.desired_positions = as_it_stands(*question.body.as<rebalance_query>());
              return miner_answer{net::answer_body(std::move(reply))};
            },
            [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; }};
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

/// What `top` of a shell does, in a thread of its own: reads the statistics of every actor and
/// writes them as JSON.
class looker {
public:
  looker(std::shared_ptr<actor_slot> root, size_t per_second, const arrivals& seen)
    : thread_([this, root = std::move(root), per_second, &seen] {
        rate_memory rates;
        for (; !stop_; ::poll(nullptr, 0, static_cast<int>(1000 / per_second))) { // milliseconds
          if (!seen.disturbing)
            continue;
          rates.look(std::chrono::steady_clock::now());
          read_ += top_json(rows_of(root, rates), "time").size();
          ++looks_;
        }
      }) {}
  ~looker() {
    stop_ = true;
    thread_.join();
    if (looks_ > 0)
      std::printf("%zu looks at all actors, %zu bytes each\n", looks_, read_ / looks_);
  }

private:
  std::atomic<bool> stop_{false};
  size_t looks_ = 0;
  size_t read_ = 0;
  std::thread thread_;
};

class fanout {
public:
  fanout(const fanout_flags& flags, arrivals& seen)
    : flags_(flags), seen_(seen), system_(config_), self_(system_) {
    const auto config = dev_config(all_mechanisms(), {flags.seed, {}});
    job_ = liquidity_in(*config).jobs.front();
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

  /// Everything that is spawned from now on is seen under the root.
  template <class Spawn>
  auto spawn_child(const char* name, Spawn spawn) {
    const spawn_watch spawned;
    auto made = spawn();
    const auto address = caf::actor_cast<caf::actor_addr>(made);
    slot_ = root_stats_->add_slot(name);
    slot_->taken(spawned.stats_of(address.id()), address);
    return made;
  }

  void raise_gateway(const std::shared_ptr<const net::listening_socket>& socket,
                     const std::filesystem::path& folder) {
    disk_ = std::make_shared<storage::data_dir>(
      *storage::data_dir::open(folder, {"0", 1, ""}, storage::open_mode::create_or_continue,
                               {.layout = &storage::test::layout()}));
    const auto storage_writer = spawn_child("storage_writer", [&] {
      return spawn_storage_writer(system_, {disk_, true});
    });
    roster_config config;
    for (size_t i = 0; i < flags_.miners; ++i)
      config.known.push_back({{static_cast<uint16_t>(i)}, {key_of(i).address}});
    roster_ = spawn_child("roster", [&] {
      return spawn_roster(system_, config, {disk_, storage_writer});
    });
    miner_gateway_config gateway;
    gateway.terms.shake.node = "node";
    gateway.terms.limits.peer.rates[2] = {1 << 20, 1 << 20}; // checkpoints follow each other here
    gateway.terms.limits.peer.rates[1] = {1 << 30, 1 << 30};
    gateway.unix_ms = [] {
      using namespace std::chrono;
      return static_cast<uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    };
    auto mechanisms = std::make_shared<miner_mechanisms>();
    mechanisms->codecs["liquidity"] = net::liquidity_codec();
    mechanisms->protocol_1 = "liquidity";
    mechanisms->questions_max = 128;
    gateway.mechanisms = std::move(mechanisms);
    const auto open = spawn_child("miner_gateway", [&] {
      return spawn_miner_gateway(system_, std::move(gateway),
                                 {disk_, storage_writer, roster_, socket});
    });
    for (const auto& x : {caf::actor_cast<caf::actor>(storage_writer),
                          caf::actor_cast<caf::actor>(roster_), caf::actor_cast<caf::actor>(open)})
      roots_.push_back(x);
  }

  std::vector<roster_entry> miners() {
    if (!flags_.in_process) {
      std::vector<roster_entry> all;
      while (true) {
        self_->request(roster_, caf::infinite, atom::roster_v)
          .receive([&](std::vector<roster_entry>& x) { all = std::move(x); },
                   [](const caf::error&) {});
        if (std::all_of(all.begin(), all.end(), [](const auto& x) { return bool{x.handle}; }))
          return all;
        ::poll(nullptr, 0, 10); // milliseconds
      }
    }
    std::vector<roster_entry> all;
    for (size_t i = 0; i < flags_.miners; ++i) {
      const auto handle = spawn_noting(system_, seen_);
      roots_.push_back(caf::actor_cast<caf::actor>(handle));
      all.push_back({{static_cast<uint16_t>(i)}, {"miner-" + std::to_string(i)}, "", handle});
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
    std::optional<looker> top;
    if (flags_.top != 0) {
      root_->taken(root_stats_, {});
      top.emplace(root_, flags_.top, seen_);
    }
    std::array<std::vector<double>, 2> whole, spread; // quiet, disturbed
    for (size_t done = 0; done < flags_.checkpoints;) {
      const round_id id{job_.id, round_kind::evaluation, {done}};
      const auto round = spawn_child("round", [&] {
        return spawn_round(system_, {id, 450, job_, {}, true}, {everybody, simulators_, {}});
      });
      const auto turn = flags_.disturbed() ? done / 18 % 2 : 0;
      seen_.disturbing = turn == 1;
      for (size_t i = 0; i < 18 && done < flags_.checkpoints; ++i, ++done) {
        const auto began = now_us();
        self_
          ->request(round, caf::infinite,
                    checkpoint_call{450 + i * 25, i == 0, markets[i], i == 0 ? nullptr : now})
          .receive([](atom::done) {}, [](const caf::error&) { std::abort(); });
        whole[turn].push_back(static_cast<double>(now_us() - began) / 1000);
        const auto& mark = seen_.marks[done];
        spread[turn].push_back(static_cast<double>(mark.last - mark.first) / 1000);
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
      root_stats_->leave_slot(slot_); // the round's, the last that was taken
    }
    for (const bool disturbed : {false, true})
      if (!whole[disturbed].empty()) {
        if (flags_.disturbed())
          std::printf("%s\n", disturbed ? "disturbed" : "in between");
        show("whole checkpoint", whole[disturbed]);
        show("first to last question arrived", spread[disturbed]);
      }
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
  std::shared_ptr<actor_stats> root_stats_ = std::make_shared<actor_stats>();
  std::shared_ptr<actor_slot> slot_;
  std::shared_ptr<actor_slot> root_ = std::make_shared<actor_slot>("node");
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
  others.push_back(apart([&] { miner_clients{port, flags.miners, flags.protocol, seen}.run(); }));
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
    bench.raise_gateway(socket, std::filesystem::path{folder} / "data");
    bench.play();
    if (flags.hammer != 0)
      std::printf("%zu malformed connections came\n", static_cast<size_t>(seen.hammered));
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
  spdlog::set_level(spdlog::level::warn);
  sluice::fanout_flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&]() -> size_t { return i + 1 < argc ? std::stoul(argv[++i]) : 0; };
    if (argument == "--miners")
      flags.miners = value();
    else if (argument == "--checkpoints")
      flags.checkpoints = std::min(value(), sluice::arrivals::checkpoints_max);
    else if (argument == "--in-process")
      flags.in_process = true;
    else if (argument == "--protocol")
      flags.protocol = value();
    else if (argument == "--hammer")
      flags.hammer = value();
    else if (argument == "--top")
      flags.top = value();
    else if (argument == "--seed")
      flags.seed = value();
    else
      return std::fprintf(stderr, "fanout_bench [--miners 256] [--checkpoints 360] [--in-process]"
                                  " [--protocol 1|2]"
                                  " [--hammer PER_SECOND] [--top PER_SECOND] [--seed 1]\n"),
             2;
  }
  return sluice::measure(flags);
}
