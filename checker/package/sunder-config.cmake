# find_package(sunder) gives the target sunder::checker: the checkers, their models, the readers of
# histories and the recorder. Headers are included as "checker/...".
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(fmt)
find_dependency(simdjson)
find_dependency(nlohmann_json)
find_dependency(ZLIB)
find_library(SUNDER_ZSTD zstd REQUIRED)
# Used if sunder was built where it is installed.
find_library(SUNDER_CADICAL cadical)
if(SUNDER_CADICAL)
  set(sunder_solver ";${SUNDER_CADICAL}")
endif()

get_filename_component(sunder_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET sunder::checker)
  add_library(sunder::checker STATIC IMPORTED)
  set_target_properties(sunder::checker PROPERTIES
    IMPORTED_LOCATION "${sunder_prefix}/lib/libsunder_checker.a"
    INTERFACE_INCLUDE_DIRECTORIES "${sunder_prefix}/include/sunder"
    INTERFACE_COMPILE_FEATURES cxx_std_20
    INTERFACE_LINK_LIBRARIES
      "${sunder_prefix}/lib/libsunder_node_api.a;simdjson::simdjson;nlohmann_json::nlohmann_json;ZLIB::ZLIB;${SUNDER_ZSTD};fmt::fmt;Threads::Threads${sunder_solver}")
endif()
