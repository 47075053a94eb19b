/// A task of a client: what it asks of miners, who was assigned, what was answered, how it ended.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::task_limits {

/// All are the highest that is allowed; names with bytes are in bytes, the others count. What is
/// beyond is refused with ec::bad_input by whoever reads it.
inline constexpr size_t payload_bytes_max = 16 * 1024;
inline constexpr size_t result_bytes_max = 8 * 1024;
inline constexpr size_t miners_max = 16;            // that one task may be assigned to
inline constexpr size_t client_bytes_max = 256;     // of a client's key id
inline constexpr size_t idempotency_bytes_max = 64; // of what a client repeats a submission by
inline constexpr size_t reason_bytes_max = 256;     // of a cancellation
inline constexpr size_t fetched_max = 16;           // assignments handed out to a worker at a time
inline constexpr size_t listed_max = 1000;          // tasks in one list
inline constexpr size_t questions_max = 16;         // open at the same time, per miner

} // namespace sluice::task_limits

namespace sluice {

/// No control characters but tabs and line ends: payloads and results. UTF-8 is not checked here.
constexpr bool is_task_text(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0xffU;
    const bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0);
    if (control && c != '\t' && c != '\n' && c != '\r')
      return false;
  }
  return true;
}

/// What is to be done. Numbers are stored.
enum class task_type : uint8_t {
  transcription = 0,
  tts,
  summarization,
  translation,
  video_transcription,
  text_translation,
  document_translation,
};
inline constexpr std::array<std::string_view, 7> task_type_names{
  "transcription",       "tts",
  "summarization",       "translation",
  "video_transcription", "text_translation",
  "document_translation"};
constexpr bool known(task_type x) {
  return static_cast<size_t>(x) < task_type_names.size();
}
/// As in the HTTP interface: "transcription" and so on.
constexpr std::string_view name_of(task_type x) {
  return task_type_names[static_cast<size_t>(x)];
}
/// None: there is no such type.
constexpr std::optional<task_type> task_type_of(std::string_view name) {
  for (size_t i = 0; i < task_type_names.size(); ++i)
    if (task_type_names[i] == name)
      return static_cast<task_type>(i);
  return std::nullopt;
}

/// Where a task stands. Numbers are stored.
enum class task_state : uint8_t {
  pending = 0, // waits for miners
  assigned,    // miners have it
  completed,   // has its best response; the client may rate it
  done,        // ended: completed, and nobody rated it in time
  approved,    // ended: the client rated it
  failed,      // ended: nobody answered in any attempt, or no miner was found
  cancelled,   // ended: by the client
};
inline constexpr std::array<std::string_view, 7> task_state_names{
  "pending", "assigned", "completed", "done", "approved", "failed", "cancelled"};
constexpr bool known(task_state x) {
  return static_cast<size_t>(x) < task_state_names.size();
}
constexpr std::string_view name_of(task_state x) {
  return task_state_names[static_cast<size_t>(x)];
}
/// None: there is no such state.
constexpr std::optional<task_state> task_state_of(std::string_view name) {
  for (size_t i = 0; i < task_state_names.size(); ++i)
    if (task_state_names[i] == name)
      return static_cast<task_state>(i);
  return std::nullopt;
}
/// Has it ended: does it never change again?
constexpr bool is_terminal(task_state x) {
  return x == task_state::done || x == task_state::approved || x == task_state::failed
         || x == task_state::cancelled;
}

/// The higher goes first. Numbers are stored.
enum class task_priority : uint8_t { low = 0, normal, high, urgent };
inline constexpr std::array<std::string_view, 4> task_priority_names{"low", "normal", "high",
                                                                     "urgent"};
constexpr bool known(task_priority x) {
  return static_cast<size_t>(x) < task_priority_names.size();
}
constexpr std::string_view name_of(task_priority x) {
  return task_priority_names[static_cast<size_t>(x)];
}
/// None: there is no such priority.
constexpr std::optional<task_priority> task_priority_of(std::string_view name) {
  for (size_t i = 0; i < task_priority_names.size(); ++i)
    if (task_priority_names[i] == name)
      return static_cast<task_priority>(i);
  return std::nullopt;
}

