/// Programs of a fleet in one process, each with an actor system and real sockets of its own.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "actors/fleet/link.hpp"
#include "messages/all.hpp"
#include "net/keys/tls_certificate.hpp"
#include "tests/support/scratch_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sluice::test {

/// What actors of other threads send, for a test that waits for it.
template <class T>
class received {
public:
  void add(T x) {
    const std::lock_guard lock{mutex_};
    all_.push_back(std::move(x));
    came_.notify_all();
  }

  /// The next one; nothing, and a test failure, when it does not come.
  std::optional<T> next() {
    auto got = next_within(std::chrono::seconds(60));
    if (!got)
      ADD_FAILURE() << "waited for a minute and nothing came";
    return got;
  }

  void forget() {
    const std::lock_guard lock{mutex_};
    all_.clear();
  }

  /// `patience`: from 0; none when nothing came by then.
  std::optional<T> next_within(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, patience, [this] { return !all_.empty(); }))
      return {};
    auto x = std::move(all_.front());
    all_.pop_front();
    return x;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<T> all_;
};

/// Certificates of one fleet, and of another.
class fleet_folder {
public:
  fleet_folder() {
    must(net::make_tls_authority(ours()));
    must(net::make_tls_authority(theirs()));
  }

  std::string ours() const { return (folder_.path() / "ours").string(); }
  std::string theirs() const { return (folder_.path() / "theirs").string(); }

  /// Makes it at the first call.
  fleet_settings of(const net::tls_order& order, const std::string& at) const {
    const auto base = at + "/" + order.name;
    if (!std::filesystem::exists(base + ".pem"))
      must(net::make_tls_certificate(at, order));
    fleet_settings settings;
    settings.ca = at + "/ca.pem";
    settings.certificate = base + ".pem";
    settings.key = base + ".key";
    settings.heartbeat_ms = 2'000; // a handshake that a heartbeat meets fails: CAF, facts/caf.md 4
    settings.timeout_ms = 10'000;
    return settings;
  }
  fleet_settings of(const net::tls_order& order) const { return of(order, ours()); }

