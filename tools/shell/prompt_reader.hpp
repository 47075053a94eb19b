/// A line typed at a terminal: history, completion, hints (libedit). LC_CTYPE of the process
/// defines how bytes are read: in a UTF-8 locale every character can be typed.
#pragma once

#include "io/text/charset.hpp"
#include "rules/admin/completion.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// The lines of a history file, oldest first, at most `most`; none when there is no such file.
/// `most`: lines, from 0. A file that cannot be read is one that is not there.
std::vector<std::string> read_history(const std::filesystem::path& file, size_t most);
/// Appends one line; makes the file (mode 0600) and its folder (0700) when they are missing.
/// Several shells may do so at once. Whatever fails is no reason to stop.
void add_to_history(const std::filesystem::path& file, const std::string& line);
/// $XDG_STATE_HOME/sluice/history or ~/.local/state/sluice/history; empty without a home.
std::filesystem::path history_path();

class prompt_reader {
public:
  struct settings {
    std::filesystem::path history; // empty: of this session only
    bool color = false;
    report::charset letters = report::charset::utf8; // of hints and lists; typed text is echoed
    /// What the line up to the cursor may go on with; the candidates are whole.
    std::function<admin::completion(std::string_view line)> complete;
    /// Shown at the right edge.
    std::function<std::string(std::string_view line)> hint;
  };

  explicit prompt_reader(settings how);
  ~prompt_reader();
  prompt_reader(const prompt_reader&) = delete;
  prompt_reader& operator=(const prompt_reader&) = delete;

  /// The next line without its end, in UTF-8; none after Ctrl-D. Ctrl-C leaves a line and begins
  /// another. A line with bytes that are no characters is complained of on standard error and is
  /// empty. `prompt` is plain text and ends in a space.
  std::optional<std::string> read(const std::string& prompt);

private:
  struct editor;
  std::unique_ptr<editor> editor_;
};

} // namespace sluice::tools
