#include "io/config/config_node.hpp"

namespace sluice::io {

void read_node(config_table& root, node_config& out) {
  auto node = root.table("node");
  if (!node)
    return;
  node->allow({"handler_seconds", "commit_seconds"});
  node->read("handler_seconds", out.watchdog.handler_seconds, 0, watchdog_seconds_max);
  node->read("commit_seconds", out.watchdog.commit_seconds, 0, watchdog_seconds_max);
}

void write_node(toml_text& out, const node_config& config) {
  if (config.watchdog == watchdog_settings{})
    return;
  out.section("node");
  out.put("handler_seconds", config.watchdog.handler_seconds);
  out.put("commit_seconds", config.watchdog.commit_seconds);
}

} // namespace sluice::io
