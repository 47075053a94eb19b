#include "messages/errors.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

namespace sluice {

namespace {

std::string name_of(const caf::error& why) {
  if (why.category() == caf::atom("system"))
    return caf::to_string(static_cast<caf::sec>(why.code()));
  if (why.category() == caf::atom("exit"))
    return caf::to_string(static_cast<caf::exit_reason>(why.code()));
  return "error " + std::to_string(why.code());
}

} // namespace

std::string sentence(const caf::error& why) {
  if (!why)
    return "no error";
  const auto& context = why.context();
  if (context.match_elements<std::string>())
    return context.get_as<std::string>(0);
  return name_of(why);
}

fault to_fault(const caf::error& why) {
  const auto ours = why.category() == caf::atom("sluice");
  return {ours ? static_cast<ec>(why.code()) : ec::unreachable, sentence(why)};
}

} // namespace sluice
