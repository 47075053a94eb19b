#include "actors/trading/command_flags.hpp"

#include "actors/admin/views/parts.hpp"
#include "actors/trading/admin_commands.hpp"
#include "actors/trading/views.hpp"
#include "io/trading/rows.hpp"
#include "tools/exit_code.hpp"
#include "tools/print.hpp"
#include "tools/shell/render.hpp"
#include "tools/trading/explain_text.hpp"

#include <CLI/CLI.hpp>
#include <sys/ioctl.h>

#include <cstdio>
#include <unistd.h>

namespace sluice {

namespace {

constexpr size_t rows_limit_max = 1'000'000;

size_t columns_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 120;
}

/// A time, or the beginning of a date.
result<std::optional<int64_t>> time_of_flag(const char* flag, const std::string& text) {
  if (text.empty())
    return std::optional<int64_t>{};
  const auto time = io::parse_iso_time(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time)
    return fault{ec::bad_input, std::string{flag}
                                  + ": expected a time as 2025-08-20T00:00:00Z, or "
                                    "a date as 2025-08-20, got "
                                  + text};
  return std::optional<int64_t>{*time};
}

} // namespace

void add_common_flags(CLI::App& command, trading_flags& flags) {
  command.add_option("--data", flags.data, "The data folder; a node may have it open for reading")
    ->required()
    ->type_name("DIR");
  command.add_option("--output", flags.output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
}

void add_import_flags(CLI::App& command, import_flags& flags) {
  command.add_option("FILE", flags.files, "JSON lines of stakes and unstakes");
  command
    .add_option("--pools", flags.pools,
                "JSON lines of pools: netuid, tao_reserve, alpha_reserve, alpha_supply, "
                "emission_rate, price; may be given several times")
    ->allow_extra_args(false)
    ->type_name("FILE");
  add_common_flags(command, flags.common);
  command
    .add_option("--world", flags.world,
                "Who the miners are: metagraphs, registered coldkeys, tracking starts; without it "
                "what the folder has")
    ->type_name("FILE");
  command.add_option("--form", flags.form, "Which rows the files have")
    ->check(CLI::IsMember({"any", "own", "taostats", "taoapp"}))
    ->capture_default_str();
  command.add_option("--mapping", flags.mapping, "Which amount of tao.app's rows is TAO")
    ->check(CLI::IsMember({"in_is_tao", "by_direction"}))
    ->capture_default_str();
  command
    .add_option("--now", flags.now,
                "The moment of the report; default: that of the world file, else the clock")
    ->type_name("TIME");
  command.add_flag("--strict", flags.strict, "Stop at the first row that is no event");
}

void add_query_flags(CLI::App& command, query_flags& flags, bool status) {
  add_common_flags(command, flags.common);
  command.add_option("--uid", flags.uid, "Of the miner with this uid")->type_name("UID");
  command.add_option("--hotkey", flags.hotkey, "Of the miner with this hotkey")
    ->type_name("HOTKEY");
  command.add_option("--netuid", flags.netuid, "Of this subnet")->type_name("NETUID");
  command.add_option("--from", flags.from, "Not before this time or date (UTC)")->type_name("TIME");
  command.add_option("--to", flags.to, "Not after this time; of a date its beginning")
    ->type_name("TIME");
  if (status)
    command.add_option("--status", flags.status, "open, partial or closed")
      ->check(CLI::IsMember({"open", "partial", "closed"}));
  command.add_option("--limit", flags.limit, "The newest so many")
    ->check(CLI::Range(size_t{1}, rows_limit_max))
    ->capture_default_str();
}

result<tools::import_options> import_options_of(const import_flags& flags) {
  tools::import_options out;
  out.files = flags.files;
  out.pool_files = flags.pools;
  out.world_file = flags.world;
  out.strict = flags.strict;
  out.rows.form = flags.form == "own"        ? io::event_row_form::own
                  : flags.form == "taostats" ? io::event_row_form::taostats
                  : flags.form == "taoapp"   ? io::event_row_form::taoapp
                                             : io::event_row_form::any;
  out.rows.mapping
    = flags.mapping == "by_direction" ? tao_mapping::by_direction : tao_mapping::in_is_tao;
  const auto now = time_of_flag("--now", flags.now);
  if (!now)
    return now.error();
  out.now_us = *now;
  return out;
}

result<position_filter> filter_of_flags(const query_flags& flags, const storage::data_dir& disk) {
  position_filter out;
  out.netuid = flags.netuid;
  const auto from = time_of_flag("--from", flags.from);
  const auto to = time_of_flag("--to", flags.to);
  if (!from)
    return from.error();
  if (!to)
    return to.error();
  out.from_us = *from;
  out.to_us = *to;
  for (const auto status : {lot_status::open, lot_status::partial, lot_status::closed})
    if (flags.status == name_of(status))
      out.status = status;
  if (!flags.uid.empty() && !flags.hotkey.empty())
    return fault{ec::bad_input, "--uid and --hotkey: expected one of them"};
  if (!flags.hotkey.empty())
    out.hotkey = flags.hotkey;
  const auto setup = views::trading_setup(disk);
  if (!setup)
    return setup.error();
  if (!flags.uid.empty()) {
    const auto miner = views::trading_miner(disk, *setup, flags.uid);
    if (!miner)
      return miner.error();
    out.hotkey = miner->hotkey;
  }
  return out;
}

int show_trading(const trading_flags& flags, const char* command,
                 const nlohmann::ordered_json& answer) {
  const bool table
    = flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
  auto text = views::text_of(answer) + '\n';
  if (table && command == std::string_view{"trading explain"})
    text = tools::trading_explain_text(
      text, {columns_of_terminal(), false, tools::letters() == report::charset::ascii});
  else if (table)
    text = tools::render(command, text,
                         {columns_of_terminal(), false, tools::letters(), trading_columns()});
  if (tools::write_answer(table, text))
    return tools::done;
  tools::print_shown(stderr, "sluice trading: the answer could not be written\n");
  return tools::environment;
}

} // namespace sluice
