#include "actors/sports/module.hpp"

#include "actors/sports/publishing.hpp"
#include "actors/sports/run.hpp"
#include "io/sports/section.hpp"
#include "messages/sports/intake.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/node_settings.hpp"
#include "storage/sports/audit.hpp"
#include "storage/sports/tables.hpp"

namespace sluice {

namespace {

class sports_mechanism final : public mechanism_module {
public:
  std::string_view name() const override { return sports_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::sports_section(); }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override {
    add_sports_messages(config);
  }

  storage::schema_part schema() const override { return storage::sports_schema(); }

  // ---- a run ------------------------------------------------------------------------------------

  bool follows(const node_config& config) const override {
    return find_sports(config)->world.has_value();
  }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return sports_steps_done(disk);
  }

  std::string why_no_scores(const storage::data_dir& disk, const node_config&) const override {
    return why_no_sports_scores(disk);
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return make_sports_run(context);
  }

  // ---- miners -----------------------------------------------------------------------------------

  std::optional<miner_part> miners() const override {
    return miner_part{net::sports_codec(), false, 1};
  }

  // ---- for people -------------------------------------------------------------------------------

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope&) const override {
    return storage::audit_sports(disk);
  }
};

} // namespace

const mechanism_module& sports_module() {
  static const sports_mechanism made;
  return made;
}

} // namespace sluice
