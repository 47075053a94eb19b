/// Two mechanisms of which a node knows no more than their commands.
#pragma once

#include "actors/liquidity/admin_commands.hpp"
#include "actors/mechanism_module.hpp"
#include "storage/data_dir.hpp"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sluice::test {

/// Has the commands of jobs, and is looked at by `workers`.
class steered_module final : public mechanism_module {
public:
  std::string_view name() const override { return "jobs"; }
  io::mechanism_section section() const override { return {}; }
  std::unique_ptr<mechanism_run> make_run(const mechanism_context&) const override { return {}; }
  std::span<const admin::command> admin_commands() const override {
    return liquidity_admin_commands();
  }
  result<std::string> view(const storage::data_dir&, const admin::call& what) const override {
    if (what.what->name == "round")
      return fault{ec::no_such_key, "no round " + std::string{what.argument_at(0)}};
    return std::string{"[]"};
  }
};

/// Brings one command that acts, and is not run here.
class idle_module final : public mechanism_module {
public:
  std::string_view name() const override { return "idle"; }
  io::mechanism_section section() const override { return {}; }
  std::unique_ptr<mechanism_run> make_run(const mechanism_context&) const override { return {}; }
  std::span<const admin::command> admin_commands() const override {
    static constexpr std::array all{admin::command{.name = "poke",
                                                   .arguments = {},
                                                   .help = "Poke it",
                                                   .example = "poke",
                                                   .source = admin::command_source::node,
                                                   .effect = admin::command_effect::acts}};
    return all;
  }
};

} // namespace sluice::test
