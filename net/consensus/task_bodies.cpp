#include "net/consensus/task_bodies.hpp"

#include "net/miner_gateway/wire_body.hpp"

namespace sluice::net::wire {

template <>
inline constexpr std::array<std::string_view, 1> optional_fields<task_question>{"deadline_ms"};
template <>
inline constexpr std::array<std::string_view, 1> optional_fields<task_answer>{"processing_ms"};

} // namespace sluice::net::wire

namespace sluice::net {

namespace {

constexpr size_t task_name_bytes_max = 128; // of ids, types and states

std::string task_body_dump(const io::json& x) {
  return x.dump(-1, ' ', false, io::json::error_handler_t::replace);
}

std::string task_question_text(const task_question& x) {
  auto out = io::json::object();
  wire::put_fields(out, x, "deadline_ms");
  return task_body_dump(out);
}

std::string task_answer_text(const task_answer& x) {
  return task_body_dump(wire::put(x));
}

std::string task_notice_text(const task_notice& x) {
  return task_body_dump(wire::put(x));
}

/// What no list of fields can express.
void check_task_text(wire::reader& in, std::string_view field, const std::string& text,
                     size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max)
    in.fail_at(field, "1 to " + std::to_string(bytes_max) + " bytes", std::to_string(text.size()));
}

void check_task_question(wire::reader& in, const io::json&, const task_question& x) {
  check_task_text(in, "assignment_id", x.assignment_id, task_name_bytes_max);
  check_task_text(in, "task_id", x.task_id, task_name_bytes_max);
  check_task_text(in, "task_type", x.task_type, task_name_bytes_max);
  check_task_text(in, "payload", x.payload, task_limits::payload_bytes_max);
}

void check_task_answer(wire::reader& in, const io::json&, const task_answer& x) {
  check_task_text(in, "task_id", x.task_id, task_name_bytes_max);
  check_task_text(in, "result", x.result, task_limits::result_bytes_max);
  if (x.processing_ms > task_processing_ms_max)
    in.fail_at("processing_ms", "0 to " + std::to_string(task_processing_ms_max),
               std::to_string(x.processing_ms));
}

void check_task_notice(wire::reader& in, const io::json&, const task_notice& x) {
  check_task_text(in, "task_id", x.task_id, task_name_bytes_max);
  for (const auto& [field, value] : {std::pair{"accuracy", x.accuracy}, std::pair{"speed", x.speed},
                                     std::pair{"score", x.score}})
    if (!(value >= 0 && value <= 1))
      in.fail_at(field, "a number from 0 to 1", std::to_string(value));
}

template <class T, class F>
result<T> read_task_value(const body_text& from, const wire::body_kind& kind, F check) {
  const auto object = wire::body_object(from, kind);
  if (!object)
    return object.error();
  return wire::read_fields<T>(*object, from, kind, check);
}

result<miner_body> read_task_question(const body_text& from) {
  auto read = read_task_value<task_question>(from, wire::question_body_kind, check_task_question);
  if (!read)
    return read.error();
  return task_question_body(*std::move(read));
}

result<miner_body> read_task_answer(const body_text& from) {
  auto read = read_task_value<task_answer>(from, wire::answer_body_kind, check_task_answer);
  if (!read)
    return read.error();
  return task_answer_body(*std::move(read));
}

result<miner_body> read_task_notice(const body_text& from) {
  auto read = read_task_value<task_notice>(from, wire::notice_body_kind, check_task_notice);
  if (!read)
    return read.error();
  return task_notice_body(*std::move(read));
}

/// The value of a body, read where it is a text.
template <class T>
result<T> task_value_in(const miner_body& body, result<miner_body> (*read)(const body_text&)) {
  if (const auto* x = body.as<T>())
    return *x;
  const auto made = read({body.text(), body_form::nested});
  if (!made)
    return made.error();
  return *made->template as<T>();
}

} // namespace

miner_body task_question_body(task_question x) {
  return miner_body::of(std::move(x), task_question_text);
}

miner_body task_answer_body(task_answer x) {
  return miner_body::of(std::move(x), task_answer_text);
}

miner_body task_notice_body(task_notice x) {
  return miner_body::of(std::move(x), task_notice_text);
}

body_codec task_codec() {
  return {read_task_answer, read_task_question, read_task_notice};
}

result<task_question> task_question_in(const miner_body& body, uint64_t deadline_ms) {
  auto made = task_value_in<task_question>(body, read_task_question);
  if (made)
    made->deadline_ms = deadline_ms;
  return made;
}

result<task_answer> task_answer_in(const miner_body& body) {
  return task_value_in<task_answer>(body, read_task_answer);
}

result<task_notice> task_notice_in(const miner_body& body) {
  return task_value_in<task_notice>(body, read_task_notice);
}

} // namespace sluice::net