  fleet_settings node() const {
    return of({.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1", "localhost"}});
  }
  static fleet_settings insecure() {
    fleet_settings settings;
    settings.insecure = true;
    settings.heartbeat_ms = 2'000;
    settings.timeout_ms = 10'000;
    return settings;
  }

private:
  static void must(const result<net::tls_report>& made) {
    if (!made)
      throw std::runtime_error(made.error().what);
  }
  scratch_folder folder_;
};

/// One program.
class fleet_program {
public:
  explicit fleet_program(const fleet_settings& settings) {
    auto made = fleet_network_of(settings, "127.0.0.1:0");
    if (!made)
      throw std::runtime_error(made.error().what);
    start(*std::move(made));
  }
  explicit fleet_program(fleet_network with) { start(std::move(with)); }
  fleet_program(const fleet_program&) = delete;
  fleet_program& operator=(const fleet_program&) = delete;
  ~fleet_program() { stop(); }

  template <class Handle>
  Handle keep(Handle x) {
    roots_.push_back(caf::actor_cast<caf::actor>(x));
    return x;
  }

  caf::actor_system& sys() { return *system_; }
  const fleet_network& network() const { return network_; }

protected:
  /// Waits for all actors. Whoever gives them something of its own calls it first of all at its
  /// end, without handles left.
  void stop() {
    for (auto x = roots_.rbegin(); x != roots_.rend(); ++x)
      caf::anon_send_exit(*x, caf::exit_reason::user_shutdown);
    roots_.clear();
    system_.reset();
  }

private:
  struct system_config : caf::actor_system_config {
    explicit system_config(const fleet_network& network) {
      add_all_messages(*this);
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-threads", size_t{2});
      set("logger.verbosity", caf::atom("quiet"));
      load_network(*this, network);
    }
  };

  void start(fleet_network with) {
    network_ = std::move(with);
    config_ = std::make_unique<system_config>(network_);
    system_ = std::make_unique<caf::actor_system>(*config_);
  }

  fleet_network network_;
  std::unique_ptr<system_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<caf::actor> roots_;
};

/// A node whose entries only record what they receive.
class fleet_node : public fleet_program {
public:
  struct entry_message {
    std::string peer;
    frame_kind kind;
    std::string bytes; // of a frame; what an offence was
    std::shared_ptr<session_handle> handle;
  };

  template <class... Ts>
  explicit fleet_node(const std::string& listen, guard_bounds bounds, Ts&&... xs)
    : fleet_program(std::forward<Ts>(xs)...) {
    const spawn_entry any = [this](caf::actor_system& system, fleet_session session) {
      return entry(system, std::move(session));
    };
    fleet = keep(spawn_fleet(sys(),
                             {.network = network(),
                              .listen = listen,
                              .engine = "engine",
                              .bounds = bounds,
                              .listening = [this](uint16_t port) { ports.add(port); }},
                             {any, any, any}));
    port = ports.next().value_or(0);
  }

  ~fleet_node() {
    fleet = nullptr;
    messages.forget(); // they hold handles
    stop();
  }

  std::string where() const { return "127.0.0.1:" + std::to_string(port); }

  received<uint16_t> ports;
  received<entry_message> messages;
  received<std::string> came, left;
  fleet_actor fleet;
  /// Where it listens: 1 to 65535; 0 when it does not.
  uint16_t port = 0;

private:
  fleet_entry_actor entry(caf::actor_system& system, fleet_session session) {
    return system.spawn(
      [this, session](fleet_entry_actor::pointer self) -> fleet_entry_actor::behavior_type {
        self->monitor(session.handle->face());
        self->set_down_handler([this, self, session](const caf::down_msg&) {
          left.add(session.who.name);
          self->quit();
        });
        return {
          [this, session](atom::start) { came.add(session.who.name); },
          [this, session](const fleet_frame& frame) {
            const handled_frame done{*session.handle};
            messages.add(
              {session.who.name, static_cast<frame_kind>(frame.kind), frame.bytes, session.handle});
          },
          [this, self, session](const fleet_offence& offence) {
            messages.add({session.who.name, frame_kind::verdict, offence.what, session.handle});
            left.add(session.who.name);
            self->quit();
          },
        };
      });
  }
};

/// A peer whose owner only records what it receives.
class fleet_peer_program : public fleet_program {
public:
  template <class... Ts>
  fleet_peer_program(const std::string& where, hello_message who, Ts&&... xs)
    : fleet_program(std::forward<Ts>(xs)...) {
    owner = keep(sys().spawn([this](caf::event_based_actor* self) -> caf::behavior {
      self->set_default_handler(caf::drop);
      return {
        [this](const link_up& up) {
          {
            const std::lock_guard lock{mutex_};
            handle_ = up.handle;
          }
          ups.add(up.node);
        },
        [this](const link_down& down) {
          {
            const std::lock_guard lock{mutex_};
            handle_ = nullptr;
          }
          // A handshake that met a heartbeat is tried again by the link.
          if (down.why.find("connection_timeout") == std::string::npos)
            downs.add(down);
        },
        [this](const fleet_frame& frame) {
          handle()->handled();
          frames.add(frame);
        },
      };
    }));
    link = keep(spawn_link(sys(),
                           {.network = network(),
                            .where = where,
                            .who = std::move(who),
                            .sign = {},
                            .pauses = {.first_ms = 20, .longest_ms = 200}},
                           owner));
  }

  ~fleet_peer_program() {
    owner = nullptr;
    link = nullptr;
    {
      const std::lock_guard lock{mutex_};
      handle_ = nullptr;
    }
    stop();
  }

  std::shared_ptr<session_handle> handle() {
    const std::lock_guard lock{mutex_};
    return handle_;
  }

  received<std::string> ups;
  received<link_down> downs;
  received<fleet_frame> frames;
  caf::actor owner;
  fleet_link_actor link;

private:
  std::mutex mutex_;
  std::shared_ptr<session_handle> handle_;
};

inline hello_message hello_of(fleet_role role, const std::string& name) {
  hello_message who;
  who.role = role;
  who.name = name;
  if (role == fleet_role::worker) {
    who.engine = "engine";
    who.cores = 1;
  }
  return who;
}

} // namespace sluice::test
