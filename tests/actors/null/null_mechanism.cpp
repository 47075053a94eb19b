#include "tests/actors/null/null_mechanism.hpp"

#include "actors/base/default_handlers.hpp"
#include "net/http/router.hpp"
#include "storage/data_dir.hpp"

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

miner_actor::behavior_type null_miner_behavior(observed_plain_pointer<miner_actor> self) {
  install_default_handlers(self);
  return {
    [](const miner_question& question) -> caf::result<miner_answer> {
      if (question.mechanism != null_name)
        return to_error({ec::refused, "this miner plays null, not " + question.mechanism});
      return miner_answer{question.body};
    },
    [](const miner_notice&) {},
    [](atom::fence) { return atom::done_v; },
  };
}

std::string fault_of_null_strategy(std::string_view strategy) {
  return strategy == null_strategy ? "" : "the null mechanism has one strategy, \"same\"";
}

/// Answers with the body of the question.
class null_side final : public tools::miner_side {
public:
  void welcome(const std::string&, const hotkey&, miner_uid) override {}
  result<tools::miner_move> asked(const net::wire_question& question) override {
    tools::miner_move move;
    if (question.mechanism == null_name)
      move.answer = net::wire_answer{question.id, question.body};
    return move;
  }
  result<nothing> noticed(const net::wire_notice&) override { return nothing{}; }
  void refused(const gateway_refusal&) override { over_ = 1; }
  void lost(const std::string&, const std::string&, uint64_t) override {}
  const std::optional<int>& over() const override { return over_; }

private:
  std::optional<int> over_;
};

class null_run final : public mechanism_run {
public:
  null_run(uint64_t miners, std::shared_ptr<const storage::data_dir> disk)
    : miners_(miners), disk_(std::move(disk)) {}

  std::vector<mechanism_child> children() override {
    return {{std::string{null_name}, [this](caf::actor_system& system) {
               actor_ = system.spawn(null_behavior, miners_);
               return caf::actor_cast<caf::actor>(actor_);
             }}};
  }

  mechanism_actor actor() const override { return actor_; }

  void add_routes(net::http_router& out) override {
    out.serve("GET", "/null", net::answer_with([disk = disk_](const net::http_request&) {
                return net::http_response{200, "text/plain", disk->path().filename().string()};
              }),
              {.access = net::access_open(), .doc = {.summary = "The name of the folder"}});
  }

private:
  uint64_t miners_;
  std::shared_ptr<const storage::data_dir> disk_;
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
    x.strategy_fault = fault_of_null_strategy;
    return x;
  }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    std::vector<local_miner> all;
    for (const auto& x : miners)
      all.push_back({x.uid, x.key, x.strategy, [](caf::actor_system& system) -> miner_actor {
                       return system.spawn(null_miner_behavior);
                     }});
    return all;
  }

  result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config& config) const override {
    if (const auto wrong = fault_of_null_strategy(config.strategy); !wrong.empty())
      return fault{ec::bad_input, wrong};
    return std::unique_ptr<tools::miner_side>{std::make_unique<null_side>()};
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    const auto& settings = context.config.mechanisms.at(std::string{null_name});
    return std::make_unique<null_run>(settings.find<null_settings>()->miners, context.disk);
  }
};

} // namespace

const mechanism_module& null_module() {
  static const module made;
  return made;
}

} // namespace sluice::test
