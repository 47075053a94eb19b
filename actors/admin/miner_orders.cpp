#include "actors/admin/miner_orders.hpp"

#include "rules/admin/line_tokens.hpp"
#include "rules/address_check.hpp"
#include "rules/json_text.hpp"
#include "rules/limits.hpp"
#include "rules/nearest.hpp"
#include "storage/tables.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr size_t hotkey_bytes_max = 128;
constexpr std::string_view uid_flag = "--uid ";
constexpr std::array<std::string_view, 5> order_names{"miner allow", "miner remove", "miner ban",
                                                      "miner unban", "weights publish"};

fault expected_hotkey(std::string_view expected, std::string_view got) {
  return {ec::bad_input,
          "miner allow: expected " + std::string{expected} + ", got " + admin::quoted_token(got)};
}

std::optional<uint16_t> uid_of(std::string_view text) {
  uint16_t uid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
  const bool good = error == std::errc{} && end == text.data() + text.size()
                    && uid < limits::miners_max && !text.empty();
  return good ? std::optional{uid} : std::nullopt;
}

/// Does the configuration or the command line state this hotkey, and where?
std::string where_stated(const node_config& config, const hotkey& key) {
  const auto has = [&](const auto& all) {
    return std::ranges::any_of(all, [&](const auto& x) { return x.key == key; });
  };
  if (key == config.validator)
    return "is this validator";
  if (has(config.miners))
    return "plays in this process, as [[miners]] of the configuration states";
  if (has(config.neurons))
    return "is in [[neurons]] of the configuration";
  return {};
}

std::vector<allowed_miner> known_of(const std::vector<roster_entry>& all) {
  std::vector<allowed_miner> known;
  for (const auto& x : all)
    known.push_back({x.uid, x.key});
  return known;
}

} // namespace

result<hotkey> meant_miner(std::string_view text, std::span<const allowed_miner> known) {
  std::vector<std::string_view> names;
  for (const auto& x : known) {
    if (x.key.value == text || std::to_string(x.uid.value) == text)
      return x.key;
    names.emplace_back(x.key.value);
  }
  const auto near = nearest(text, names);
  return fault{ec::refused, "no miner " + admin::quoted_token(text)
                              + (near ? "; did you mean " + std::string{*near} + "?"
                                      : "; see chain for who is registered")};
}

result<allowed_miner> parse_allowed(std::string_view text, std::string_view flag) {
  const auto sign = text.find('=');
  const auto key = text.substr(0, sign);
  if (sign != std::string_view::npos && !flag.empty())
    return expected_hotkey("HOTKEY=UID or HOTKEY --uid N, not both", text);
  if (!flag.empty() && !flag.starts_with(uid_flag))
    return expected_hotkey("--uid N behind the hotkey", flag);
  const auto uid = sign != std::string_view::npos ? text.substr(sign + 1)
                   : flag.empty()                 ? flag
                                                  : flag.substr(uid_flag.size());
  const bool word = !key.empty() && key.size() <= hotkey_bytes_max
                    && std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!word)
    return expected_hotkey("a hotkey of 1 to 128 printable characters without spaces", key);
  if (const auto wrong = address_fault(key); !wrong.empty())
    return expected_hotkey(wrong, key);
  allowed_miner one;
  one.key.value = key;
  one.any_uid = flag.empty() && sign == std::string_view::npos;
  if (one.any_uid)
    return one;
  const auto number = uid_of(uid);
  if (!number)
    return expected_hotkey("a uid from 0 to " + std::to_string(limits::miners_max - 1), uid);
  one.uid.value = *number;
  return one;
}

miner_orders::miner_orders(node_admin_actor::pointer self, links links)
  : self_(self), links_(std::move(links)) {}

bool miner_orders::is_one(std::string_view command) {
  return std::ranges::find(order_names, command) != order_names.end();
}

void miner_orders::take(const admin::call& call, const std::string& who, uint64_t unix_ms,
                        const reply_function& reply) {
  const auto x = std::make_shared<const order>(order{call.arguments, who, unix_ms, reply});
  const std::string_view name = call.what->name;
  if (name == "miner allow")
    allow(x);
  else if (name == "miner remove")
    remove(x);
  else if (name == "miner ban")
    ban(x);
  else if (name == "miner unban")
    unban(x);
  else
    publish(x);
}

std::function<void(const caf::error&)> miner_orders::no(const shared_order& x) const {
  return [x](const caf::error& why) { x->reply({false, sentence(why)}); };
}

void miner_orders::find(const shared_order& x, std::function<void(const hotkey&)> then) {
  self_->request(links_.roster, caf::infinite, atom::roster_v)
    .then(
      [this, x, then](const std::vector<roster_entry>& all) {
        if (const auto key = meant_miner(x->arguments.front(), known_of(all)))
          return then(*key);
        self_->request(links_.chain, caf::infinite, atom::view_v, links_.config->validator)
          .then(
            [x, then, all](const chain_view& seen) {
              auto known = known_of(all);
              for (const auto& one : seen.neurons)
                known.push_back({one.uid, one.key});
              const auto key = meant_miner(x->arguments.front(), known);
              if (key)
                then(*key);
              else
                x->reply({false, key.error().what});
            },
            no(x));
      },
      no(x));
}

