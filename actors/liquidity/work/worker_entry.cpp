#include "actors/liquidity/work/worker_entry.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/liquidity/work/work_messages.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace sluice {

namespace {

/// What the worker has of one market. Holding the records keeps their addresses theirs.
struct known_market {
  std::shared_ptr<const window> like; // the last window that was sent of it
  size_t blocks = 0;
  uint64_t used = 0;
};

struct open_batch {
  simulation work; // to be sent again when the worker has forgotten its market
  bool again = false;
  caf::typed_response_promise<simulation_result> promise;
};

/// Does `more` go on where `had` ended?
bool goes_on(const window& had, size_t blocks, const window& more) {
  return had.from == more.from && had.terms == more.terms && had.start == more.start
         && had.start_pool == more.start_pool
         && (blocks == 0
             || (!more.blocks.empty() && had.blocks.front() == more.blocks.front()
                 && (blocks > more.blocks.size()
                       ? had.blocks[more.blocks.size() - 1] == more.blocks.back()
                       : had.blocks[blocks - 1] == more.blocks[blocks - 1])));
}

class worker_entry_state {
public:
  static inline const char* name = "worker_entry";

  explicit worker_entry_state(observed_plain_pointer<worker_entry_actor> self) : self_(self) {}

  void setup(fleet_session session, simulator_pool_actor pool) {
    session_ = std::move(session);
    pool_ = std::move(pool);
    self_->monitor(session_.handle->face());
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == session_.handle->face())
        leave("connection lost");
    });
    self_->set_exit_handler([this](const caf::exit_msg& exit) { leave(sentence(exit.reason)); });
  }

  void introduce() {
    caf::anon_send(pool_, worker_came{session_.who.name, session_.who.cores,
                                      caf::actor_cast<simulator_actor>(self_)});
  }

  caf::result<simulation_result> play(const simulation& work) {
    auto& batch = batches_[++next_];
    batch.work = work;
    batch.promise = self_->make_response_promise<simulation_result>();
    const auto promise = batch.promise;
    send(next_, batch.work);
    return promise;
  }

  void receive(const fleet_frame& frame) {
    const handled_frame done{*session_.handle};
    switch (static_cast<frame_kind>(frame.kind)) {
    case frame_kind::work_done:
      return finish(frame);
    case frame_kind::work_undone:
      return repeat(frame);
    default:
      return;
    }
  }

  void leave(const std::string& why) {
    spdlog::info("fleet: worker {} left: {}", session_.who.name, why);
    for (auto& [number, batch] : batches_)
      batch.promise.deliver(
        to_error({ec::unreachable, "worker " + session_.who.name + ": " + why}));
    batches_.clear();
    session_.handle->close();
    self_->quit();
  }

private:
  void send(uint64_t number, const simulation& work) {
    const auto market = bring(work.market);
    session_.handle->send(
      frame_kind::work,
      storage::encode(work_message{number, market, work.market->to, work.market->blocks.size(),
                                   work.model, work.positions_max, work.plans, work.how}));
  }

  /// Makes the worker have all of the window; the market's number.
  uint64_t bring(const std::shared_ptr<const window>& market) {
    auto known = markets_.begin();
    while (known != markets_.end() && !goes_on(*known->second.like, known->second.blocks, *market))
      ++known;
    if (known == markets_.end())
      known = begin(*market);
    auto& at = known->second;
    at.used = ++uses_;
    if (market->blocks.size() >= at.blocks) {
      bring_blocks(known->first, *market, at.blocks);
      at.blocks = market->blocks.size();
      at.like = market;
    }
    return known->first;
  }

  std::map<uint64_t, known_market>::iterator begin(const window& market) {
    while (markets_.size() >= work_bounds::markets_max) {
      const auto oldest
        = std::min_element(markets_.begin(), markets_.end(), [](const auto& a, const auto& b) {
            return a.second.used < b.second.used;
          });
      session_.handle->send(frame_kind::market_end,
                            storage::encode(market_end_message{oldest->first}));
      markets_.erase(oldest);
    }
    const auto number = ++next_market_;
    session_.handle->send(
      frame_kind::market_begin,
      storage::encode(market_message{
        number, market.terms, market.from, market.start.sqrt_price_x96, market.start.tick,
        market.start_pool ? market.start_pool->save() : std::string{}}));
    auto like = std::make_shared<window>(market);
    like->blocks.clear();
    return markets_.emplace(number, known_market{std::move(like), 0, 0}).first;
  }

  void bring_blocks(uint64_t number, const window& market, size_t from) {
    blocks_message message{number, {}};
    size_t bytes = 0;
    const auto flush = [&] {
      if (!message.blocks.empty())
        session_.handle->send(frame_kind::market_blocks, storage::encode(message));
      message.blocks.clear();
      bytes = 0;
    };
    for (size_t i = from; i < market.blocks.size(); ++i) {
      const auto& block = *market.blocks[i];
      message.blocks.push_back(to_wire(block));
      bytes += 256 + 256 * block.block.events.size() + 128 * block.steps.size()
               + 128 * block.swaps.size();
      if (bytes >= work_bounds::block_bytes)
        flush();
    }
    flush();
  }

  void finish(const fleet_frame& frame) {
    auto message = storage::decode<work_done_message>(frame.bytes);
    if (!message)
      return leave("sent what cannot be read: " + message.error().what);
    const auto found = batches_.find(message->batch);
    if (found == batches_.end())
      return; // answered before
    auto outcomes = from_wire(std::move(message->outcomes), found->second.work.plans.size());
    if (!outcomes)
      return leave("sent what cannot be: " + outcomes.error().what);
    auto batch = std::move(found->second);
    batches_.erase(found);
    batch.promise.deliver(simulation_result{*std::move(outcomes)});
  }

  /// The worker has forgotten the market, for which it had no space: once more from the beginning,
  /// and once only.
  void repeat(const fleet_frame& frame) {
    const auto message = storage::decode<work_undone_message>(frame.bytes);
    if (!message)
      return leave("sent what cannot be read: " + message.error().what);
    const auto found = batches_.find(message->batch);
    if (found == batches_.end())
      return;
    markets_.erase(message->market);
    auto& batch = found->second;
    if (!std::exchange(batch.again, true))
      return send(message->batch, batch.work);
    batch.promise.deliver(
      to_error({ec::refused, "worker " + session_.who.name + " could not do it"}));
    batches_.erase(found);
  }

  worker_entry_actor::pointer self_;
  fleet_session session_;
  simulator_pool_actor pool_;
  std::map<uint64_t, open_batch> batches_;
  std::map<uint64_t, known_market> markets_;
  uint64_t next_ = 0;
  uint64_t next_market_ = 0;
  uint64_t uses_ = 0;
};

worker_entry_actor::behavior_type
worker_entry_behavior(observed_pointer<worker_entry_actor, worker_entry_state> self,
                      fleet_session session, simulator_pool_actor pool) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(session), std::move(pool));
  return {
    [&state](atom::start) { state.introduce(); },
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [&state](const fleet_offence& offence) { state.leave(offence.what); },
    [&state](const simulation& work) { return state.play(work); },
  };
}

} // namespace

worker_entry_actor
spawn_worker_entry(caf::actor_system& system, fleet_session session, simulator_pool_actor pool) {
  return system.spawn(worker_entry_behavior, std::move(session), std::move(pool));
}

} // namespace sluice
