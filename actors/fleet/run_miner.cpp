#include "actors/fleet/run_miner.hpp"

#include "actors/base/quiet_config.hpp"
#include "actors/fleet/link.hpp"
#include "io/signals.hpp"
#include "messages/all.hpp"
#include "net/keys/key_file.hpp"
#include "net/miner_gateway/wire.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <unistd.h>

namespace sluice {

namespace {

struct miner_system_config : quiet_config {
  explicit miner_system_config(const fleet_network& network) : quiet_config(1) {
    add_all_messages(*this);
    load_network(*this, network);
  }
};

run_result miner_failed(const fault& why) {
  return {why.code == ec::bad_input || why.code == ec::refused ? 2 : 3, why.what, false};
}

class miner_run {
public:
  miner_run(fleet_miner_options options, fleet_network network, net::key_pair key)
    : node_("caf://" + options.where), where_(options.where), network_(std::move(network)),
      key_(std::move(key)), mechanism_(std::move(options.mechanism)),
      side_(std::move(options.side)) {}

  run_result play() {
    miner_system_config config{network_};
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    const auto me = caf::actor_cast<caf::actor>(self);
    std::atomic<int> signals{0};
    const io::signal_watch on_signal{[&](int) {
      if (++signals > 1)
        _exit(130);
      caf::anon_send(me, atom::due_v);
    }};
    const auto link = spawn_link(system, config_of(), me);
    bool stopped = false;
    while (!stopped && !side_->over())
      self->receive([&](atom::due) { stopped = true; },
                    [&](const link_up& up) { handle_ = up.handle; },
                    [&](const link_down& down) { lose(down); },
                    [&](const fleet_frame& frame) { receive(frame); },
                    [&](const fleet_offence&) { handle_ = nullptr; });
    handle_ = nullptr;
    caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
    return {side_->over().value_or(0), {}, stopped};
  }

private:
  link_config config_of() const {
    link_config config{.network = network_, .where = where_, .who = {}, .sign = {}};
    config.who.role = fleet_role::miner;
    config.who.name
      = network_.identity ? network_.identity->name() : "miner-" + std::to_string(::getpid());
    config.who.hotkey = key_.address;
    config.who.engine = text_of(miner_speech{gateway_protocol, {mechanism_}});
    config.sign
      = [key = key_](const std::string& text) { return net::to_hex(net::sign(key, text)); };
    return config;
  }

  void lose(const link_down& down) {
    handle_ = nullptr;
    if (down.refused)
      side_->refused({gateway_reason::wrong_role, down.why, 0});
    else
      side_->lost(node_, down.why, 0);
  }

  void receive(const fleet_frame& frame) {
    if (!handle_ || frame.session != handle_->session())
      return;
    const handled_frame done{*handle_};
    auto message
      = net::read_message(frame.bytes, net::gateway_side::node, net::node_bytes_max, protocol_);
    if (!message)
      return;
    if (const auto* in = std::get_if<net::gateway_welcome>(&*message)) {
      protocol_ = in->protocol.value_or(gateway_protocol_oldest);
      side_->welcome(node_, in->key, in->uid);
    } else if (const auto* question = std::get_if<net::wire_question>(&*message)) {
      answer(*question);
    } else if (const auto* notice = std::get_if<net::wire_notice>(&*message)) {
      (void)side_->noticed(*notice); // one that cannot be read is ignored
    } else if (const auto* bye = std::get_if<net::gateway_bye>(&*message)) {
      side_->refused({bye->reason, bye->text, bye->retry_ms});
    }
  }

  void answer(const net::wire_question& question) {
    auto move = side_->asked(question);
    if (move && move->answer)
      handle_->send(frame_kind::from_miner, net::write_message(*move->answer, protocol_));
  }

  std::string node_;
  std::string where_;
  fleet_network network_;
  net::key_pair key_;
  std::string mechanism_;
  std::unique_ptr<tools::miner_side> side_;
  std::shared_ptr<session_handle> handle_;
  uint64_t protocol_ = gateway_protocol; // of this session; known from its welcome
};

} // namespace

run_result run_fleet_miner(fleet_miner_options options) {
  auto network = fleet_network_of(options.network, options.where);
  if (!network)
    return miner_failed(network.error());
  if (network->identity && network->identity->role() != fleet_role::miner)
    return miner_failed({ec::bad_input, options.network.certificate + ": the certificate is of a "
                                          + std::string{to_string(network->identity->role())}
                                          + ": expected one of a miner; make one: sluice keys tls "
                                            "new DIR --name NAME --role miner"});
  auto key = net::read_key_file(options.hotkey);
  if (!key)
    return miner_failed(key.error());
  return miner_run{std::move(options), *std::move(network), *std::move(key)}.play();
}

} // namespace sluice
