#include "io/pool/event_stream.hpp"

#include "io/pool/custodians.hpp"
#include "io/pool/event_row.hpp"
#include "io/pool/pool_initialization.hpp"
#include "io/text/lines.hpp"

namespace sluice::io {

namespace {

/// Gathers checked rows into blocks.
class stream_builder {
public:
  stream_builder(const line_reader& lines, const pool_overrides& overrides)
    : lines_(lines), overrides_(overrides) {}

  result<nothing> take(const json& object);
  result<event_stream> finish() &&;

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
  result<nothing> find_initialization(pool_terms& terms);

  const line_reader& lines_;
  const pool_overrides& overrides_;
  std::optional<row_form> form_;
  std::optional<pool_terms> terms_; // that the file or --pool states
  uint32_t unstaked_fee_ = 0;       // as reported so far
  std::optional<address> pool_;
  bool initialized_ = false;
  bool placed_ = false; // the last event's log index counts
  std::vector<feed_block> blocks_;
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
  unstaked_fee_ = apply(overrides_, terms_.value_or(pool_terms{})).unstaked_fee;
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
  if (blocks_.empty() || blocks_.back().number < next.block)
    return nothing{};
  if (next.block < blocks_.back().number)
    return wrong(names.block, "block " + std::to_string(blocks_.back().number) + " or later",
                 std::to_string(next.block), "sort the file by block and log index");
  const auto last = blocks_.back().events.back().log_index;
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
  if (blocks_.empty() || blocks_.back().number != next.block)
    blocks_.push_back({next.block, 0, {}, {}});
  auto& block = blocks_.back();
  if (next.time) {
    const auto before = block.time != 0      ? block.time
                        : blocks_.size() > 1 ? blocks_[blocks_.size() - 2].time
                                             : 0;
    const bool differs = block.time != 0 && block.time != *next.time;
    if (differs || *next.time < before)
      return wrong(names_of(*form_).time,
                   std::to_string(before) + (differs ? ", the block's time" : " or later"),
                   std::to_string(*next.time), "sort the file by block and log index");
    block.time = *next.time;
  }
  placed_ = next.placed;
  for (const auto& event : next.events)
    block.events.push_back(event);
  return nothing{};
}

/// Puts the first price in front, and into `terms` what nothing has stated.
result<nothing> stream_builder::find_initialization(pool_terms& terms) {
  auto known = overrides_;
  if (terms_) {
    known.fee = overrides_.fee.value_or(terms.fee);
    known.tick_spacing = overrides_.tick_spacing.value_or(terms.tick_spacing);
  }
  auto initialization = find_pool_initialization(lines_.path(), blocks_, known, terms);
  if (!initialization)
    return initialization.error();
  terms.fee = initialization->fee;
  terms.tick_spacing = initialization->tick_spacing;
  initialize_at(blocks_, initialization->sqrt_price_x96);
  return nothing{};
}

result<event_stream> stream_builder::finish() && {
  if (!form_)
    return bad_line(lines_.path(), 0, "", "a stream of events", "an empty file",
                    "fetch or export it again");
  if (blocks_.empty())
    return bad_line(lines_.path(), lines_.number(), "event", "initialize", "the end of the file",
                    "the file is truncated: fetch or export it again");
  auto terms = apply(overrides_, terms_.value_or(pool_terms{}));
  if (terms.kind == pool_kind::slipstream)
    find_custodians(blocks_, terms);
  if (form_ == row_form::indexer) {
    if (auto found = find_initialization(terms); !found)
      return found.error();
  } else if (overrides_.sqrt_price_x96) {
    blocks_.front().events.front().sqrt_price_x96 = *overrides_.sqrt_price_x96;
  }
  if (auto rewarded = reward_from_initialization(overrides_, terms, blocks_); !rewarded)
    return rewarded.error();
  return event_stream{stem_of(lines_.path()), terms, std::move(blocks_)};
}

} // namespace

result<event_stream> read_event_stream(const std::string& path, const pool_overrides& overrides) {
  auto lines = line_reader::open(path);
  if (!lines)
    return lines.error();
  stream_builder builder(*lines, overrides);
  for (;;) {
    auto line = lines->next();
    if (!line)
      return line.error();
    if (!*line)
      return std::move(builder).finish();
    auto object = parse_object(*lines, **line);
    if (!object)
      return object.error();
    if (auto taken = builder.take(*object); !taken)
      return taken.error();
  }
}

std::string stem_of(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1); // npos + 1 is 0
  return std::string{path.substr(0, path.find('.', path.starts_with('.') ? 1 : 0))};
}

} // namespace sluice::io
