#include "actors/observed/observed.hpp"

#include "rules/limits.hpp"

#include <caf/atom.hpp>
#include <caf/detail/pretty_type_name.hpp>
#include <caf/system_messages.hpp>
#include <caf/type_nr.hpp>

#include <string_view>
#include <typeinfo>

namespace sluice {

namespace {

thread_local spawn_watch* watching = nullptr;

std::string without_namespace(std::string name) {
  constexpr std::string_view ours = "sluice.";
  return name.starts_with(ours) ? name.substr(ours.size()) : name;
}

/// Atoms by their name, everything else by the name of its type.
std::string type_of(const caf::type_erased_tuple& x, size_t i) {
  const auto [number, info] = x.type(i);
  if (!info)
    return caf::numbered_type_names[number - 1];
  auto name = caf::detail::pretty_type_name(*info);
  if (name.find("atom_constant") != std::string::npos)
    return x.stringify(i);
  return without_namespace(std::move(name));
}

} // namespace

spawn_watch::spawn_watch() : outer_(std::exchange(watching, this)) {}

spawn_watch::~spawn_watch() {
  watching = outer_;
}

std::shared_ptr<actor_stats> spawn_watch::stats_of(caf::actor_id id) const {
  for (const auto& [spawned, stats] : spawned_)
    if (spawned == id)
      return stats;
  return nullptr;
}

void spawn_watch::add(caf::actor_id id, const std::shared_ptr<actor_stats>& stats) {
  if (watching)
    watching->spawned_.emplace_back(id, stats);
}

std::string message_type_name(uintptr_t type) {
  if (type == 0)
    return {};
  if (type <= caf::type_nrs)
    return caf::numbered_type_names[type - 1];
  if (const auto atom = atom_of_message_type(type))
    return caf::to_string(*atom);
  return without_namespace(
    caf::detail::pretty_type_name(*reinterpret_cast<const std::type_info*>(type)));
}

std::string types_of(const caf::type_erased_tuple& x) {
  std::string all;
  for (size_t i = 0; i < x.size(); ++i)
    all += (all.empty() ? "" : ", ") + type_of(x, i);
  return all;
}

std::string text_of(const caf::type_erased_tuple& x) {
  std::string text;
  for (size_t i = 0; i < x.size() && text.size() <= limits::traced_bytes_max; ++i)
    text += (text.empty() ? "" : ", ") + x.stringify(i);
  if (text.size() > limits::traced_bytes_max) {
    text.resize(limits::traced_bytes_max);
    text += "...";
  }
  return text;
}

bool is_exit_message(const caf::type_erased_tuple& x) {
  return x.match_elements<caf::down_msg>() || x.match_elements<caf::exit_msg>();
}

} // namespace sluice
