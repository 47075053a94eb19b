#include "net/leads/bodies.hpp"

#include "net/leads/lead_json.hpp"
#include "net/miner_gateway/wire_body.hpp"
#include "rules/leads/calls.hpp"

namespace sluice::net::wire {

template <>
inline constexpr std::array<std::string_view, 1> optional_fields<lead_question>{"deadline_ms"};

} // namespace sluice::net::wire

namespace sluice::net {

namespace {

std::string lead_body_dump(const io::json& x) {
  return x.dump(-1, ' ', false, io::json::error_handler_t::replace);
}

std::string lead_question_text(const lead_question& x) {
  auto out = io::json::object();
  wire::put_fields(out, x, "deadline_ms");
  return lead_body_dump(out);
}

std::string lead_answer_text(const lead_answer& x) {
  return lead_body_dump(wire::put(x));
}

std::string lead_notice_text(const lead_notice& x) {
  return lead_body_dump(wire::put(x));
}

/// What no list of fields can express.
void check_question(wire::reader& in, const io::json&, const lead_question& x) {
  if (!is_request_id(x.request_id))
    in.fail_at("request_id", "1 to 64 of A-Z a-z 0-9 . _ -", io::quoted(x.request_id));
  if (x.num_leads == 0 || x.num_leads > lead_answer_max)
    in.fail_at("num_leads", "a whole number from 1 to " + std::to_string(lead_answer_max),
               std::to_string(x.num_leads));
}

void check_answer(wire::reader& in, const io::json&, const lead_answer& x) {
  if (x.leads.size() > lead_answer_max)
    in.fail_at("leads", "at most " + std::to_string(lead_answer_max) + " leads",
               std::to_string(x.leads.size()));
}

void check_notice(wire::reader& in, const io::json&, const lead_notice& x) {
  if (!(x.share >= 0 && x.share <= 1))
    in.fail_at("share", "a number from 0 to 1", std::to_string(x.share));
}

template <class T, class F>
result<T> read_lead_body(const body_text& from, const wire::body_kind& kind, F check) {
  const auto object = wire::body_object(from, kind);
  if (!object)
    return object.error();
  return wire::read_fields<T>(*object, from, kind, check);
}

result<miner_body> read_lead_question(const body_text& from) {
  auto read = read_lead_body<lead_question>(from, wire::question_body_kind, check_question);
  if (!read)
    return read.error();
  return lead_question_body(*std::move(read));
}

result<miner_body> read_lead_answer(const body_text& from) {
  const auto& kind = wire::answer_body_kind;
  auto read = read_lead_body<lead_answer>(from, kind, check_answer);
  if (!read)
    return read.error();
  if (const auto why = wire::leads_fault(read->leads, "body.leads"))
    return wire::body_fault(from, kind, why->what);
  return lead_answer_body(*std::move(read));
}

result<miner_body> read_lead_notice(const body_text& from) {
  auto read = read_lead_body<lead_notice>(from, wire::notice_body_kind, check_notice);
  if (!read)
    return read.error();
  return lead_notice_body(*std::move(read));
}

/// The value of a body, read where it is a text.
template <class T>
result<T> lead_value_in(const miner_body& body, result<miner_body> (*read)(const body_text&)) {
  if (const auto* x = body.as<T>())
    return *x;
  const auto made = read({body.text(), body_form::nested});
  if (!made)
    return made.error();
  return *made->template as<T>();
}

} // namespace

miner_body lead_question_body(lead_question x) {
  return miner_body::of(std::move(x), lead_question_text);
}

miner_body lead_answer_body(lead_answer x) {
  return miner_body::of(std::move(x), lead_answer_text);
}

miner_body lead_notice_body(lead_notice x) {
  return miner_body::of(std::move(x), lead_notice_text);
}

body_codec leads_codec() {
  return {read_lead_answer, read_lead_question, read_lead_notice};
}

result<lead_question> lead_question_in(const miner_body& body, uint64_t deadline_ms) {
  auto made = lead_value_in<lead_question>(body, read_lead_question);
  if (made)
    made->deadline_ms = deadline_ms;
  return made;
}

result<lead_answer> lead_answer_in(const miner_body& body) {
  return lead_value_in<lead_answer>(body, read_lead_answer);
}

result<lead_notice> lead_notice_in(const miner_body& body) {
  return lead_value_in<lead_notice>(body, read_lead_notice);
}

lead_answer fitting_leads(std::vector<lead> leads) {
  // The message around the body, and brackets, take less than this.
  constexpr size_t around_bytes = 256;
  size_t bytes = around_bytes;
  lead_answer made;
  for (auto& x : leads) {
    bytes += lead_body_dump(wire::put(x)).size() + 1;
    if (bytes > miner_bytes_max || made.leads.size() == lead_answer_max)
      break;
    made.leads.push_back(std::move(x));
  }
  return made;
}

} // namespace sluice::net
