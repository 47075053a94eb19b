#include "actors/liquidity/work/worker_entry.hpp"

#include "actors/default_handlers.hpp"
#include "actors/liquidity/work/work_words.hpp"
#include "actors/log.hpp"
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

  void setup(fleet_guest guest, simulator_pool_actor pool) {
    guest_ = std::move(guest);
    pool_ = std::move(pool);
    self_->monitor(guest_.way->face());
    self_->set_down_handler([this](const caf::down_msg& down) {
      if (down.source == guest_.way->face())
        leave("connection lost");
    });
    self_->set_exit_handler([this](const caf::exit_msg& exit) { leave(sentence(exit.reason)); });
  }

  void introduce() {
    caf::anon_send(pool_, worker_came{guest_.who.name, guest_.who.cores,
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

  void hear(const fleet_frame& frame) {
    const handled_frame done{*guest_.way};
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
    spdlog::info("fleet: worker {} left: {}", guest_.who.name, why);
    for (auto& [number, batch] : batches_)
      batch.promise.deliver(to_error({ec::unreachable, "worker " + guest_.who.name + ": " + why}));
    batches_.clear();
    guest_.way->close();
    self_->quit();
  }

private:
  void send(uint64_t number, const simulation& work) {
    const auto market = bring(work.market);
    guest_.way->say(frame_kind::work, storage::encode(work_words{
                                        number, market, work.market->to, work.market->blocks.size(),
                                        work.model, work.positions_max, work.plans}));
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
      guest_.way->say(frame_kind::market_end, storage::encode(market_end_words{oldest->first}));
      markets_.erase(oldest);
    }
    const auto number = ++next_market_;
    guest_.way->say(
      frame_kind::market_begin,
      storage::encode(market_words{number, market.terms, market.from, market.start.sqrt_price_x96,
                                   market.start.tick,
                                   market.start_pool ? market.start_pool->save() : std::string{}}));
    auto like = std::make_shared<window>(market);
    like->blocks.clear();
    return markets_.emplace(number, known_market{std::move(like), 0, 0}).first;
  }

  void bring_blocks(uint64_t number, const window& market, size_t from) {
    blocks_words words{number, {}};
    size_t bytes = 0;
    const auto flush = [&] {
      if (!words.blocks.empty())
        guest_.way->say(frame_kind::market_blocks, storage::encode(words));
      words.blocks.clear();
      bytes = 0;
    };
    for (size_t i = from; i < market.blocks.size(); ++i) {
      const auto& block = *market.blocks[i];
      words.blocks.push_back(to_words(block));
      bytes += 256 + 256 * block.block.events.size() + 128 * block.steps.size()
               + 128 * block.swaps.size();
      if (bytes >= work_bounds::block_bytes)
        flush();
    }
    flush();
  }

  void finish(const fleet_frame& frame) {
    auto words = storage::decode<done_words>(frame.bytes);
    if (!words)
      return leave("sent what cannot be read: " + words.error().what);
    const auto found = batches_.find(words->batch);
    if (found == batches_.end())
      return; // answered before
    auto outcomes = from_words(std::move(words->outcomes), found->second.work.plans.size());
    if (!outcomes)
      return leave("sent what cannot be: " + outcomes.error().what);
    auto batch = std::move(found->second);
    batches_.erase(found);
    batch.promise.deliver(simulation_result{*std::move(outcomes)});
  }

  /// The worker has forgotten the market, for which it had no room: once more from the beginning,
  /// and once only.
  void repeat(const fleet_frame& frame) {
    const auto words = storage::decode<undone_words>(frame.bytes);
    if (!words)
      return leave("sent what cannot be read: " + words.error().what);
    const auto found = batches_.find(words->batch);
    if (found == batches_.end())
      return;
    markets_.erase(words->market);
    auto& batch = found->second;
    if (!std::exchange(batch.again, true))
      return send(words->batch, batch.work);
    batch.promise.deliver(
      to_error({ec::refused, "worker " + guest_.who.name + " could not do it"}));
    batches_.erase(found);
  }

  worker_entry_actor::pointer self_;
  fleet_guest guest_;
  simulator_pool_actor pool_;
  std::map<uint64_t, open_batch> batches_;
  std::map<uint64_t, known_market> markets_;
  uint64_t next_ = 0;
  uint64_t next_market_ = 0;
  uint64_t uses_ = 0;
};

worker_entry_actor::behavior_type
worker_entry_behavior(observed_pointer<worker_entry_actor, worker_entry_state> self,
                      fleet_guest guest, simulator_pool_actor pool) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(guest), std::move(pool));
  return {
    [&state](atom::start) { state.introduce(); },
    [&state](const fleet_frame& frame) { state.hear(frame); },
    [&state](const fleet_offence& offence) { state.leave(offence.what); },
    [&state](const simulation& work) { return state.play(work); },
  };
}

} // namespace

worker_entry_actor
spawn_worker_entry(caf::actor_system& system, fleet_guest guest, simulator_pool_actor pool) {
  return system.spawn(worker_entry_behavior, std::move(guest), std::move(pool));
}

} // namespace sluice
