# embed(TARGET FILE FUNCTION HEADER): compiles the text of FILE into TARGET as
# `std::string_view sluice::MODULE::FUNCTION()`, which HEADER declares (its first folder is the module); configures
# again when FILE changes.
function(embed target file function header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${file})
  string(REGEX MATCH "^[a-z]+" module ${header})
  file(READ ${PROJECT_SOURCE_DIR}/${file} text)
  set(source ${CMAKE_BINARY_DIR}/embedded/${function}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "@header@"

namespace sluice::@module@ {

std::string_view @function@() { return R"embedded(@text@)embedded"; }

} // namespace sluice::@module@
]])
  target_sources(${target} PRIVATE ${source})
endfunction()