/// Where one assignment stands. Numbers are stored.
enum class assignment_state : uint8_t {
  open = 0, // waits for its miner's answer
  answered,
  missed,    // the miner did not answer in time
  withdrawn, // the task was cancelled before the miner answered
};
inline constexpr std::array<std::string_view, 4> assignment_state_names{"open", "answered",
                                                                        "missed", "withdrawn"};
constexpr bool known(assignment_state x) {
  return static_cast<size_t>(x) < assignment_state_names.size();
}
constexpr std::string_view name_of(assignment_state x) {
  return assignment_state_names[static_cast<size_t>(x)];
}

/// One miner that has the task. Milliseconds since 1970-01-01 UTC.
struct task_assignment {
  std::string id; // TASK-ATTEMPT-UID
  miner_uid uid;
  hotkey key;
  uint64_t attempt = 1; // of the task, from 1
  uint64_t assigned_ms = 0;
  uint64_t handed_out_ms = 0; // when the miner got the payload; 0: not yet
  assignment_state state = assignment_state::open;
  SLUICE_FIELDS(id, uid, key, attempt, assigned_ms, handed_out_ms, state)
  bool operator==(const task_assignment&) const = default;
};

/// What one miner answered. `accuracy`, `speed`, `score`: 0 to 1
/// (rules/consensus/best_response.hpp).
struct task_response {
  miner_uid uid;
  hotkey key;
  std::string result;           // UTF-8, to result_bytes_max
  uint64_t received_ms = 0;     // milliseconds since 1970-01-01 UTC
  uint64_t processing_ms = 0;   // from being handed out to the answer
  std::optional<double> rating; // of the client
  double accuracy = 0;
  double speed = 0;
  double score = 0;
  SLUICE_FIELDS(uid, key, result, received_ms, processing_ms, rating, accuracy, speed, score)
  bool operator==(const task_response&) const = default;
};

/// A task. Stored. Times are milliseconds since 1970-01-01 UTC, 0: not yet.
struct task_record {
  std::string id;      // as a UUID is written
  uint64_t number = 0; // in the order of submission, from 1
  task_type type = task_type::transcription;
  task_priority priority = task_priority::normal;
  task_state state = task_state::pending;
  uint64_t required_miner_count = 1;        // that shall have it, 1 to miners_max
  uint64_t min_miner_count = 1;             // below which it waits, 1 to required_miner_count
  uint64_t max_miner_count = 5;             // from required_miner_count to miners_max
  std::string payload;                      // UTF-8, to payload_bytes_max
  std::string client;                       // the key id of who submitted it; "": without a key
  std::string digest;                       // of type and payload: 64 hex digits
  std::vector<task_assignment> assignments; // of all attempts, in the order of assigning
  std::vector<task_response> responses; // of all attempts, in the order of arrival; one per miner
  std::optional<miner_uid> best;        // whose response is best; once completed
  uint64_t retries = 0;                 // attempts after the first, from 0
  std::string reason;                   // why it failed or was cancelled, in a sentence
  uint64_t created_ms = 0;
  uint64_t updated_ms = 0;
  uint64_t waiting_ms = 0;     // since when it waits for miners in this attempt
  uint64_t not_before_ms = 0;  // it is not assigned earlier: after a failed attempt
  uint64_t distributed_ms = 0; // last assigned
  uint64_t completed_ms = 0;
  uint64_t ended_ms = 0;
  SLUICE_FIELDS(id, number, type, priority, state, required_miner_count, min_miner_count,
                max_miner_count, payload, client, digest, assignments, responses, best, retries,
                reason, created_ms, updated_ms, waiting_ms, not_before_ms, distributed_ms,
                completed_ms, ended_ms)
  bool operator==(const task_record&) const = default;
};

/// The best response; null when there is none yet. Exists as long as the record.
inline const task_response* best_of(const task_record& x) {
  if (x.best)
    for (const auto& one : x.responses)
      if (one.uid == *x.best)
        return &one;
  return nullptr;
}

} // namespace sluice
