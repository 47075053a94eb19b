#include "actors/liquidity/work/worker.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/work/simulators.hpp"
#include "actors/liquidity/work/work_messages.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace sluice {

namespace {

/// A market as far as it has been received.
struct kept_market {
  window base; // without blocks
  std::vector<std::shared_ptr<const block_record>> blocks;
  size_t bytes = 0;
  uint64_t used = 0;
};

struct waiting_batch {
  uint64_t batch = 0;
  uint64_t market = 0;
  simulation work;
};

class worker_state {
public:
  static inline const char* name = "worker";

  explicit worker_state(observed_plain_pointer<worker_actor> self)
    : self_(self), children_(self, {.restarts_max = 1'000}) {}

  void setup(worker_config config) {
    config_ = std::move(config);
    if (config_.kept_bytes == 0)
      config_.kept_bytes = work_bounds::kept_bytes;
    simulators_.resize(std::max<uint32_t>(config_.cores, 1));
    for (size_t i = 0; i < simulators_.size(); ++i)
      children_.add({"simulator-" + std::to_string(i + 1), restart_rule::permanent, [this, i] {
                       simulators_[i] = {spawn_simulator(self_->system()), false};
                       hand_out();
                       return caf::actor_cast<caf::actor>(simulators_[i].first);
                     }});
    children_.add({"link", restart_rule::permanent, [this] {
                     link_ = config_.link(self_->system(), caf::actor_cast<caf::actor>(self_));
                     return caf::actor_cast<caf::actor>(link_);
                   }});
  }

  void come_in(const link_up& up) {
    forget_everything();
    handle_ = up.handle;
    report_connection(true, up.node, false);
  }

  void lose(const link_down& down) {
    forget_everything();
    const auto did = std::exchange(done_, 0);
    report_connection(
      false, down.why + (did == 0 ? "" : "; " + std::to_string(did) + " batches were calculated"),
      down.refused);
  }

  /// The node sends more than was agreed on: the session is of no use any more.
  void offended(const fleet_offence& offence) {
    spdlog::error("worker: the node {}", offence.what);
    forget_everything();
    caf::anon_send_exit(link_, caf::exit_reason::kill); // its next incarnation comes in again
  }

  void receive(const fleet_frame& frame) {
    if (!handle_ || frame.session != handle_->session())
      return;
    const handled_frame done{*handle_};
    const auto good = [&] {
      switch (static_cast<frame_kind>(frame.kind)) {
      case frame_kind::market_begin:
        return begin(frame);
      case frame_kind::market_blocks:
        return lengthen(frame);
      case frame_kind::market_end:
        return end(frame);
      case frame_kind::work:
        return work(frame);
      default:
        return true;
      }
    }();
    if (!good)
      spdlog::error("worker: the node sent what cannot be read (frame kind {})", frame.kind);
  }

private:
  void report_connection(bool in, const std::string& what, bool refused) {
    if (config_.connection_changed)
      config_.connection_changed(in, what, refused);
  }

  void forget_everything() {
    handle_ = nullptr;
    markets_.clear();
    waiting_.clear();
    bytes_ = 0;
  }

  bool begin(const fleet_frame& frame) {
    auto message = storage::decode<market_message>(frame.bytes);
    if (!message)
      return false;
    kept_market market;
    market.base
      = {message->terms, message->from, 0, {message->sqrt_price_x96, message->tick}, nullptr, {}};
    if (!message->start_pool.empty()) {
      auto start = pool::load(message->start_pool);
      if (!start)
        return false;
      market.base.start_pool = std::make_shared<pool>(*std::move(start));
    }
    keep(message->market, frame.bytes.size(), markets_[message->market] = std::move(market));
    return true;
  }

  bool lengthen(const fleet_frame& frame) {
    auto message = storage::decode<blocks_message>(frame.bytes);
    if (!message)
      return false;
    const auto found = markets_.find(message->market);
    if (found == markets_.end())
      return true; // forgotten: whoever needs it will get work_undone
    for (auto& block : message->blocks)
      found->second.blocks.push_back(std::make_shared<block_record>(from_wire(std::move(block))));
    keep(found->first, frame.bytes.size(), found->second);
    return true;
  }

  bool end(const fleet_frame& frame) {
    const auto message = storage::decode<market_end_message>(frame.bytes);
    if (message)
      forget(message->market);
    return bool(message);
  }

  bool work(const fleet_frame& frame) {
    auto message = storage::decode<work_message>(frame.bytes);
    if (!message)
      return false;
    const auto found = markets_.find(message->market);
    if (found == markets_.end() || message->blocks > found->second.blocks.size()) {
      undone(message->batch, message->market);
      return true;
    }
    auto& market = found->second;
    market.used = ++uses_;
    auto whole = std::make_shared<window>(market.base);
    whole->to = message->to;
    whole->blocks.assign(market.blocks.begin(),
                         market.blocks.begin() + static_cast<long>(message->blocks));
    waiting_.push_back({message->batch,
                        message->market,
                        {std::move(whole), std::move(message->plans), message->model,
                         message->positions_max, message->how}});
    hand_out();
    return true;
  }

  /// Counts what a market costs, and forgets the one that was not asked for longest when there is
  /// no space.
  void keep(uint64_t number, size_t bytes, kept_market& market) {
    market.bytes += bytes;
    market.used = ++uses_;
    bytes_ += bytes;
    while (bytes_ > config_.kept_bytes && !markets_.empty()) {
      const auto oldest
        = std::min_element(markets_.begin(), markets_.end(), [](const auto& a, const auto& b) {
            return a.second.used < b.second.used;
          });
      const bool itself = oldest->first == number;
      forget(oldest->first);
      if (itself)
        return;
    }
  }

  void forget(uint64_t number) {
    const auto found = markets_.find(number);
    if (found == markets_.end())
      return;
    bytes_ -= found->second.bytes;
    markets_.erase(found);
  }

  void undone(uint64_t batch, uint64_t market) {
    handle_->send(frame_kind::work_undone, storage::encode(work_undone_message{batch, market}));
  }

  void hand_out() {
    for (size_t i = 0; i < simulators_.size() && !waiting_.empty(); ++i) {
      if (simulators_[i].second || !simulators_[i].first)
        continue;
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      ask(i, next);
    }
  }

  void ask(size_t number, const waiting_batch& next) {
    auto& [whom, busy] = simulators_[number];
    busy = true;
    self_->request(whom, caf::infinite, next.work)
      .then(
        [this, number, batch = next.batch, session = handle_->session()](simulation_result& done) {
          simulators_[number].second = false;
          ++done_;
          if (handle_ && handle_->session() == session)
            handle_->send(frame_kind::work_done,
                          storage::encode(work_done_message{batch, to_wire(done.outcomes)}));
          hand_out();
        },
        // Its next incarnation receives it from whoever starts it.
        [this, batch = next.batch, market = next.market,
         session = handle_->session()](const caf::error&) {
          if (handle_ && handle_->session() == session)
            undone(batch, market);
        });
  }

  worker_actor::pointer self_;
  worker_config config_;
  fleet_link_actor link_;
  std::shared_ptr<session_handle> handle_;
  std::vector<std::pair<simulator_actor, bool>> simulators_; // busy?
  std::deque<waiting_batch> waiting_;
  std::map<uint64_t, kept_market> markets_;
  size_t bytes_ = 0;
  uint64_t uses_ = 0;
  uint64_t done_ = 0; // batches since it came in
  supervisor children_;
};

worker_actor::behavior_type
worker_behavior(observed_pointer<worker_actor, worker_state> self, worker_config config) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config));
  return {
    [&state](const link_up& up) { state.come_in(up); },
    [&state](const link_down& down) { state.lose(down); },
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [&state](const fleet_offence& offence) { state.offended(offence); },
  };
}

} // namespace

worker_actor spawn_worker(caf::actor_system& system, worker_config config) {
  return system.spawn(worker_behavior, std::move(config));
}

} // namespace sluice
