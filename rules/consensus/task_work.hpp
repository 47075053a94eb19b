/// The work that the built-in workers do: small, and the same in every program, so that results can
/// be compared.
#pragma once

#include "rules/consensus/task.hpp"

#include <string>
#include <string_view>

namespace sluice {

/// The result of a task, a pure function of type and payload; never empty, at most
/// task_limits::result_bytes_max bytes. By type: transcription, the words in lower case without
/// punctuation; tts, words and seconds of speech at 150 words a minute; summarization, the first
/// two sentences; translation, the words in reverse order; video_transcription, the words of each
/// line, numbered; text_translation, every word reversed; document_translation, every line's words
/// in reverse order. Bytes beyond ASCII count as letters.
std::string task_result(task_type type, std::string_view payload);

} // namespace sluice
