#include "actors/consensus/report_sender.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "net/consensus/report_client.hpp"
#include "net/keys/key_file.hpp"
#include "rules/consensus/probe.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

namespace sluice {

namespace {

class report_sender_state {
public:
  static inline const char* name = "report_sender";

  explicit report_sender_state(observed_plain_pointer<report_sender_actor> self) : self_(self) {}

  /// False when there is no client; the actor is then on its way out.
  bool setup(report_sender_config config, report_sender_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    plan_.emplace(settings().report_to, report_pauses{});
    keys_.resize(settings().report_to.size());
    if (!config_.probe) {
      prober_ = std::make_unique<net::prober>(
        net::prober_terms{settings().probe_timeout_ms, settings().probes_at_once});
      config_.probe = [this](std::vector<endpoint> where, net::probes_done done) {
        prober_->probe(std::move(where), std::move(done));
      };
    }
    if (!config_.call && !make_client())
      return false;
    last_slot_ = slot_now();
    wait_for_slot();
    return true;
  }

  report_sender_view view() {
    view_.targets = plan_->view();
    return view_;
  }

  std::string describe() { return json_of(view()); }

  // -- a round: who is there, who can be reached, what is reported

  void slot_begins(uint64_t timer) {
    if (timer != slot_timer_)
      return;
    wait_for_slot();
    const auto slot = slot_now();
    if (slot <= last_slot_) // this machine's clock went back: that one was reported
      return;
    last_slot_ = slot;
    if (round_open_) {
      ++view_.rounds_late;
      return note_error("the round before took longer than report_interval_s");
    }
    round_open_ = true;
    ++round_;
    const auto failed = [this](const caf::error& why) { fail_round(sentence(why)); };
    ask_or(
      self_, failed, links_.chain, [this](const chain_view& chain) { take_chain(chain); },
      atom::view_v);
  }

  void take_probes(const probe_reply& x) {
    if (!round_open_ || x.round != round_)
      return;
    const auto now = config_.unix_ms();
    size_t i = 0;
    for (const auto& subject : subjects_)
      if (!subject.host.empty()) {
        const auto& one = x.outcomes->at(i++);
        book_.observe(subject.uid, subject.hotkey, {one.latency_us.has_value(), one.latency_us},
                      now);
      } else if (subject.connected) {
        book_.observe(subject.uid, subject.hotkey, {*subject.connected, {}}, now);
      }
    report();
  }

  // -- proxies

  void take_reply(const report_reply& x) {
    const auto before = plan_->view().at(x.attempt.target).last_error;
    const auto verdict
      = plan_->answered(x.attempt, x.answer, now_ms(), config_.unix_ms(), config_.chance());
    if (verdict)
      note(x.attempt.target, *verdict, before);
    send_due();
  }

  void pause_ends(uint64_t timer) {
    if (timer == pause_timer_)
      send_due();
  }

private:
  const report_settings& settings() const { return config_.settings; }

  uint64_t slot_now() const { return report_slot(config_.unix_ms(), settings().report_interval_s); }

  uint64_t now_ms() const {
    using std::chrono::duration_cast;
    const auto now = self_->clock().now().time_since_epoch();
    return static_cast<uint64_t>(duration_cast<std::chrono::milliseconds>(now).count());
  }

  bool make_client() {
    net::http_client_terms terms;
    terms.ca = settings().ca_file;
    terms.body_bytes = net::report_answer_bytes_max;
    auto made = net::http_client::start(std::move(terms));
    if (!made) {
      self_->quit(to_error(made.error()));
      return false;
    }
    client_ = *std::move(made);
    config_.call = [this](net::http_call x, net::http_answered answered) {
      client_->call(std::move(x), std::move(answered));
    };
    return true;
  }

  void wait_for_slot() {
    const auto rest = ms_to_next_slot(config_.unix_ms(), settings().report_interval_s);
    self_->delayed_send(self_, std::chrono::milliseconds{rest}, atom::step_v, ++slot_timer_);
  }

