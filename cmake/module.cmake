# module(FOLDER USES libs...): turns a folder into the library sluice_FOLDER (io/text becomes sluice_io_text),
# without those of its folders that are libraries already.
function(module folder)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  get_property(taken GLOBAL PROPERTY SLUICE_MODULES)
  foreach(other IN LISTS taken)
    list(FILTER sources EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${other}/")
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SLUICE_MODULES ${folder})
  string(REPLACE "/" "_" name ${folder})
  if(sources)
    add_library(sluice_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(sluice_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(sluice_${name} ${scope} ${PROJECT_SOURCE_DIR})
  target_link_libraries(sluice_${name} ${scope} ${ARG_USES})
  if(name STREQUAL "messages")
    target_compile_definitions(sluice_${name} ${scope} CAF_ENABLE_TYPE_ID_CHECKS)
  endif()
endfunction()

# quick_to_compile(TARGET...): -O1, after whatever the preset sets.
function(quick_to_compile)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE -O1)
  endforeach()
endfunction()

# calculates(TARGET...): loops over limbs unroll, and limbs stay in ordinary registers: a number that
# was written limb by limb and is read in halves waits until the last limb has arrived (a fifth of a
# swap's time). At -O3 g++ 12 warns of std::string's own memcpy (GCC bug 105329).
function(calculates)
  set(gnu -O3 -Wno-restrict -fno-tree-vectorize)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES x86_64)
    list(APPEND gnu -mno-stv -mmemset-strategy=unrolled_loop:512:noalign,libcall:-1:noalign -mtune-ctrl=^sse_unaligned_load_optimal,^sse_unaligned_store_optimal)
  endif()
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE
      "$<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:${gnu}>"
      "$<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:Clang>>:-O3;-fno-vectorize;-fno-slp-vectorize>")
  endforeach()
endfunction()
