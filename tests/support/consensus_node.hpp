/// A node that runs consensus alone, as a process on real sockets, with the keys of its validators
/// and of miners that poll.
#pragma once

#include "net/keys/key_file.hpp"
#include "rules/base64.hpp"
#include "rules/consensus/signed_call.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {

/// Key number n, always the same. `n`: 0 to 65535.
inline net::key_pair numbered_key(uint16_t n) {
  std::array<uint8_t, 32> seed{};
  seed.fill(0x5a);
  seed[0] = static_cast<uint8_t>(n & 0xff);
  seed[1] = static_cast<uint8_t>(n >> 8);
  return net::make_key_pair(net::secret_seed{seed});
}

/// Milliseconds since 1970-01-01 UTC.
inline uint64_t clock_unix_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/// A validator of the metagraph: its uid is its key's number.
struct test_validator {
  uint16_t uid = 0;
  uint64_t stake_tao = 0;
};

struct consensus_node_options {
  std::vector<test_validator> validators{{1, 100}, {2, 100}};
  uint16_t miners = 4;     // uids from first_miner_uid on, which are their keys' numbers
  std::string consensus{}; // more lines of [consensus]
  std::string tasks{};     // and of [consensus.tasks]
};

inline constexpr uint16_t first_miner_uid = 100;

/// Its folder stays over any number of starts; its port too.
class consensus_node {
public:
  explicit consensus_node(const consensus_node_options& options) : options_(options) {
    folder.write("node.toml", config_text());
  }

  /// Starts it, again at the same port, and waits until it serves. std::runtime_error when it does
  /// not.
  void start() {
    const auto at = "127.0.0.1:" + std::to_string(port_);
    process_.emplace(std::vector<std::string>{"node", "--config", folder.at("node.toml"), "--data",
                                              data(), "--api", at, "--output", "json"});
    const auto line = nlohmann::json::parse(process_->wait_for("\"serves\""));
    const auto url = line["serves"]["api"].get<std::string>();
    port_ = static_cast<uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
  }
  /// As a power cut would.
  void kill() { process_.reset(); }
  /// SIGTERM; its exit code.
  int stop() { return process_->stop(); }

  /// 1 to 65535; after start().
  uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string data() const { return folder.at("data"); }
  running_program& process() { return *process_; }

  /// Makes a key of the HTTP API and answers its text. `validator`: of role validator.
  std::string api_key(const std::string& role, const std::string& validator = "") const {
    std::vector<std::string> arguments{"api-key", "new", "--data",   data(),
                                       "--role",  role,  "--output", "json"};
    if (!validator.empty())
      arguments.insert(arguments.end(), {"--validator", validator});
    const auto run = run_sluice(arguments);
    if (run.code != 0)
      throw std::runtime_error(run.err);
    return nlohmann::json::parse(run.out)["key"];
  }

  /// The key file of a validator or miner, by uid; made when it is not there.
  std::string key_file(uint16_t uid) const {
    auto path = folder.at("uid-" + std::to_string(uid) + ".key");
    if (std::filesystem::exists(path))
      return path;
    if (const auto made = net::write_key_file(path, numbered_key(uid)); !made)
      throw std::runtime_error(made.error().what);
    return path;
  }

  /// The statuses of all miners, each changed by `change`.
  nlohmann::json
  statuses(const std::function<void(nlohmann::json&)>& change = [](nlohmann::json&) {}) const {
    auto all = nlohmann::json::array();
    for (uint16_t i = 0; i < options_.miners; ++i) {
      const auto uid = static_cast<uint16_t>(first_miner_uid + i);
      nlohmann::json one{{"uid", uid},
                         {"hotkey", numbered_key(uid).address},
                         {"stake", 10.0},
                         {"is_serving", true},
                         {"performance_score", 0.9},
                         {"current_load", 0},
                         {"max_capacity", 5}};
      change(one);
      all.push_back(std::move(one));
    }
    return all;
  }

  scratch_folder folder;

private:
  std::string config_text() const {
    std::string text = "name = \"consensus-test\"\n[validator]\nhotkey = \"this-node\"\n"
                       "[weights]\nshares = { consensus = 1.0 }\n"
                       "[api]\nlisten = \"127.0.0.1:0\"\nkey_rate = 0\naddress_rate = 0\n"
                       "[consensus]\n"
                       + options_.consensus + "[consensus.tasks]\n" + options_.tasks;
    text += neuron(0, "burn", 0) + neuron(9, "this-node", 1'000);
    for (const auto& x : options_.validators)
      text += neuron(x.uid, numbered_key(x.uid).address, x.stake_tao);
    for (uint16_t i = 0; i < options_.miners; ++i) {
      const auto uid = static_cast<uint16_t>(first_miner_uid + i);
      text += neuron(uid, numbered_key(uid).address, 0);
    }
    return text;
  }

  static std::string neuron(uint16_t uid, const std::string& key, uint64_t stake_tao) {
    return "[[neurons]]\nuid = " + std::to_string(uid) + "\nhotkey = \"" + key
           + "\"\nstake = " + std::to_string(stake_tao * 1'000'000'000)
           + (stake_tao > 0 ? "\npermit = true\n" : "\n");
  }

  consensus_node_options options_;
  std::optional<running_program> process_;
  uint16_t port_ = 0;
};

/// Calls of a worker that polls, signed.
class signed_worker {
public:
  signed_worker(net::key_pair key, http_peer& peer) : key_(std::move(key)), peer_(peer) {}

  /// As http_peer::post.
  std::optional<peer_response> post(std::string_view target, const nlohmann::json& fields) {
    const auto body = fields.dump();
    signed_call call;
    call.method = "POST";
    call.target = target;
    call.hotkey = key_.address;
    call.issued_ms = clock_unix_ms();
    call.body = body;
    const auto made = net::sign(key_.secret, call_text(call));
    const auto signature = to_base64({reinterpret_cast<const char*>(made.data()), made.size()});
    return peer_.call("POST", target, body,
                      "Content-Type: application/json\r\nX-Hotkey: " + key_.address
                        + "\r\nX-Issued: " + std::to_string(call.issued_ms)
                        + "\r\nX-Signature: " + signature + "\r\n");
  }

  const std::string& address() const { return key_.address; }

private:
  net::key_pair key_;
  http_peer& peer_;
};

} // namespace sluice::test
