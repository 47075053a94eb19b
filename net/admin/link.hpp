/// Where the commands of a shell are answered: a socket, a fleet, or a folder.
#pragma once

#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::net {

class shell_link {
public:
  virtual ~shell_link() = default;

  /// One command as typed; the answer is a JSON document. Faults:
  ///   refused      the answer is no: the sentence is the node's
  ///   unreachable  nobody is there, or no longer; asking again may find the next incarnation
  ///   timeout      asked, and no answer came; the command may have been done
  virtual result<std::string> ask(std::string_view line) = 0;

  /// Folder or HOST:PORT, for people.
  virtual std::string place() const = 0;

  /// Is a file's path the same for the node as for us?
  virtual bool same_machine() const { return true; }
};

} // namespace sluice::net
