#include "actors/manners.hpp"

#include <exception>

namespace sluice {

void mind_manners(caf::scheduled_actor* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return caf::make_error(caf::sec::runtime_error, std::string{e.what()});
    } catch (...) {
      return caf::make_error(caf::sec::runtime_error, std::string{"an unknown exception"});
    }
  });
  self->set_error_handler([](caf::error&) {});
  self->set_default_handler(caf::drop);
}

} // namespace sluice
