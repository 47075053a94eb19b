#include "net/tools/miner.hpp"

#include "net/door/client.hpp"
#include "net/signals.hpp"

#include <utility>

namespace sluice::net {

result<int> run_miner(miner_options options) {
  auto key = read_key_file(options.hotkey);
  if (!key)
    return key.error();
  miner_desk desk{std::move(options.desk)};
  const auto node = to_string(options.where);
  std::unique_ptr<door_client> client;
  const auto look = [&] {
    if (desk.over())
      client->stop();
  };
  door_client_events on;
  on.unix_ms = std::move(options.unix_ms);
  on.chance = std::move(options.chance);
  on.welcome = [&](const door_welcome& x) { desk.welcome(node, x.key, x.uid); };
  on.asked = [&](const wire_question& x) -> result<nothing> {
    auto move = desk.asked(x);
    if (!move)
      return move.error();
    if (move->act == strategy_act::crash)
      client->break_off();
    else if (move->act == strategy_act::answer)
      client->say(answer_message(x, std::move(move->reply)));
    return nothing{};
  };
  on.noticed = [&](const wire_notice& x) {
    auto read = desk.noticed(x);
    look();
    return read;
  };
  on.refused = [&](const door_refusal& why, bool) {
    desk.refused(why);
    look();
  };
  on.lost = [&](const std::string& why, uint64_t pause_ms) {
    if (!desk.over())
      desk.lost(node, why, pause_ms);
  };
  door_client_terms terms;
  terms.where = options.where;
  terms.ca = options.ca;
  terms.key = *std::move(key);
  terms.software = options.software;
  terms.pause = options.pause;
  auto made = door_client::make(std::move(terms), std::move(on));
  if (!made)
    return made.error();
  client = *std::move(made);
  signal_watch on_signal{[&](int) { client->stop(); }};
  client->run();
  return desk.over().value_or(0);
}

} // namespace sluice::net
