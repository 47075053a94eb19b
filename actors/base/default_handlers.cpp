#include "actors/base/default_handlers.hpp"

#include "actors/base/thrown_fault.hpp"
#include "messages/admin.hpp"
#include "messages/errors.hpp"

#include <caf/make_message.hpp>

#include <exception>

namespace sluice {

void install_default_handlers(caf::scheduled_actor* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const thrown_fault& x) {
      return to_error(x.why());
    } catch (const std::exception& e) {
      return caf::make_error(caf::sec::runtime_error, std::string{e.what()});
    } catch (...) {
      return caf::make_error(caf::sec::runtime_error, std::string{"an unknown exception"});
    }
  });
  self->set_error_handler([](caf::error&) {});
  self->set_default_handler(caf::drop);
}

void install_default_handlers(caf::scheduled_actor* self, observed_parts& own) {
  install_default_handlers(self);
  self->set_default_handler(
    [&own](caf::scheduled_actor* who, caf::message_view& x) -> caf::result<caf::message> {
      auto& what = x.content();
      if (what.match_elements<atom::look>())
        return caf::make_message(own.describe ? own.describe() : std::string{"{}"});
      if (what.match_elements<atom::again, std::string>())
        return caf::make_message(own.restart_child ? own.restart_child(what.get_as<std::string>(1))
                                                   : std::string{"it owns nobody"});
      own.stats->nobody_wanted(types_of(what));
      return caf::drop(who, x);
    });
}

} // namespace sluice