  /// Who reports: the hotkey of the key file, else the node's own.
  bool read_own_key() {
    own_key_.reset();
    view_.hotkey = config_.own.value;
    if (settings().report_key_file.empty())
      return true;
    auto read = net::read_key_file(settings().report_key_file);
    if (!read) {
      fail_round(read.error().what);
      return false;
    }
    own_key_ = std::make_unique<net::key_pair>(*std::move(read));
    view_.hotkey = own_key_->address;
    return true;
  }

  void take_chain(const chain_view& chain) {
    if (!read_own_key())
      return;
    const auto own
      = std::ranges::find(chain.neurons, view_.hotkey, [](const neuron& x) { return x.key.value; });
    view_.registered = own != chain.neurons.end();
    if (!view_.registered)
      return fail_round("hotkey " + view_.hotkey
                        + " is not registered on this subnet: register it, or state another"
                          " report_key_file");
    view_.uid = own->uid.value;
    const auto failed = [this](const caf::error& why) { fail_round(sentence(why)); };
    ask_or(
      self_, failed, links_.roster,
      [this, neurons = chain.neurons](const std::vector<roster_entry>& all) {
        take_roster(neurons, all);
      },
      atom::roster_v);
  }

  void take_roster(const std::vector<neuron>& neurons, const std::vector<roster_entry>& all) {
    std::map<std::string, bool> connected;
    for (const auto& x : all)
      if (x.seen)
        connected[x.key.value] = static_cast<bool>(x.handle);
    subjects_ = probe_subjects(neurons, view_.hotkey, settings().axons, connected);
    if (links_.open_tasks) {
      const auto loads = links_.open_tasks();
      if (loads)
        add_loads(subjects_, *loads);
      else
        note_error(loads.error().what);
    }
    book_.keep(subjects_);
    std::vector<endpoint> where;
    for (const auto& x : subjects_)
      if (!x.host.empty())
        where.push_back({x.host, x.port});
    const report_sender_actor me{static_cast<report_sender_actor::pointer>(self_)};
    config_.probe(std::move(where), [me, round = round_](std::vector<net::probed> outcomes) {
      caf::anon_send(me, probe_reply{round, std::make_shared<const std::vector<net::probed>>(
                                              std::move(outcomes))});
    });
  }

  void report() {
    round_open_ = false;
    auto list = book_.list(subjects_, settings().probe_timeout_ms);
    auto made = std::make_shared<signed_report>();
    made->validator_uid = static_cast<uint16_t>(view_.uid);
    made->epoch = last_slot_;
    made->hotkey = view_.hotkey;
    made->issued_ms = config_.unix_ms();
    made->miner_statuses = std::move(list.json);
    if (own_key_)
      net::sign_report(*made, *own_key_);
    newest_ = std::move(made);
    ++view_.rounds;
    view_.last_report = last_slot_;
    view_.last_ms = newest_->issued_ms;
    view_.items = list.items;
    view_.serving = list.serving;
    view_.left_out = list.left_out;
    if (list.left_out > 0)
      note_error(std::to_string(list.left_out) + " miners had no space in the report");
    plan_->offer(newest_->epoch);
    look_for_new_keys();
    send_due();
  }

  void fail_round(const std::string& why) {
    round_open_ = false;
    ++view_.rounds_failed;
    note_error(why);
  }

  /// A proxy that refused a key is asked again once its file has another one.
  void look_for_new_keys() {
    for (size_t i = 0; i < keys_.size(); ++i) {
      const auto& file = settings().report_to[i].key_file;
      if (!plan_->stopped(i) || file.empty())
        continue;
      const auto key = net::read_report_key(file);
      if (key && *key != keys_[i])
        plan_->resume(i);
    }
  }

