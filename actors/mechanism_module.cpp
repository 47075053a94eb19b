#include "actors/mechanism_module.hpp"

#include "messages/all.hpp"
#include "net/http/router.hpp"

#include <map>
#include <optional>
#include <stdexcept>

namespace sluice {

std::vector<local_miner>
mechanism_module::local_miners(const std::vector<local_miner_config>&) const {
  return {};
}

result<std::unique_ptr<tools::miner_side>>
mechanism_module::make_miner(const tools::miner_side_config&) const {
  return std::unique_ptr<tools::miner_side>{};
}

std::unique_ptr<report::mechanism_report> mechanism_module::make_report() const {
  return std::make_unique<report::mechanism_report>();
}

void mechanism_module::add_commands(CLI::App&, int&) const {}

result<std::string>
mechanism_module::view(const storage::data_dir&, const admin::call& call) const {
  return fault{ec::invalid_argument, std::string{call.what->name} + " is not answered from disk"};
}

const mechanism_module* find_mechanism(mechanism_list all, std::string_view name) {
  for (const auto* x : all)
    if (x->name() == name)
      return x;
  return nullptr;
}

storage::schema schema_of(mechanism_list all) {
  std::vector<storage::schema_part> parts;
  for (const auto* x : all)
    parts.push_back(x->schema());
  return storage::schema_with(parts);
}

std::vector<io::mechanism_section> sections_of(mechanism_list all) {
  std::vector<io::mechanism_section> sections;
  for (const auto* x : all)
    sections.push_back(x->section());
  return sections;
}

result<nothing> add_neurons_of(mechanism_list all, node_config& config) {
  for (const auto* x : all)
    if (config.mechanisms.contains(std::string{x->name()}))
      if (auto added = x->add_neurons(config); !added)
        return added;
  return nothing{};
}

std::shared_ptr<const miner_mechanisms> miners_of(mechanism_list all) {
  auto made = std::make_shared<miner_mechanisms>();
  for (const auto* x : all) {
    const auto part = x->miners();
    if (!part)
      continue;
    made->codecs[std::string{x->name()}] = part->codec;
    made->questions_max += part->questions_max;
    if (part->protocol_1)
      made->protocol_1 = x->name();
  }
  return made;
}

std::vector<local_miner>
local_miners_of(mechanism_list all, const std::vector<local_miner_config>& miners) {
  const auto sections = sections_of(all);
  std::map<std::string, std::vector<local_miner_config>> by_mechanism;
  for (const auto& x : miners) {
    const auto* played = io::played_by(sections, x.mechanism);
    if (!played)
      throw std::invalid_argument("miner " + x.key.value + ": no mechanism \"" + x.mechanism
                                  + "\" that has miners in this process");
    by_mechanism[played->name].push_back(x);
  }
  std::map<miner_uid, std::string> coldkeys;
  for (const auto& x : miners)
    coldkeys[x.uid] = x.coldkey;
  std::vector<local_miner> made;
  for (const auto& [name, own] : by_mechanism)
    for (auto& x : find_mechanism(all, name)->local_miners(own)) {
      x.coldkey = coldkeys[x.uid];
      x.mechanism = name;
      made.push_back(std::move(x));
    }
  return made;
}

result<named_miner_side> make_miner_of(mechanism_list all, std::string_view mechanism,
                                       const tools::miner_side_config& config) {
  std::string names;
  std::optional<result<named_miner_side>> found;
  for (const auto* x : all) {
    auto made = x->make_miner(config);
    if (made && !*made)
      continue;
    names += (names.empty() ? "" : ", ") + std::string{x->name()};
    if (mechanism.empty() ? !found : x->name() == mechanism)
      found = made ? result<named_miner_side>{{std::string{x->name()}, *std::move(made)}}
                   : result<named_miner_side>{made.error()};
  }
  if (names.empty())
    return fault{ec::invalid_argument, "no mechanism of this program has miners"};
  if (!found)
    return fault{ec::invalid_argument, "expected a mechanism that has miners, of " + names
                                         + ", got \"" + std::string{mechanism} + '"'};
  return *std::move(found);
}

std::set<std::string> followers_of(mechanism_list all, const node_config& config) {
  std::set<std::string> names;
  for (const auto* x : all)
    if (const std::string name{x->name()}; config.mechanisms.contains(name) && x->follows(config))
      names.insert(name);
  return names;
}

std::map<std::string, std::string>
why_no_scores_of(mechanism_list all, const storage::data_dir& disk, const node_config& config) {
  std::map<std::string, std::string> reasons;
  for (const auto* x : all)
    if (const std::string name{x->name()}; config.mechanisms.contains(name))
      if (auto why = x->why_no_scores(disk, config); !why.empty())
        reasons[name] = std::move(why);
  return reasons;
}

net::http_router routes_of(std::span<mechanism_run* const> all) {
  net::http_router made;
  for (auto* x : all)
    x->add_routes(made);
  return made;
}

report::mechanism_reports reports_of(mechanism_list all) {
  report::mechanism_reports made;
  for (const auto* x : all)
    made.emplace(std::string{x->name()}, x->make_report());
  return made;
}

void add_messages(caf::actor_system_config& config, mechanism_list all) {
  add_all_messages(config);
  for (const auto* x : all)
    x->add_messages(config);
}

} // namespace sluice
