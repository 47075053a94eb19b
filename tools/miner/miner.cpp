#include "tools/miner/miner.hpp"

#include "io/signals.hpp"
#include "net/miner_gateway/client.hpp"

#include <utility>

namespace sluice::tools {

result<int> run_miner(miner_options options) {
  auto key = net::read_key_file(options.hotkey);
  if (!key)
    return key.error();
  auto& side = *options.side;
  const auto node = to_string(options.where);
  std::unique_ptr<net::gateway_client> client;
  const auto look = [&] {
    if (side.over())
      client->stop();
  };
  net::gateway_client_events on;
  on.unix_ms = std::move(options.unix_ms);
  on.chance = std::move(options.chance);
  on.welcome = [&](const net::gateway_welcome& x) { side.welcome(node, x.key, x.uid); };
  on.asked = [&](const net::wire_question& x) -> result<nothing> {
    auto move = side.asked(x);
    if (!move)
      return move.error();
    if (move->crash)
      client->break_off();
    else if (move->answer)
      client->send(*std::move(move->answer));
    return nothing{};
  };
  on.noticed = [&](const net::wire_notice& x) {
    auto read = side.noticed(x);
    look();
    return read;
  };
  on.refused = [&](const gateway_refusal& why, bool) {
    side.refused(why);
    look();
  };
  on.lost = [&](const std::string& why, uint64_t pause_ms) {
    if (!side.over())
      side.lost(node, why, pause_ms);
  };
  net::gateway_client_terms terms;
  terms.where = options.where;
  terms.ca = options.ca;
  terms.key = *std::move(key);
  terms.software = options.software;
  terms.mechanisms = {options.mechanism};
  terms.pause = options.pause;
  auto made = net::gateway_client::make(std::move(terms), std::move(on));
  if (!made)
    return made.error();
  client = *std::move(made);
  const io::signal_watch on_signal{{[&](int) { client->stop(); }, {}, true}};
  client->run();
  return side.over().value_or(0);
}

} // namespace sluice::tools