  void send_due() {
    for (const auto& x : plan_->due(now_ms()))
      send_one(x);
    const auto next = plan_->next_ms();
    if (!next)
      return;
    const auto now = now_ms();
    self_->delayed_send(self_, std::chrono::milliseconds{*next > now ? *next - now : 0},
                        atom::due_v, ++pause_timer_);
  }

  void send_one(const report_attempt& x) {
    const auto& target = settings().report_to[x.target];
    if (target.form == report_form::signed_json && !own_key_)
      return cannot_send(x, "form signed needs report_key_file, the key file of this validator's"
                            " hotkey (sluice keys new)");
    std::string key;
    if (!target.key_file.empty()) {
      auto read = net::read_report_key(target.key_file);
      if (!read)
        return cannot_send(x, read.error().what);
      key = *std::move(read);
    }
    keys_[x.target] = key;
    auto call = net::report_call(target, *newest_, key, config_.whole_ms);
    if (!call)
      return cannot_send(x, call.error().what);
    self_->observed().stats->count("requests", 1);
    const report_sender_actor me{static_cast<report_sender_actor::pointer>(self_)};
    config_.call(*std::move(call), [me, x](const result<net::http_answer>& outcome) {
      caf::anon_send(me, report_reply{x, net::report_answer_of(outcome)});
    });
  }

  void cannot_send(const report_attempt& x, const std::string& why) {
    spdlog::error("consensus: no reports to {}: {}", settings().report_to[x.target].url, why);
    plan_->refuse(x, why);
  }

  void note(size_t target, sending_verdict verdict, const std::string& before) {
    const auto shown = plan_->view().at(target);
    self_->observed().stats->count(
      verdict == sending_verdict::delivered ? "delivered" : "undelivered", 1);
    if (shown.last_error == before)
      return;
    if (verdict == sending_verdict::delivered)
      spdlog::info("consensus: {} takes reports again", shown.url);
    else if (verdict == sending_verdict::stopped)
      spdlog::error("consensus: no more reports to {}: {}", shown.url, shown.last_error);
    else
      spdlog::warn("consensus: a report to {} was not taken: {}", shown.url, shown.last_error);
  }

  void note_error(const std::string& why) {
    if (why != view_.last_error)
      spdlog::warn("consensus: reporting: {}", why);
    view_.last_error = why;
  }

  observed_plain_pointer<report_sender_actor> self_;
  report_sender_config config_;
  report_sender_links links_;
  std::optional<report_plan> plan_;
  std::vector<std::string> keys_; // that each target was last asked with
  std::unique_ptr<net::key_pair> own_key_;
  probe_book book_;
  std::vector<probe_subject> subjects_; // of this round
  std::shared_ptr<const signed_report> newest_;
  report_sender_view view_;
  uint64_t last_slot_ = 0; // number of the interval that needs no report any more
  uint64_t round_ = 0;
  bool round_open_ = false;
  uint64_t slot_timer_ = 0;
  uint64_t pause_timer_ = 0;
  std::unique_ptr<net::prober> prober_; // the last: their threads use what is above
  std::unique_ptr<net::http_client> client_;
};

report_sender_actor::behavior_type
report_sender_behavior(observed_pointer<report_sender_actor, report_sender_state> self,
                       report_sender_config config, report_sender_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.setup(std::move(config), std::move(links)))
    return report_sender_actor::behavior_type::make_empty_behavior();
  return {
    [&state](atom::view) { return state.view(); },
    [&state](atom::step, uint64_t timer) { state.slot_begins(timer); },
    [&state](atom::due, uint64_t timer) { state.pause_ends(timer); },
    [&state](const report_reply& x) { state.take_reply(x); },
    [&state](const probe_reply& x) { state.take_probes(x); },
  };
}

} // namespace

report_sender_actor spawn_report_sender(caf::actor_system& system, report_sender_config config,
                                        report_sender_links links) {
  return system.spawn(report_sender_behavior, std::move(config), std::move(links));
}

} // namespace sluice
