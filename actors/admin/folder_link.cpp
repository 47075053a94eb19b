#include "actors/admin/folder_link.hpp"

#include "actors/admin/views/views.hpp"
#include "io/text/text.hpp"
#include "rules/admin/commands.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

result<std::string> folder_link::ask(std::string_view line) {
  auto answer = node_.ask(line);
  if (answer || answer.error().code != ec::unreachable)
    return answer;
  const auto call = admin::parse_command(line);
  if (!call)
    return call.error();
  std::error_code ignored;
  if (!std::filesystem::exists(folder_ / storage::marker_name, ignored))
    return fault{ec::unreachable,
                 folder_.string() + ": no data folder of a node; name one with --data"};
  if (call->what->source == admin::command_source::disk) {
    auto disk = storage::data_dir::open(folder_, {}, storage::open_mode::read_only);
    return disk ? views::of_disk(*disk, *call) : disk.error();
  }
  return fault{ec::unreachable, answer.error().what + "; " + std::string{call->what->name}
                                  + " needs one: sluice node --data "
                                  + report::shell_word(folder_.string())
                                  + " with the --dev or --config it was made with"};
}

} // namespace sluice
