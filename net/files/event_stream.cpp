#include "net/files/event_stream.hpp"

#include "net/files/json_fields.hpp"
#include "net/files/lines.hpp"
#include "net/files/pool_birth.hpp"
#include "sim/tick_math.hpp"

#include <array>

namespace sluice::net {

namespace {

enum class row_form : uint8_t { unknown, mainnet, indexer };

/// One decoded line.
struct row {
  uint64_t block = 0;
  std::optional<uint64_t> time;
  bool placed = true; // says its log index
  pool_event event;
};

/// How the two forms name the same things.
struct row_names {
  std::string_view kind, block, time, log_index, minted;
};
constexpr row_names mainnet_names{"event", "block", "time", "log_index", "liquidity"};
constexpr row_names indexer_names{"table", "evt_block_number", "evt_block_time", "evt_index",
                                  "amount"};

struct kind_name {
  std::string_view mainnet, indexer;
  pool_event_kind kind;
};
constexpr std::array<kind_name, 5> kind_names{{{"swap", "swaps", pool_event_kind::swap},
                                               {"mint", "mints", pool_event_kind::mint},
                                               {"burn", "burns", pool_event_kind::burn},
                                               {"collect", "collects", pool_event_kind::collect},
                                               {"initialize", "", pool_event_kind::initialize}}};

constexpr std::string_view correct_it = "correct this line or export the file again";

int32_t read_tick(json_fields& fields, std::string_view name) {
  return static_cast<int32_t>(fields.number(name, min_tick - 1, max_tick));
}

u256 read_price(json_fields& fields) {
  constexpr std::string_view name = "sqrt_price_x96";
  const auto price = fields.whole(name, 160);
  if (!fields.failed() && (price < min_sqrt_ratio || price >= max_sqrt_ratio))
    fields.fail(
      name, "a price from " + to_string(min_sqrt_ratio) + " to below " + to_string(max_sqrt_ratio),
      to_string(price), correct_it);
  return price;
}

void read_range(json_fields& fields, pool_event& event) {
  event.owner = fields.account("owner");
  event.tick_lower = static_cast<int32_t>(fields.number("tick_lower", min_tick, max_tick));
  event.tick_upper = static_cast<int32_t>(fields.number("tick_upper", min_tick, max_tick));
  if (!fields.failed() && event.tick_lower >= event.tick_upper)
    fields.fail("tick_upper", "a tick above tick_lower", std::to_string(event.tick_upper),
                correct_it);
}

void read_amounts(json_fields& fields, pool_event& event) {
  event.amount0 = i256::from_u256(fields.whole("amount0", 255));
  event.amount1 = i256::from_u256(fields.whole("amount1", 255));
}

void read_body(json_fields& fields, const row_names& names, pool_event& event) {
  switch (event.kind) {
  case pool_event_kind::initialize:
    event.sqrt_price_x96 = read_price(fields);
    break;
  case pool_event_kind::mint:
  case pool_event_kind::burn:
    read_range(fields, event);
    event.liquidity = fields.whole128(names.minted);
    read_amounts(fields, event);
    break;
  case pool_event_kind::collect:
    read_range(fields, event);
    read_amounts(fields, event);
    break;
  case pool_event_kind::swap:
    event.amount0 = fields.integer("amount0");
    event.amount1 = fields.integer("amount1");
    event.sqrt_price_x96 = read_price(fields);
    event.liquidity = fields.whole128("liquidity");
    event.tick = read_tick(fields, "tick");
    break;
  }
}

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
  result<nothing> take_terms(json_fields& fields);
  result<row> decode(json_fields& fields);
  result<nothing> same_pool(json_fields& fields);
  result<nothing> check_alive(const row& next) const;
  result<nothing> append(row next);

