#include "net/consensus/task_bodies.hpp"

#include "net/miner_gateway/wire_body.hpp"

namespace sluice::net {

namespace {

/// A payload or a result: longer than other texts of messages, and of several lines.
struct task_text {
  std::string value;
};

/// task_question and task_answer as they are read.
struct task_question_read {
  std::string assignment_id;
  std::string task_id;
  std::string task_type;
  task_text payload;
  SLUICE_FIELDS(assignment_id, task_id, task_type, payload)
};
struct task_answer_read {
  std::string task_id;
  task_text result;
  uint64_t processing_ms = 0;
  SLUICE_FIELDS(task_id, result, processing_ms)
};

} // namespace

} // namespace sluice::net

namespace sluice::net::wire {

template <>
inline constexpr std::array<std::string_view, 1> optional_fields<task_answer_read>{"processing_ms"};

/// How long it may be is checked by whoever reads the field.
template <>
void reader::take(const io::json& from, task_text& x) {
  if (!from.is_string())
    return wrong("a text", from);
  x.value = from.get<std::string>();
  if (!is_task_text(x.value))
    fail("no control characters but tabs and line ends", "one");
}

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

void check_task_question(wire::reader& in, const io::json&, const task_question_read& x) {
  check_task_text(in, "assignment_id", x.assignment_id, task_name_bytes_max);
  check_task_text(in, "task_id", x.task_id, task_name_bytes_max);
  check_task_text(in, "task_type", x.task_type, task_name_bytes_max);
  check_task_text(in, "payload", x.payload.value, task_limits::payload_bytes_max);
}

void check_task_answer(wire::reader& in, const io::json&, const task_answer_read& x) {
  check_task_text(in, "task_id", x.task_id, task_name_bytes_max);
  check_task_text(in, "result", x.result.value, task_limits::result_bytes_max);
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
  auto read
    = read_task_value<task_question_read>(from, wire::question_body_kind, check_task_question);
  if (!read)
    return read.error();
  return task_question_body({std::move(read->assignment_id), std::move(read->task_id),
                             std::move(read->task_type), std::move(read->payload.value), 0});
}

result<miner_body> read_task_answer(const body_text& from) {
  auto read = read_task_value<task_answer_read>(from, wire::answer_body_kind, check_task_answer);
  if (!read)
    return read.error();
  return task_answer_body(
    {std::move(read->task_id), std::move(read->result.value), read->processing_ms});
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
