# The libraries, all from the distribution. `./dev setup` installs them on Debian and Ubuntu.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 QUIET)
if(NOT Boost_FOUND)
  message(FATAL_ERROR "Boost 1.81 or later was not found: run './dev setup', or install the "
                      "Debian package libboost1.81-dev")
endif()
find_package(nlohmann_json 3.11 QUIET)
if(NOT nlohmann_json_FOUND)
  message(FATAL_ERROR "nlohmann/json 3.11 was not found: run './dev setup', or install the "
                      "Debian package nlohmann-json3-dev")
endif()
foreach(need IN ITEMS fmt:libfmt-dev cxxopts:libcxxopts-dev simdjson:libsimdjson-dev
                      GTest:libgtest-dev benchmark:libbenchmark-dev)
  string(REPLACE ":" ";" need ${need})
  list(GET need 0 package)
  list(GET need 1 debian_package)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} was not found: run './dev setup', or install the Debian "
                        "package ${debian_package}")
  endif()
endforeach()

find_package(ZLIB QUIET)
if(NOT ZLIB_FOUND)
  message(FATAL_ERROR "zlib was not found: run './dev setup', or install the Debian package "
                      "zlib1g-dev")
endif()
find_path(SUNDER_ZSTD_INCLUDE zstd.h)
find_library(SUNDER_ZSTD zstd)
if(NOT SUNDER_ZSTD_INCLUDE OR NOT SUNDER_ZSTD)
  message(FATAL_ERROR "libzstd was not found: run './dev setup', or install the Debian package "
                      "libzstd-dev")
endif()

# Optional: without it, a few histories whose orders of versions are open stay undecided.
find_path(SUNDER_CADICAL_INCLUDE cadical.hpp)
find_library(SUNDER_CADICAL cadical)
if(SUNDER_CADICAL_INCLUDE AND SUNDER_CADICAL)
  set(SUNDER_SOLVER ${SUNDER_CADICAL})
else()
  message(STATUS "CaDiCaL was not found: isolation levels are decided without a solver. It is in "
                 "the Debian package libcadical-dev")
endif()

find_path(SUNDER_FUSE_INCLUDE fuse3/fuse_lowlevel.h)
find_library(SUNDER_FUSE fuse3)
if(NOT SUNDER_FUSE_INCLUDE OR NOT SUNDER_FUSE)
  message(FATAL_ERROR "libfuse 3 was not found: run './dev setup', or install the Debian package "
                      "libfuse3-dev")
endif()

find_file(SUNDER_D3 d3.min.js
          PATHS /usr/share/javascript/d3 /usr/share/nodejs/d3/dist NO_DEFAULT_PATH)
if(NOT SUNDER_D3)
  message(FATAL_ERROR "d3.min.js was not found: run './dev setup', or install the Debian package "
                      "libjs-d3")
endif()

find_program(SUNDER_CCACHE ccache)
if(SUNDER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SUNDER_CCACHE})
endif()
