# in_batches(SIZE TARGET...): with SLUICE_UNITY, SIZE sources of these targets are compiled as one. What they
# include is read once and what they instantiate made once: half the CPU time of a whole build, but a changed
# line costs its whole batch. So names in anonymous namespaces must differ within a module, and from those that
# the module's headers declare: a second one of the same name may hide the first without a word.
# Each mechanism has batches of its own: a new source of one leaves the batches of the others as they are.
file(GLOB mechanism_names CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/rules/*/name.hpp)
list(TRANSFORM mechanism_names REPLACE ".*/rules/(.*)/name.hpp" "\\1")
set_property(GLOBAL PROPERTY SLUICE_MECHANISMS ${mechanism_names})

function(in_batches size)
  if(SLUICE_UNITY)
    set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    foreach(target IN LISTS ARGN)
      # GCC's warning is about headers, which it takes all but the first for.
      target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
      cmake_language(EVAL CODE "cmake_language(DEFER CALL group_sources ${target} ${size})") # when all are known
    endforeach()
  endif()
endfunction()

function(group_sources target size)
  get_property(mechanisms GLOBAL PROPERTY SLUICE_MECHANISMS)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    set(part general)
    foreach(mechanism IN LISTS mechanisms)
      if(source MATCHES "/${mechanism}/")
        set(part ${mechanism})
      endif()
    endforeach()
    if(NOT DEFINED count_${part})
      set(count_${part} 0)
    endif()
    math(EXPR batch "${count_${part}} / ${size}")
    math(EXPR count_${part} "${count_${part}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${part}_${batch})
  endforeach()
endfunction()