void miner_orders::allow(const shared_order& x) {
  const auto asked
    = parse_allowed(x->arguments.front(), x->arguments.size() > 1 ? x->arguments[1] : "");
  if (!asked)
    return x->reply({false, asked.error().what});
  const auto banned = tables::bans.find(*links_.disk, asked->key);
  if (!banned)
    return x->reply({false, banned.error().what});
  if (*banned)
    return x->reply({false, asked->key.value + " is banned: " + (*banned)->reason + "; miner unban "
                              + asked->key.value + " first"});
  if (const auto stated = where_stated(*links_.config, asked->key); !stated.empty())
    return x->reply({false, asked->key.value + ' ' + stated + "; it need not be let in"});
  self_->request(links_.chain, caf::infinite, atom::allow_v, *asked)
    .then([this, x](const allowed_miner& got) { enrolled(x, got); }, no(x));
}

void miner_orders::enrolled(const shared_order& x, const allowed_miner& got) {
  const auto json = json_object{}
                      .add("miner", got.key.value)
                      .add("uid", got.uid.value)
                      .add("allowed", true)
                      .text();
  self_
    ->request(links_.roster, caf::infinite, atom::allow_v, got,
              allowed_record{got.uid, got.coldkey, x->who, x->unix_ms})
    .then(
      [x, json](atom::done) {
        x->reply({true, json});
      },
      no(x));
}

void miner_orders::remove(const shared_order& x) {
  find(x, [this, x](const hotkey& key) { remove(x, key); });
}

void miner_orders::remove(const shared_order& x, const hotkey& key) {
  if (const auto stated = where_stated(*links_.config, key); !stated.empty())
    return x->reply({false, key.value + ' ' + stated
                              + ": take it out there and start with --adopt-config, or ban it"});
  const bool again = std::ranges::any_of(links_.config->network.miner_gateway.allow,
                                         [&](const allowed_miner& one) { return one.key == key; });
  auto shown = json_object{}.add("miner", key.value).add("removed", true);
  if (again)
    shown.add("note", "--allow or [[miner_gateway.allow]] lets it in again at the next start");
  self_->request(links_.roster, caf::infinite, atom::remove_v, key)
    .then(
      [this, x, key, json = shown.text()](atom::done) {
        self_->request(links_.chain, caf::infinite, atom::remove_v, key)
          .then(
            [x, json](atom::done) {
              x->reply({true, json});
            },
            no(x));
      },
      no(x));
}

/// Of whoever is registered, there or not.
void miner_orders::ban(const shared_order& x) {
  find(x, [this, x](const hotkey& key) {
    if (key == links_.config->validator)
      return x->reply({false, key.value + " is this validator"});
    const auto reason = x->arguments.size() > 1 ? x->arguments[1] : "no reason was given";
    const auto json
      = json_object{}.add("miner", key.value).add("banned", true).add("reason", reason).text();
    self_
      ->request(links_.roster, caf::infinite, atom::ban_v, key,
                ban_record{reason, x->who, x->unix_ms})
      .then(
        [x, json](atom::done) {
          x->reply({true, json});
        },
        no(x));
  });
}

/// The banned are not in the roster: they are named by their hotkey, or the uid on the chain.
void miner_orders::unban(const shared_order& x) {
  self_->request(links_.chain, caf::infinite, atom::view_v, links_.config->validator)
    .then(
      [this, x](const chain_view& seen) {
        std::vector<allowed_miner> banned;
        const auto read
          = tables::bans.for_each(*links_.disk, [&](const hotkey& key, const ban_record&) {
              const auto at = std::ranges::find(seen.neurons, key, &neuron::key);
              banned.push_back({at == seen.neurons.end() ? miner_uid{UINT16_MAX} : at->uid, key});
            });
        if (!read)
          return x->reply({false, read.error().what});
        const auto key = meant_miner(x->arguments.front(), banned);
        if (!key)
          return x->reply(
            {false, (banned.empty() ? "nobody is banned" : "not banned: " + key.error().what)});
        const auto json = json_object{}.add("miner", key->value).add("banned", false).text();
        self_->request(links_.roster, caf::infinite, atom::unban_v, *key)
          .then(
            [x, json](atom::done) {
              x->reply({true, json});
            },
            no(x));
      },
      no(x));
}

void miner_orders::publish(const shared_order& x) {
  self_
    ->request(links_.weights, caf::infinite, publish_once{x->arguments.back(), x->who, x->unix_ms})
    .then(
      [x](const publish_record& record) {
        const bool good = record.status == publish_status::confirmed;
        x->reply({good, good ? json_object{}
                                 .add("epoch", record.epoch.value)
                                 .add("status", "published")
                                 .add("block", record.included_block)
                                 .add("reason", x->arguments.back())
                                 .text()
                             : "weights of epoch " + std::to_string(record.epoch.value)
                                 + " were not published: " + record.reason});
      },
      no(x));
}

} // namespace sluice
