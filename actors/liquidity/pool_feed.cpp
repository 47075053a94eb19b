#include "actors/liquidity/pool_feed.hpp"

#include "actors/base/default_handlers.hpp"
#include "io/liquidity/block_source.hpp"
#include "rules/json_text.hpp"
#include "rules/liquidity/schedule.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace sluice {

namespace {

class pool_feed_state {
public:
  static inline const char* name = "pool_feed";

  explicit pool_feed_state(pool_feed_actor::pointer self) : self_(self) {}

  /// False when the feed cannot be opened; the actor is then on its way out.
  bool open(pool_feed_config config) {
    config_ = std::move(config);
    const auto opened = config_.from ? reopen(*config_.from) : begin();
    if (!opened)
      self_->quit(to_error(opened.error()));
    return static_cast<bool>(opened);
  }

  caf::result<feed_segment> advance(uint64_t to) {
    if (broken_)
      return to_error(*broken_);
    feed_segment segment;
    const auto from = at_;
    while (auto block = take(to)) {
      if (!*block)
        return stop_at(block->error());
      auto record = replica_->apply(**block);
      if (!record)
        return stop_at(io::in_recording(config_.job.feed, record.error()));
      at_ = (**block).number;
      time_ = (**block).time ? (**block).time : time_;
      moved_ = true;
      segment.blocks.push_back(*std::move(record));
    }
    segment.ended = !source_->endless() && !next_;
    at_ = segment.reached = segment.ended ? at_ : std::max(at_, to);
    const auto passed = segment.reached - std::min(from, segment.reached);
    if (config_.speed <= 0 || passed == 0 || before_the_first_round(from, to))
      return segment;
    return later(std::move(segment), passed);
  }

  feed_state save(bool full) const {
    feed_state state;
    state.saved = {at_, time_, full ? replica_->save() : std::string{},
                   source_->endless() ? source_->cursor() : cursor_};
    state.terms = replica_->terms();
    state.price = replica_->price();
    state.snapshot = replica_->snapshot();
    state.alive = replica_->alive();
    state.first_block = first_block_;
    state.last_block = source_->last_block();
    return state;
  }

  std::string describe() const {
    json_object all;
    all.add("job", config_.job.id.value)
      .add("block", at_)
      .add("time", time_)
      .add("speed", config_.speed)
      .add("waiting", waiting_.has_value())
      .add("broken", broken_ ? broken_->what : std::string{});
    if (const auto last = source_ ? source_->last_block() : std::nullopt)
      all.add("last_block", *last);
    return all.raw("config", json_of(config_.job.feed)).text();
  }

  void due() {
    if (!waiting_)
      return;
    auto open = std::move(*waiting_);
    waiting_.reset();
    open.promise.deliver(std::move(open.segment));
  }

private:
  /// Nobody plays on the way from a feed's beginning to its first whole round: that is not paced.
  bool before_the_first_round(uint64_t from, uint64_t to) {
    const auto rounds_of = blocks_per_round(config_.job.round_seconds, config_.job.block_seconds);
    const auto ends_a_round = [&](uint64_t block) { return (block + 1) % rounds_of == 0; };
    in_rounds_ = in_rounds_ || config_.from || ends_a_round(from) || !ends_a_round(to);
    return !in_rounds_;
  }

  /// What lies behind a block that cannot be is not delivered either.
  caf::error stop_at(const fault& why) {
    broken_ = why;
    return to_error(why);
  }

  struct waiting_segment {
    feed_segment segment;
    caf::typed_response_promise<feed_segment> promise;
  };

  result<nothing> begin() {
    auto opened = io::open_feed(config_.job);
    if (!opened)
      return opened.error();
    source_ = std::move(opened->source);
    first_block_ = opened->first_block;
    replica_ = std::move(opened->start);
    auto peeked = look_ahead();
    if (peeked && next_)
      at_ = next_->number == 0 ? 0 : next_->number - 1;
    return peeked;
  }

  result<nothing> reopen(const checkpoint& from) {
    auto stored = replica::load(from.replica);
    if (!stored)
      return stored.error();
    replica_ = *std::move(stored);
    auto source = io::reopen_feed(config_.job, from.cursor, replica_->snapshot().get());
    if (!source)
      return source.error();
    source_ = *std::move(source);
    at_ = from.block;
    time_ = from.time;
    moved_ = true;
    return look_ahead();
  }

  /// A recording keeps one block in hand, so that its end is known before it is asked for.
  result<nothing> look_ahead() {
    if (source_->endless())
      return nothing{};
    cursor_ = source_->cursor();
    auto block = source_->next();
    if (!block)
      return block.error();
    next_ = *std::move(block);
    return nothing{};
  }

  /// The next block up to `to`; none when there is nothing more up to there.
  std::optional<result<feed_block>> take(uint64_t to) {
    if (source_->endless()) {
      if (moved_ && at_ >= to)
        return std::nullopt;
      auto block = source_->next();
      if (!block)
        return result<feed_block>{block.error()};
      return result<feed_block>{*std::move(*block)};
    }
    if (!next_ || next_->number > to)
      return std::nullopt;
    auto block = *std::exchange(next_, std::nullopt);
    if (auto peeked = look_ahead(); !peeked)
      return result<feed_block>{peeked.error()};
    return result<feed_block>{std::move(block)};
  }

  caf::result<feed_segment> later(feed_segment segment, uint64_t blocks) {
    const std::chrono::duration<double> wait{static_cast<double>(blocks) * config_.job.block_seconds
                                             / config_.speed};
    auto promise = self_->make_response_promise<feed_segment>();
    waiting_ = waiting_segment{std::move(segment), promise};
    self_->delayed_send(self_, std::chrono::duration_cast<caf::timespan>(wait), atom::due_v);
    return promise;
  }

  pool_feed_actor::pointer self_;
  pool_feed_config config_;
  std::unique_ptr<io::block_source> source_;
  std::optional<replica> replica_;
  std::optional<feed_block> next_;
  std::string cursor_; // continues before next_
  uint64_t first_block_ = 0;
  uint64_t at_ = 0; // stands after this block
  uint64_t time_ = 0;
  std::optional<fault> broken_;
  bool in_rounds_ = false; // it stands inside or behind the first round
  bool moved_ = false;     // at least one block was taken, in this incarnation or before
  std::optional<waiting_segment> waiting_;
};

pool_feed_actor::behavior_type
pool_feed_behavior(observed_pointer<pool_feed_actor, pool_feed_state> self,
                   pool_feed_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.open(std::move(config)))
    return pool_feed_actor::behavior_type::make_empty_behavior();
  return {
    [&state](atom::advance, uint64_t to) { return state.advance(to); },
    [&state](atom::saved, bool full) { return state.save(full); },
    [&state](atom::due) { state.due(); },
  };
}

} // namespace

pool_feed_actor spawn_pool_feed(caf::actor_system& system, pool_feed_config config) {
  return system.spawn(pool_feed_behavior, std::move(config));
}

} // namespace sluice
