#include "actors/leads/queues.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/thrown_fault.hpp"
#include "rules/json_text.hpp"
#include "rules/leads/admission.hpp"
#include "storage/leads/queues.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr std::array<std::pair<lead_queue, std::string_view>, 4> queue_names{
  {{lead_queue::prospects, "prospects"},
   {lead_queue::requests, "requests"},
   {lead_queue::miner_requests, "miner_requests"},
   {lead_queue::miner_results, "miner_results"}}};

class leads_queues_state {
public:
  static inline const char* name = "leads_queues";

  explicit leads_queues_state(observed_plain_pointer<leads_queues_actor> self) : self_(self) {}

  void setup(leads_queues_config config, leads_queues_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    auto read = storage::read_queues(*links_.disk, config_.terms);
    if (!read)
      throw thrown_fault("the queues of leads: ", read.error());
    queues_ = *std::move(read);
    show_counts();
  }

  // ---- from outside -----------------------------------------------------------------------------

  void prospects(const queue_prospects_message& call) {
    when_admitted(call, role_to_add(lead_queue::prospects), [this, call] {
      changed<uint64_t>(call.reply, [&](queue_changes& out) {
        return queues_.add_prospects(call.what, config_.unix_ms(), out);
      });
    });
  }

  void request(const queue_request_message& call) {
    when_admitted(call, role_to_add(call.what.queue), [this, call] {
      changed<std::string>(call.reply, [&](queue_changes& out) {
        return queues_.add_request(call.what, config_.unix_ms(), out);
      });
    });
  }

  void fetch(const fetch_message& call) {
    when_admitted(call, role_to_take(call.what.queue), [this, call] {
      changed<std::vector<leased_item>>(call.reply, [&](queue_changes& out) {
        return result<std::vector<leased_item>>{queues_.fetch(call.what, config_.unix_ms(), out)};
      });
    });
  }

  void acknowledge(const acknowledge_message& call) {
    when_admitted(call, role_to_take(call.what.queue), [this, call] {
      changed<uint64_t>(call.reply, [&](queue_changes& out) {
        return result<uint64_t>{queues_.acknowledge(call.what, config_.unix_ms(), out)};
      });
    });
  }

  void store_result(const store_result_message& call) {
    when_admitted(call, role_to_take(call.what.queue), [this, call] {
      changed<nothing>(call.reply, [&](queue_changes& out) {
        return queues_.finish(call.what, config_.unix_ms(), out);
      });
    });
  }

  void store_weights(const store_weights_message& call) {
    when_admitted(call, leads_role::validator, [this, call] {
      queue_changes changes;
      const auto now = config_.unix_ms();
      if (!queues_.first_time(call.what.caller.body, now, changes))
        return call.reply(nothing{});
      storage::batch writes;
      storage::add_changes(writes, changes);
      tables::lead_validator_weights.put(writes, call.what.caller.wallet, {call.what.weights, now});
      write(std::move(writes), call.reply, result<nothing>{nothing{}});
    });
  }

  // ---- of the node itself -----------------------------------------------------------------------

  caf::result<std::vector<leased_item>> own_fetch_of(const own_fetch& x) {
    queue_changes changes;
    auto items = queues_.fetch(x.what, x.now_ms, changes);
    if (items.empty())
      return items;
    return answer_when_durable(changes, {}, std::move(items));
  }

  caf::result<uint64_t> own_acknowledge_of(const own_acknowledge& x) {
    queue_changes changes;
    if (queues_.acknowledge(x.item, x.now_ms, changes) == 0)
      return uint64_t{0};
    return answer_when_durable(changes, x.with, uint64_t{1});
  }

  caf::result<std::string> own_request_of(const own_request& x) {
    queue_changes changes;
    auto id = queues_.add_request(x.what, x.now_ms, changes);
    if (!id)
      return to_error(id.error());
    return answer_when_durable(changes, {}, *std::move(id));
  }

