#include "actors/admin/views/commands_of.hpp"

#include <algorithm>
#include <vector>

namespace sluice {

admin::catalogue commands_of(mechanism_list mechanisms) {
  std::vector<std::span<const admin::command>> all;
  for (const auto* module : mechanisms)
    all.push_back(module->admin_commands());
  return admin::catalogue{all};
}

const mechanism_module* mechanism_of(const admin::command& what, mechanism_list mechanisms) {
  for (const auto* module : mechanisms)
    if (const auto own = module->admin_commands();
        std::ranges::find(own, what.name, &admin::command::name) != own.end())
      return module;
  return nullptr;
}

} // namespace sluice
