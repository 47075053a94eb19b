# in_batches(SIZE TARGET...): with SLUICE_UNITY, SIZE sources of these targets are compiled as one. What they
# include is read once and what they instantiate made once: half the CPU time of a whole build, but a changed
# line costs its whole batch. So names in anonymous namespaces must differ within a module, and from those that
# the module's headers declare: a second one of the same name may hide the first without a word.
function(in_batches size)
  if(SLUICE_UNITY)
    set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
    foreach(target IN LISTS ARGN) # GCC's warning is about headers, which it takes all but the first for
      target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    endforeach()
  endif()
endfunction()
