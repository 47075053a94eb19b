#include "net/liquidity/miner_bodies.hpp"

#include "net/miner_gateway/wire_body.hpp"
#include "rules/liquidity/round_name.hpp"
#include "rules/liquidity/verdict_name.hpp"

namespace sluice::net::wire {

namespace {

constexpr std::array<std::string_view, 3> verdict_names{to_string(miner_verdict::scored),
                                                        to_string(miner_verdict::refused),
                                                        to_string(miner_verdict::failed)};
constexpr std::array<std::string_view, 2> pool_kind_names{"uniswap", "slipstream"};
constexpr std::array<std::string_view, 2> notice_types{"invalid", "scores"}; // as in the variant

} // namespace

template <>
struct enum_names<miner_verdict> {
  static names all() { return verdict_names; }
};

template <>
struct enum_names<pool_kind> {
  static names all() { return pool_kind_names; }
};

template <>
struct text_form<address> {
  static constexpr std::string_view expected = "an address: 0x and 40 hexadecimal digits";
  static std::string write(const address& x) { return io::to_text(x); }
  static std::optional<address> read(const std::string& text) { return io::parse_address(text); }
};

template <>
struct text_form<round_id> {
  static constexpr std::string_view expected = "JOB/evaluation/NUMBER or JOB/live/NUMBER";
  static std::string write(const round_id& x) { return to_string(x); }
  static std::optional<round_id> read(const std::string& text) {
    auto parsed = parse_round_id(text);
    return parsed ? std::optional{*std::move(parsed)} : std::nullopt;
  }
};

template <>
inline constexpr std::array<std::string_view, 1> optional_fields<rebalance_query>{"deadline_ms"};
template <>
inline constexpr std::array<std::string_view, 4> optional_fields<rebalance_reply>{
  "refusal_reason", "desired_positions", "version", "model_info"};

} // namespace sluice::net::wire

namespace sluice::net {

namespace {

std::string body_dump(const io::json& x) {
  return x.dump(-1, ' ', false, io::json::error_handler_t::replace);
}

std::string query_text(const rebalance_query& query) {
  auto out = io::json::object();
  wire::put_fields(out, query, "deadline_ms");
  return body_dump(out);
}

std::string reply_text(const rebalance_reply& reply) {
  return body_dump(wire::put(reply));
}

std::string notice_text(const liquidity_notice& notice) {
  io::json out;
  out["type"] = std::string{wire::notice_types[notice.index()]};
  std::visit([&out](const auto& x) { wire::put_fields(out, x); }, notice);
  return body_dump(out);
}

/// What no list of fields can express.
void check_reply(wire::reader& in, const io::json& object, const rebalance_reply& x) {
  if (x.accepted && !object.contains("desired_positions"))
    in.fail_at("desired_positions", "a list (an empty one takes everything out)", "nothing");
}

result<miner_body> read_question(const body_text& from) {
  auto query = wire::read_body<rebalance_query>(from, wire::question_body_kind);
  if (!query)
    return query.error();
  return question_body(*std::move(query));
}

result<miner_body> read_answer(const body_text& from) {
  const auto object = wire::body_object(from, wire::answer_body_kind);
  if (!object)
    return object.error();
  auto reply
    = wire::read_fields<rebalance_reply>(*object, from, wire::answer_body_kind, check_reply);
  if (!reply)
    return reply.error();
  return answer_body(*std::move(reply));
}

template <class Notice>
result<miner_body>
read_notice_as(const io::json& object, const body_text& from, std::string_view type) {
  auto kind = wire::notice_body_kind;
  kind.flat_type = type;
  auto notice = wire::read_fields<Notice>(object, from, kind,
                                          [](wire::reader&, const io::json&, const Notice&) {});
  if (!notice)
    return notice.error();
  return notice_body(*std::move(notice));
}

result<miner_body> read_notice(const body_text& from) {
  const auto& kind = wire::notice_body_kind;
  const auto object = wire::body_object(from, kind);
  if (!object)
    return object.error();
  const bool flat = from.form == body_form::flat;
  wire::reader in{false, flat ? "type" : "body.type"};
  const auto at = object->find("type");
  if (at == object->end()) {
    in.fail("the type of notice", "nothing");
    return wire::body_fault(from, kind, in.error()->what);
  }
  const auto index = in.take_name(*at, wire::notice_types);
  if (in.error())
    return wire::body_fault(from, kind, in.error()->what);
  return index == 0 ? read_notice_as<proposal_refused>(*object, from, wire::notice_types[0])
                    : read_notice_as<miner_scores>(*object, from, wire::notice_types[1]);
}

/// The value of a body, read where it is a text.
template <class T>
result<T> value_in(const miner_body& body, result<miner_body> (*read)(const body_text&)) {
  if (const auto* x = body.as<T>())
    return *x;
  const auto made = read({body.text(), body_form::nested});
  if (!made)
    return made.error();
  return *made->template as<T>();
}

} // namespace

miner_body question_body(rebalance_query query) {
  return miner_body::of(std::move(query), query_text);
}

miner_body answer_body(rebalance_reply reply) {
  return miner_body::of(std::move(reply), reply_text);
}

miner_body notice_body(liquidity_notice notice) {
  return miner_body::of(std::move(notice), notice_text);
}

body_codec liquidity_codec() {
  return {read_answer, read_question, read_notice};
}

result<rebalance_query> question_in(const miner_body& body, uint64_t deadline_ms) {
  auto query = value_in<rebalance_query>(body, read_question);
  if (query)
    query->deadline_ms = deadline_ms;
  return query;
}

result<rebalance_reply> answer_in(const miner_body& body) {
  return value_in<rebalance_reply>(body, read_answer);
}

result<liquidity_notice> notice_in(const miner_body& body) {
  return value_in<liquidity_notice>(body, read_notice);
}

} // namespace sluice::net
