#include "io/pool/event_stream.hpp"

#include "io/pool/custodians.hpp"
#include "io/pool/event_row.hpp"
#include "io/pool/pool_initialization.hpp"

#include <numeric>
#include <utility>

namespace sluice::io {

namespace {

/// Gathers checked rows into blocks.
class stream_builder {
public:
  stream_builder(const line_reader& lines, const pool_overrides& overrides)
    : lines_(lines), overrides_(overrides) {}

  result<nothing> take(const json& object);
  result<event_recording> finish() &&;

private:
  fault wrong(std::string_view field, std::string_view expected, std::string_view got,
              std::string_view what_to_do) const {
    return bad_line(lines_.path(), lines_.number(), field, expected, got, what_to_do);
  }
  result<nothing> begin(const json& object);
  result<nothing> same_pool(json_fields& fields);
  result<nothing> check_alive(const event_row& next) const;
  result<nothing> check_order(const event_row& next) const;
  result<nothing> append(event_row next);
  result<nothing> set_time(uint64_t time);
  result<nothing> close_block();
  result<nothing> find_initialization(pool_terms& terms);
  result<nothing> reward(const pool_terms& terms);
  result<feed_block> block_at(size_t index) const;

  const line_reader& lines_;
  const pool_overrides& overrides_;
  std::optional<row_form> form_;
  std::optional<pool_terms> terms_; // that the file or --pool states
  uint32_t unstaked_fee_ = 0;       // as reported so far
  std::optional<address> pool_;
  bool initialized_ = false;
  bool placed_ = false; // the last event's log index counts
  recorded_blocks blocks_;
  std::optional<feed_block> open_; // the last block, of which more may come
  uint64_t time_before_ = 0;       // of the block before it
  std::optional<size_t> timed_;    // index of the first block with a time
  std::optional<custodian_search> custodians_;
  // What find_initialization looks at, of an indexer's rows.
  std::vector<feed_block> front_;
  size_t decisive_ = 0;      // swaps in them
  int32_t ticks_beyond_ = 0; // divides the bounds of mints and burns behind them
};

/// The first line shows the form, and perhaps the terms; then it is done with.
result<nothing> stream_builder::begin(const json& object) {
  if (object.contains("event"))
    form_ = row_form::mainnet;
  else if (object.contains("table"))
    form_ = row_form::indexer;
  else
    return wrong("", "an event stream (\"event\" or \"table\" in every line)", "neither of the two",
                 "check that this is the right file");
  json_fields fields(object, lines_.path(), lines_.number());
  if (has_terms(*form_, fields)) {
    terms_ = read_terms(fields);
    if (fields.failed())
      return fields.error();
  } else if (form_ == row_form::mainnet) {
    const bool enough = overrides_.kind == pool_kind::slipstream || overrides_.fee;
    if (!fields.failed() && (!enough || !overrides_.tick_spacing))
      return wrong("event", "the event pool in the first line", io::quoted(fields.text("event")),
                   "add it or give --pool fee=...,tick-spacing=...");
    terms_ = pool_terms{};
  }
  const auto terms = apply(overrides_, terms_.value_or(pool_terms{}));
  unstaked_fee_ = terms.unstaked_fee;
  if (terms.kind == pool_kind::slipstream)
    custodians_.emplace(terms);
  return nothing{};
}

result<nothing> stream_builder::take(const json& object) {
  const bool first = !form_;
  if (first)
    if (auto begun = begin(object); !begun)
      return begun;
  json_fields fields(object, lines_.path(), lines_.number());
  if (first && has_terms(*form_, fields))
    return nothing{};
  auto next = read_row(*form_, fields, lines_.number(), unstaked_fee_);
  if (form_ == row_form::indexer && fields.has("evt_address"))
    if (auto same = same_pool(fields); !same)
      return same.error();
  if (fields.failed())
    return fields.error();
  return append(std::move(next));
}

result<nothing> stream_builder::same_pool(json_fields& fields) {
  const auto pool = fields.account("evt_address");
  if (!fields.failed() && pool_ && *pool_ != pool)
    return wrong("evt_address", "one pool (" + to_text(*pool_) + ")", to_text(pool),
                 "split the file by pool");
  pool_ = pool;
  return nothing{};
}

/// Mainnet streams begin with the pool's initialization; indexer rows cannot contain it.
result<nothing> stream_builder::check_alive(const event_row& next) const {
  const auto kind = next.last().kind;
  if (form_ == row_form::indexer || (kind == pool_event_kind::initialize) != initialized_)
    return nothing{};
  if (initialized_)
    return wrong("event", "one initialize", "a second one", "split the file by pool");
  return wrong("event", "initialize before anything else",
               "a " + std::string{to_string(kind)} + " before the pool exists",
               "start the file at the pool's first event");
}

/// Block and log index rise.
result<nothing> stream_builder::check_order(const event_row& next) const {
  const auto& names = names_of(*form_);
  if (!open_ || open_->number < next.block)
    return nothing{};
  if (next.block < open_->number)
    return wrong(names.block, "block " + std::to_string(open_->number) + " or later",
                 std::to_string(next.block), "sort the file by block and log index");
  const auto last = open_->events.back().log_index;
  if (placed_ && next.placed && next.last().log_index <= last)
    return wrong(names.log_index, "more than " + std::to_string(last) + " within the block",
                 std::to_string(next.last().log_index), "sort the file by block and log index");
  return nothing{};
}

result<nothing> stream_builder::append(event_row next) {
  if (auto alive = check_alive(next); !alive)
    return alive;
  initialized_ = initialized_ || next.last().kind == pool_event_kind::initialize;
  if (auto ordered = check_order(next); !ordered)
    return ordered;
  if (open_ && open_->number != next.block)
    if (auto closed = close_block(); !closed)
      return closed;
  if (!open_)
    open_ = feed_block{next.block, 0, {}, {}};
  if (next.time)
    if (auto timed = set_time(*next.time); !timed)
      return timed;
  placed_ = next.placed;
  for (const auto& event : next.events)
    open_->events.push_back(event);
  return nothing{};
}

/// Time does not go back, and is one in a block.
result<nothing> stream_builder::set_time(uint64_t time) {
  const auto before = open_->time != 0 ? open_->time : time_before_;
  const bool differs = open_->time != 0 && open_->time != time;
  if (differs || time < before)
    return wrong(names_of(*form_).time,
                 std::to_string(before) + (differs ? ", the block's time" : " or later"),
                 std::to_string(time), "sort the file by block and log index");
  open_->time = time;
  return nothing{};
}

/// The open block has all its events.
result<nothing> stream_builder::close_block() {
  const auto block = *std::exchange(open_, std::nullopt);
  if (block.time != 0 && !timed_)
    timed_ = blocks_.size();
  time_before_ = block.time;
  if (custodians_)
    custodians_->take(block);
  if (form_ == row_form::indexer) {
    if (decisive_ < decisive_swaps) {
      front_.push_back(block);
      decisive_ += decisive_swaps_in(block);
    } else {
      for (const auto& event : block.events)
        if (event.kind == pool_event_kind::mint || event.kind == pool_event_kind::burn)
          ticks_beyond_ = std::gcd(ticks_beyond_, std::gcd(event.tick_lower, event.tick_upper));
    }
  }
  return blocks_.add(block);
}

/// Puts the first price in front, and into `terms` what nothing has stated.
result<nothing> stream_builder::find_initialization(pool_terms& terms) {
  auto known = overrides_;
  if (terms_) {
    known.fee = overrides_.fee.value_or(terms.fee);
    known.tick_spacing = overrides_.tick_spacing.value_or(terms.tick_spacing);
  }
  auto initialization
    = find_pool_initialization(lines_.path(), front_, known, terms, ticks_beyond_);
  if (!initialization)
    return initialization.error();
  terms.fee = initialization->fee;
  terms.tick_spacing = initialization->tick_spacing;
  initialize_at(front_, initialization->sqrt_price_x96);
  blocks_.replace(0, front_.front());
  return nothing{};
}

/// Block `index`, which exists.
result<feed_block> stream_builder::block_at(size_t index) const {
  auto from = blocks_.read();
  for (;; --index) {
    auto block = from.next();
    if (!block)
      return block.error();
    if (index == 0)
      return **std::move(block);
  }
}

/// The rewards that the user gives, in the first block that has a time.
result<nothing> stream_builder::reward(const pool_terms& terms) {
  std::vector<feed_block> first;
  if (overrides_.reward_rate && timed_) {
    auto block = block_at(*timed_);
    if (!block)
      return block.error();
    first.push_back(*std::move(block));
  }
  if (auto rewarded = reward_from_initialization(overrides_, terms, first); !rewarded)
    return rewarded;
  if (!first.empty())
    blocks_.replace(*timed_, std::move(first.front()));
  return nothing{};
}

result<event_recording> stream_builder::finish() && {
  if (!form_)
    return bad_line(lines_.path(), 0, "", "a stream of events", "an empty file",
                    "fetch or export it again");
  if (!open_)
    return bad_line(lines_.path(), lines_.number(), "event", "initialize", "the end of the file",
                    "the file is truncated: fetch or export it again");
  if (auto closed = close_block(); !closed)
    return closed.error();
  auto terms = apply(overrides_, terms_.value_or(pool_terms{}));
  if (custodians_)
    custodians_->finish(terms);
  if (form_ == row_form::indexer) {
    if (auto found = find_initialization(terms); !found)
      return found.error();
  } else if (overrides_.sqrt_price_x96) {
    auto first = block_at(0);
    if (!first)
      return first.error();
    first->events.front().sqrt_price_x96 = *overrides_.sqrt_price_x96;
    blocks_.replace(0, *std::move(first));
  }
  if (auto rewarded = reward(terms); !rewarded)
    return rewarded.error();
  return event_recording{stem_of(lines_.path()), terms, std::move(blocks_)};
}

} // namespace

result<event_recording>
read_event_recording(const std::string& path, const pool_overrides& overrides) {
  auto lines = line_reader::open(path);
  return lines ? read_event_recording(*std::move(lines), overrides) : lines.error();
}

result<event_recording> read_event_recording(line_reader lines, const pool_overrides& overrides) {
  stream_builder builder(lines, overrides);
  for (;;) {
    auto line = lines.next();
    if (!line)
      return line.error();
    if (!*line)
      return std::move(builder).finish();
    auto object = parse_object(lines, **line);
    if (!object)
      return object.error();
    if (auto taken = builder.take(*object); !taken)
      return taken.error();
  }
}

result<event_stream> read_event_stream(const std::string& path, const pool_overrides& overrides) {
  auto recording = read_event_recording(path, overrides);
  if (!recording)
    return recording.error();
  auto blocks = recording->blocks.all();
  if (!blocks)
    return blocks.error();
  return event_stream{std::move(recording->name), recording->terms, *std::move(blocks)};
}

std::string stem_of(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1); // npos + 1 is 0
  return std::string{path.substr(0, path.find('.', path.starts_with('.') ? 1 : 0))};
}

} // namespace sluice::io
