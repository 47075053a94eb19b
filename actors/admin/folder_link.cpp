#include "actors/admin/folder_link.hpp"

#include "actors/admin/views/commands_of.hpp"
#include "actors/admin/views/views.hpp"
#include "actors/chain/stored_chain_view.hpp"
#include "io/text/text.hpp"
#include "storage/data_dir.hpp"
#include "storage/tables.hpp"

namespace sluice {

folder_link::folder_link(std::filesystem::path folder, mechanism_list mechanisms,
                         net::shell_client::settings how, report::charset letters)
  : folder_(std::move(folder)), mechanisms_(mechanisms), commands_(commands_of(mechanisms)),
    node_(folder_, std::move(how)), letters_(letters) {}

/// From the disk, beside whoever has it.
result<std::string> folder_link::read(const admin::call& call) const {
  const auto layout = schema_of(mechanisms_);
  auto disk
    = storage::data_dir::open(folder_, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return disk.error();
  views::chain_seen seen;
  if (views::shows_chain(call)) {
    auto stored = stored_chain_view(*disk);
    if (!stored)
      return stored.error();
    seen.view = *std::move(stored);
  }
  return views::of_disk(*disk, call, mechanisms_, seen);
}

result<std::string> folder_link::ask(std::string_view line) {
  auto answer = node_.ask(line);
  if (answer || answer.error().code != ec::unreachable)
    return answer;
  const auto call = admin::parse_command(commands_, line);
  if (!call)
    return call.error();
  const auto mark = storage::find_marker(folder_, storage::tables::schema_version);
  if (!mark)
    return mark.error();
  if (!*mark)
    return fault{ec::unreachable,
                 folder_.string() + ": no data folder of a node; name one with --data"};
  if (call->what->source == admin::command_source::disk)
    return read(*call);
  return fault{ec::unreachable, answer.error().what + "; " + std::string{call->what->name}
                                  + " needs one: sluice node --data "
                                  + report::shell_argument(folder_.string(), letters_)
                                  + " with the --dev or --config it was made with"};
}

} // namespace sluice
