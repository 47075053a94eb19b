# embed(TARGET FILE FUNCTION HEADER): compiles the text of FILE into TARGET as
# `std::string_view sluice::net::FUNCTION()`, which HEADER declares; configures again when FILE changes.
function(embed target file function header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${file})
  file(READ ${PROJECT_SOURCE_DIR}/${file} text)
  set(source ${CMAKE_BINARY_DIR}/embedded/${function}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "@header@"

namespace sluice::net {

std::string_view @function@() { return R"embedded(@text@)embedded"; }

} // namespace sluice::net
]])
  target_sources(${target} PRIVATE ${source})
endfunction()