  caf::result<atom::done> own_result_of(const own_result& x) {
    queue_changes changes;
    if (auto done = queues_.finish(x.what, x.now_ms, changes); !done)
      return to_error(done.error());
    return answer_when_durable(changes, x.with, atom::done{atom::done_v});
  }

  std::string describe() const {
    json_object out;
    for (const auto& [queue, name] : queue_names)
      out.raw(name, json_of(queues_.counts(queue, config_.unix_ms())));
    return out.text();
  }

private:
  /// Asks the chain who is who; `then` runs when the caller may.
  template <class Call, class Then>
  void when_admitted(const Call& call, leads_role needed, Then then) {
    const auto refuse = [reply = call.reply](const fault& why) { reply(why); };
    if (needed == leads_role::anybody || call.what.caller.wallet.value.empty())
      return then();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [who = call.what.caller, needed, refuse, then](const chain_view& seen) {
          if (const auto may = admitted(who, needed, seen.neurons); !may)
            refuse(may.error());
          else
            then();
        },
        [refuse](const caf::error& why) { refuse(to_fault(why)); });
  }

  /// What `change` answers is sent back once what it has changed is durable; its fault at once.
  template <class T>
  void changed(const std::function<void(result<T>)>& reply,
               const std::function<result<T>(queue_changes&)>& change) {
    queue_changes changes;
    auto answer = change(changes);
    if (!answer)
      return reply(answer.error());
    storage::batch writes;
    storage::add_changes(writes, changes);
    write(std::move(writes), reply, std::move(answer));
  }

  template <class T>
  void write(storage::batch writes, const std::function<void(result<T>)>& reply, result<T> answer) {
    show_counts();
    if (writes.writes.empty())
      return reply(std::move(answer));
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([reply, answer](atom::done) { reply(answer); },
            [reply](const caf::error& why) { reply(to_fault(why)); });
  }

  template <class T>
  caf::result<T>
  answer_when_durable(const queue_changes& changes, storage::batch writes, T answer) {
    show_counts();
    storage::add_changes(writes, changes);
    auto promise = self_->template make_response_promise<T>();
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([promise, answer](atom::done) mutable { promise.deliver(std::move(answer)); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  void show_counts() {
    for (const auto& [queue, name] : queue_names) {
      const auto x = queues_.counts(queue, config_.unix_ms());
      auto& stats = *self_->observed().stats;
      stats.level(std::string{name} + "_waiting", static_cast<double>(x.waiting));
      stats.level(std::string{name} + "_leased", static_cast<double>(x.leased));
      stats.level(std::string{name} + "_set_aside", static_cast<double>(x.set_aside));
    }
  }

  observed_plain_pointer<leads_queues_actor> self_;
  leads_queues_config config_;
  leads_queues_links links_;
  lead_queues queues_;
};

leads_queues_actor::behavior_type
leads_queues_behavior(observed_pointer<leads_queues_actor, leads_queues_state> self,
                      leads_queues_config config, leads_queues_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const queue_prospects_message& x) { state.prospects(x); },
    [&state](const queue_request_message& x) { state.request(x); },
    [&state](const fetch_message& x) { state.fetch(x); },
    [&state](const acknowledge_message& x) { state.acknowledge(x); },
    [&state](const store_result_message& x) { state.store_result(x); },
    [&state](const store_weights_message& x) { state.store_weights(x); },
    [&state](const own_fetch& x) { return state.own_fetch_of(x); },
    [&state](const own_acknowledge& x) { return state.own_acknowledge_of(x); },
    [&state](const own_request& x) { return state.own_request_of(x); },
    [&state](const own_result& x) { return state.own_result_of(x); },
  };
}

} // namespace

leads_queues_actor spawn_leads_queues(caf::actor_system& system, leads_queues_config config,
                                      leads_queues_links links) {
  return system.spawn(leads_queues_behavior, std::move(config), std::move(links));
}

} // namespace sluice