  const line_reader& lines_;
  const pool_overrides& overrides_;
  row_form form_ = row_form::unknown;
  std::optional<pool_terms> terms_;
  std::optional<address> pool_;
  bool initialized_ = false;
  bool placed_ = false; // the last event's log index counts
  std::vector<feed_block> blocks_;
};

result<nothing> stream_builder::take(const json& object) {
  const bool first = form_ == row_form::unknown;
  if (first) {
    if (object.contains("event"))
      form_ = row_form::mainnet;
    else if (object.contains("table"))
      form_ = row_form::indexer;
    else
      return wrong("", "an event stream (\"event\" or \"table\" in every line)",
                   "neither of the two", "check that this is the right file");
  }
  json_fields fields(object, lines_.path(), lines_.number());
  if (form_ == row_form::mainnet && first) {
    const auto kind = fields.text("event");
    if (kind == "pool")
      return take_terms(fields);
    if (!overrides_.fee || !overrides_.tick_spacing)
      return wrong("event", "the event pool in the first line", net::quoted(kind),
                   "add it or give --pool fee=...,tick-spacing=...");
    terms_ = pool_terms{};
  }
  auto next = decode(fields);
  return next ? append(*std::move(next)) : next.error();
}

result<nothing> stream_builder::take_terms(json_fields& fields) {
  pool_terms terms;
  terms.fee = static_cast<uint32_t>(fields.number("fee", 0, 999'999));
  terms.tick_spacing = static_cast<int32_t>(fields.number("tick_spacing", 1, 16'383));
  if (fields.has("decimals0"))
    terms.decimals0 = fields.number_as<uint8_t>("decimals0");
  if (fields.has("decimals1"))
    terms.decimals1 = fields.number_as<uint8_t>("decimals1");
  terms_ = terms;
  return fields.failed() ? result<nothing>(fields.error()) : nothing{};
}

result<nothing> stream_builder::same_pool(json_fields& fields) {
  const auto pool = fields.account("evt_address");
  if (!fields.failed() && pool_ && *pool_ != pool)
    return wrong("evt_address", "one pool (" + to_text(*pool_) + ")", to_text(pool),
                 "split the file by pool");
  pool_ = pool;
  return nothing{};
}

result<row> stream_builder::decode(json_fields& fields) {
  const bool mainnet = form_ == row_form::mainnet;
  const auto& names = mainnet ? mainnet_names : indexer_names;
  row next;
  const auto kind = fields.text(names.kind);
  if (fields.failed())
    return fields.error();
  const kind_name* known = nullptr;
  for (const auto& x : kind_names)
    if (!kind.empty() && kind == (mainnet ? x.mainnet : x.indexer))
      known = &x;
  if (!known)
    return wrong(names.kind,
                 mainnet ? "initialize, mint, burn, collect or swap"
                         : "swaps, mints, burns or collects",
                 net::quoted(kind), "remove the line, other events do not move the price");
  if (!mainnet && fields.has("evt_address"))
    if (auto same = same_pool(fields); !same)
      return same.error();
  const bool birth = known->kind == pool_event_kind::initialize;
  next.event.kind = known->kind;
  next.event.line = lines_.number();
  next.block = static_cast<uint64_t>(fields.number(names.block, 0, INT64_MAX));
  next.placed = !birth || fields.has(names.log_index);
  if (next.placed)
    next.event.log_index = fields.number_as<uint32_t>(names.log_index);
  if (!birth || fields.has(names.time))
    next.time = fields.time(names.time);
  read_body(fields, names, next.event);
  if (fields.failed())
    return fields.error();
  return next;
}

/// Mainnet streams begin with the pool's birth; indexer rows cannot say it.
result<nothing> stream_builder::check_alive(const row& next) const {
  if (form_ == row_form::indexer
      || (next.event.kind == pool_event_kind::initialize) != initialized_)
    return nothing{};
  if (initialized_)
    return wrong("event", "one initialize", "a second one", "split the file by pool");
  const auto& names = kind_names[next.event.kind == pool_event_kind::swap   ? 0
                                 : next.event.kind == pool_event_kind::mint ? 1
                                 : next.event.kind == pool_event_kind::burn ? 2
                                                                            : 3];
  return wrong("event", "initialize before anything else",
               "a " + std::string{names.mainnet} + " before the pool exists",
               "start the file at the pool's first event");
}

result<nothing> stream_builder::append(row next) {
  if (auto alive = check_alive(next); !alive)
    return alive;
  initialized_ = initialized_ || next.event.kind == pool_event_kind::initialize;
  const auto& names = form_ == row_form::mainnet ? mainnet_names : indexer_names;
  const bool same_block = !blocks_.empty() && blocks_.back().number == next.block;
  if (!blocks_.empty() && next.block < blocks_.back().number)
    return wrong(names.block, "block " + std::to_string(blocks_.back().number) + " or later",
                 std::to_string(next.block), "sort the file by block and log index");
  if (same_block && placed_ && next.placed
      && next.event.log_index <= blocks_.back().events.back().log_index)
    return wrong(names.log_index,
                 "more than " + std::to_string(blocks_.back().events.back().log_index)
                   + " within the block",
                 std::to_string(next.event.log_index), "sort the file by block and log index");
  if (!same_block)
    blocks_.push_back({next.block, 0, {}, {}});
  auto& block = blocks_.back();
  if (next.time) {
    const auto before = block.time != 0      ? block.time
                        : blocks_.size() > 1 ? blocks_[blocks_.size() - 2].time
                                             : 0;
    const bool differs = block.time != 0 && block.time != *next.time;
    if (differs || *next.time < before)
      return wrong(names.time,
                   std::to_string(before) + (differs ? ", the block's time" : " or later"),
                   std::to_string(*next.time), "sort the file by block and log index");
    block.time = *next.time;
  }
  placed_ = next.placed;
  block.events.push_back(std::move(next.event));
  return nothing{};
}

result<event_stream> stream_builder::finish() && {
  event_stream stream;
  stream.name = stem_of(lines_.path());
  stream.blocks = std::move(blocks_);
  if (form_ == row_form::unknown)
    return bad_line(lines_.path(), 0, "", "a stream of events", "an empty file",
                    "fetch or export it again");
  if (stream.blocks.empty())
    return bad_line(lines_.path(), lines_.number(), "event", "initialize", "the end of the file",
                    "the file is truncated: fetch or export it again");
  if (form_ == row_form::indexer) {
    auto birth = find_pool_birth(lines_.path(), stream.blocks, overrides_);
    if (!birth)
      return birth.error();
    stream.terms.fee = birth->fee;
    stream.terms.tick_spacing = birth->tick_spacing;
    initialize_at(stream.blocks, birth->sqrt_price_x96);
  } else {
    stream.terms = *terms_;
    if (overrides_.sqrt_price_x96)
      stream.blocks.front().events.front().sqrt_price_x96 = *overrides_.sqrt_price_x96;
  }
  stream.terms.fee = overrides_.fee.value_or(stream.terms.fee);
  stream.terms.tick_spacing = overrides_.tick_spacing.value_or(stream.terms.tick_spacing);
  stream.terms.decimals0 = overrides_.decimals0.value_or(stream.terms.decimals0);
  stream.terms.decimals1 = overrides_.decimals1.value_or(stream.terms.decimals1);
  return stream;
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

} // namespace sluice::net
