#include "actors/dev_config.hpp"

#include "io/config/config_file.hpp"

namespace sluice {

result<node_config> dev_config(mechanism_list mechanisms, const dev_request& request) {
  auto config = io::parse_config(io::dev_config_text(), "configs/dev.toml", sections_of(mechanisms),
                                 request.notes, 0, request.set);
  if (!config)
    return config;
  for (const auto* module : mechanisms)
    if (config->mechanisms.contains(std::string{module->name()}))
      if (auto made = module->make_dev_world(*config, request); !made)
        return made.error();
  if (auto added = add_neurons_of(mechanisms, *config); !added)
    return added.error();
  if (request.seed)
    config->seed = *request.seed;
  return config;
}

} // namespace sluice
