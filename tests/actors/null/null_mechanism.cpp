#include "tests/actors/null/null_mechanism.hpp"

#include "actors/base/default_handlers.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice::test {

namespace {

constexpr std::string_view null_name = "null";

mechanism_actor::behavior_type
null_behavior(observed_plain_pointer<mechanism_actor> self, uint64_t miners) {
  install_default_handlers(self);
  return {
    [miners](atom::scores, epoch_no epoch) {
      mechanism_scores scores{std::string{null_name}, epoch, {}, {}};
      for (uint64_t uid = 1; uid <= miners; ++uid)
        scores.scores[{static_cast<uint16_t>(uid)}] = 1;
      return scores;
    },
    [](atom::step, uint64_t) {
      return step_report{std::string{null_name}, step_outcome::played, false, "", nullptr};
    },
    [](const mechanism_command& command) -> caf::result<std::string> {
      return caf::make_error(ec::refused, command.name + " is no command of this mechanism");
    },
  };
}

class null_run final : public mechanism_run {
public:
  explicit null_run(uint64_t miners) : miners_(miners) {}

  std::vector<mechanism_child> children() override {
    return {{std::string{null_name}, [this](caf::actor_system& system) {
               actor_ = system.spawn(null_behavior, miners_);
               return caf::actor_cast<caf::actor>(actor_);
             }}};
  }

  mechanism_actor actor() const override { return actor_; }

private:
  uint64_t miners_;
  mechanism_actor actor_;
};

class module final : public mechanism_module {
public:
  std::string_view name() const override { return null_name; }

  io::mechanism_section section() const override {
    io::mechanism_section x;
    x.name = null_name;
    x.keys = {"miners"};
    x.default_share = 1;
    x.read = [](io::config_table& table) {
      null_settings out;
      table.read("miners", out.miners, 1, 100);
      return mechanism_settings::of(out);
    };
    x.write = [](io::toml_text& out, const mechanism_settings& settings) {
      out.section(null_name);
      out.put("miners", settings.find<null_settings>()->miners);
    };
    return x;
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    const auto& settings = context.config.mechanisms.at(std::string{null_name});
    return std::make_unique<null_run>(settings.find<null_settings>()->miners);
  }
};

} // namespace

const mechanism_module& null_module() {
  static const module made;
  return made;
}

} // namespace sluice::test
