#include "tools/miner/miner.hpp"

#include "io/signals.hpp"
#include "net/door/client.hpp"

#include <utility>

namespace sluice::tools {

result<int> run_miner(miner_options options) {
  auto key = net::read_key_file(options.hotkey);
  if (!key)
    return key.error();
  miner_desk desk{std::move(options.desk)};
  const auto node = to_string(options.where);
  std::unique_ptr<net::door_client> client;
  const auto look = [&] {
    if (desk.over())
      client->stop();
  };
  net::door_client_events on;
  on.unix_ms = std::move(options.unix_ms);
  on.chance = std::move(options.chance);
  on.welcome = [&](const net::door_welcome& x) { desk.welcome(node, x.key, x.uid); };
  on.asked = [&](const net::door_question& x) {
    auto move = desk.answer(x.query);
    if (move.act == strategy_act::crash)
      client->break_off();
    else if (move.act == strategy_act::answer)
      client->say(net::door_proposal{x.id, std::move(move.reply)});
  };
  on.invalid = [&](const net::door_invalid& x) { desk.invalid(x); };
  on.scores = [&](const net::door_scores& x) {
    desk.scores(x);
    look();
  };
  on.refused = [&](const door_refusal& why, bool) {
    desk.refused(why);
    look();
  };
  on.lost = [&](const std::string& why, uint64_t pause_ms) {
    if (!desk.over())
      desk.lost(node, why, pause_ms);
  };
  net::door_client_terms terms;
  terms.where = options.where;
  terms.ca = options.ca;
  terms.key = *std::move(key);
  terms.software = options.software;
  terms.pause = options.pause;
  auto made = net::door_client::make(std::move(terms), std::move(on));
  if (!made)
    return made.error();
  client = *std::move(made);
  io::signal_watch on_signal{[&](int) { client->stop(); }};
  client->run();
  return desk.over().value_or(0);
}

} // namespace sluice::tools
