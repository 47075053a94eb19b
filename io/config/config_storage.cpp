#include "io/config/config_storage.hpp"

#include "rules/byte_size.hpp"

#include <string>

namespace sluice::io {

namespace {

constexpr size_t byte_size_text_max = 32;

void read_budget(config_table& table, storage_settings& out) {
  std::string text;
  table.read("budget", text, config_table::letters::any, byte_size_text_max);
  if (text.empty() || !table.fine())
    return;
  const auto bytes = parse_byte_size(text);
  if (bytes && (*bytes == 0 || *bytes >= storage_settings::budget_bytes_min))
    out.budget_bytes = *bytes;
  else
    table.refuse("budget",
                 "a size such as \"20GB\" or \"512MiB\", at least 1MB, or \"0\" for none");
}

} // namespace

void read_storage(config_table& root, storage_settings& out) {
  auto table = root.table("storage");
  if (!table)
    return;
  table->allow(
    {"budget", "keep_rounds", "keep_epochs", "keep_actions", "check_s", "group_readable"});
  read_budget(*table, out);
  table->read("keep_rounds", out.keep_rounds, 0, storage_settings::keep_max);
  table->read("keep_epochs", out.keep_epochs, 0, storage_settings::keep_max);
  if (out.keep_epochs > 0 && out.keep_epochs < storage_settings::keep_epochs_min)
    table->refuse("keep_epochs",
                  "0 (all), or at least " + std::to_string(storage_settings::keep_epochs_min));
  table->read("keep_actions", out.keep_actions, 0, storage_settings::keep_max);
  table->read("check_s", out.check_s, 1, storage_settings::check_s_max);
  table->read("group_readable", out.group_readable);
}

void write_storage(toml_text& out, const storage_settings& x) {
  if (x == storage_settings{})
    return;
  out.section("storage");
  out.put("budget", byte_size_text(x.budget_bytes));
  out.put("keep_rounds", x.keep_rounds);
  out.put("keep_epochs", x.keep_epochs);
  out.put("keep_actions", x.keep_actions);
  out.put("check_s", x.check_s);
  out.put("group_readable", x.group_readable);
}

} // namespace sluice::io
