#include "actors/node/adoption.hpp"

#include "actors/node/node.hpp"
#include "io/config/config_change.hpp"
#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/config/general_changes.hpp"
#include "rules/chain/reconcile.hpp"
#include "storage/marker.hpp"
#include "storage/tables.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Of what is written down about one adoption.
constexpr size_t outcome_bytes_max = 4000;

std::string text_of_config(const adoption_request& x) {
  return io::write_config(x.config, sections_of(x.mechanisms));
}

void tell(const adoption_request& x, const std::string& text) {
  if (x.say)
    x.say(text);
}

/// The stored configuration; none in a folder that has none.
result<std::optional<adopted_config>> stored_config(const storage::data_dir& disk) {
  return tables::adopted_configs.find(disk, tables::config_key);
}

/// The same as values; none when it is not there or this version cannot read it any more.
std::optional<node_config>
read_stored(const adoption_request& x, const std::optional<adopted_config>& stored) {
  if (!stored)
    return std::nullopt;
  auto config
    = io::parse_config(stored->text, "the configuration so far", sections_of(x.mechanisms));
  if (!config)
    return std::nullopt;
  return *std::move(config);
}

result<std::vector<io::config_change>>
changes_since(const adoption_request& x, const std::optional<adopted_config>& stored) {
  if (!stored)
    return std::vector<io::config_change>{};
  return io::changes_between(stored->text, text_of_config(x));
}

/// Everybody's judgement. `was`: null when it is not known.
result<nothing> judge(const adoption_request& x, const storage::data_dir& disk,
                      const node_config* was, std::vector<io::config_change>& changes) {
  const auto chain = tables::chain_state.find(disk, tables::chain_key);
  if (!chain)
    return chain.error();
  const auto steps = steps_done(disk, x.mechanisms);
  if (!steps)
    return steps.error();
  io::judge_general(changes, x.config, {*chain ? &**chain : nullptr, *steps});
  for (const auto* module : x.mechanisms) {
    const std::string name{module->name()};
    const auto is = x.config.mechanisms.find(name);
    if (is == x.config.mechanisms.end())
      continue;
    const mechanism_settings* before = nullptr;
    if (was)
      if (const auto at = was->mechanisms.find(name); at != was->mechanisms.end())
        before = &at->second;
    if (auto judged = module->judge_changes(disk, before, is->second, changes); !judged)
      return judged;
  }
  return nothing{};
}

fault refused_changes(const adoption_request& x, const std::vector<io::config_change>& changes) {
  return {ec::refused, x.data.string() + ": cannot go on under this configuration: "
                         + io::refusal_of(changes) + "; nothing was changed"};
}

configured_chain chain_of_config(const node_config& config) {
  return {config.chain, genesis_of(config).neurons};
}

/// What the operator reads in `actions`.
storage::batch action_about(const adoption_request& x, const storage::data_dir& disk,
                            std::string what, storage::batch writes) {
  const auto last = tables::admin_actions.last(disk);
  if (!last) // whoever reads them will say so
    return writes;
  if (what.size() > outcome_bytes_max)
    what = what.substr(0, outcome_bytes_max) + "...";
  tables::admin_actions.put(
    writes, *last ? (*last)->first + 1 : 0,
    {x.unix_ms ? x.unix_ms() : 0, "the start of the node", "--adopt-config", std::move(what)});
  return writes;
}

} // namespace

result<nothing> judge_adoption(const adoption_request& x, const storage::schema& layout) {
  const auto mark = storage::read_marker(x.data, layout.version);
  if (!mark || !*mark || (*mark)->who.seed != x.who.seed
      || (*mark)->who.config_digest == x.who.config_digest)
    return nothing{};
  auto as_it_was = x.who;
  as_it_was.config_digest = (*mark)->who.config_digest;
  const auto disk = storage::data_dir::open(
    x.data, as_it_was, storage::open_mode::create_or_continue, {.layout = &layout});
  if (!disk)
    return disk.error();
  auto stored = stored_config(*disk);
  if (!stored)
    return stored.error();
  if (*stored && (*stored)->digest != as_it_was.config_digest)
    stored->reset(); // an older version went on under another one since
  const auto was = read_stored(x, *stored);
  auto changes = changes_since(x, *stored);
  if (!changes)
    return changes.error();
  if (auto judged = judge(x, *disk, was ? &*was : nullptr, *changes); !judged)
    return judged;
  if (!io::refusal_of(*changes).empty())
    return refused_changes(x, *changes);
  if (!*stored)
    tell(x, x.data.string()
              + ": does not hold the text of the configuration so far (an older version wrote it),"
                " so what changed cannot be shown; it goes on under this one");
  else
    tell(x, x.data.string() + ": goes on under a changed configuration:\n" + io::text_of(*changes));
  return nothing{};
}

fault with_changes(const adoption_request& x, const storage::schema& layout, const fault& why) {
  const auto mark = storage::read_marker(x.data, layout.version);
  if (why.code != ec::refused || !mark || !*mark || (*mark)->who.seed != x.who.seed
      || (*mark)->who.config_digest == x.who.config_digest)
    return why;
  const auto disk
    = storage::data_dir::open(x.data, x.who, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return why;
  const auto stored = stored_config(*disk);
  if (!stored || !*stored || (*stored)->digest != (*mark)->who.config_digest)
    return {why.code, why.what + "; --adopt-config goes on under this one"};
  const auto was = read_stored(x, *stored);
  auto changes = changes_since(x, *stored);
  if (!changes || !judge(x, *disk, was ? &*was : nullptr, *changes))
    return why;
  return {why.code,
          why.what + "; what differs:\n" + io::text_of(*changes)
            + (io::refusal_of(*changes).empty() ? "--adopt-config goes on under this one"
                                                : "--adopt-config cannot take all of it")};
}

result<nothing> settle_adoption(const adoption_request& x, storage::data_dir& disk) {
  const auto stored = stored_config(disk);
  if (!stored)
    return stored.error();
  const adopted_config now{x.who.config_digest, text_of_config(x)};
  const bool same = *stored && **stored == now;
  if (same)
    return nothing{};
  storage::batch writes;
  std::string done;
  auto chain = tables::chain_state.find(disk, tables::chain_key);
  if (!chain)
    return chain.error();
  if (*chain) {
    const auto was = read_stored(x, *stored);
    const auto before = was ? std::optional{chain_of_config(*was)} : std::nullopt;
    auto changed = reconcile(**chain, chain_of_config(x.config), before ? &*before : nullptr);
    if (!changed)
      return fault{changed.error().code, x.data.string() + ": " + changed.error().what};
    for (const auto& line : *changed) {
      tell(x, "dev chain: " + line);
      done += (done.empty() ? "dev chain: " : "; ") + line;
    }
    if (!changed->empty())
      tables::chain_state.put(writes, tables::chain_key, **chain);
  }
  if (*stored && (*stored)->digest != now.digest)
    if (const auto changes = changes_since(x, *stored))
      done = io::text_of(*changes) + done;
  tables::adopted_configs.put(writes, tables::config_key, now);
  if (!done.empty())
    writes = action_about(x, disk, std::move(done), std::move(writes));
  return disk.commit(writes);
}

} // namespace sluice
