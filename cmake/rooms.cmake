# A room is a top-level folder: one library, its tests, and a list of the rooms it may include.
#
#   sunder_room(checker MAY_INCLUDE node/api LINKS sunder::node_api nlohmann_json::nlohmann_json)
#
# compiles every checker/**/*.cc into sunder::checker, every checker/**/*_test.cc into
# checker_tests, and refuses, with file and line, any include of a room that is not listed.
# Files that are not part of the library (a main.cc, a second library) are named by EXCEPT, a
# regular expression on the path inside the room. A folder that APART names is a room of its own,
# with its own list, in its own CMakeLists.txt. Tests of any room may include testing/ besides.

set(SUNDER_ROOMS testing node checker nemesis workloads results harness)

# Stops the configuration at the first include of a room that `room` may not know.
function(sunder_check_includes room files may_include)
  list(JOIN SUNDER_ROOMS "|" any_room)
  foreach(file IN LISTS files)
    # A changed file is looked at again before it is compiled.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} includes REGEX "^[ \t]*#[ \t]*include[ \t]*\"(${any_room})/")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE ".*\"([^\"]*)\".*" "\\1" target "${include}")
      set(allowed FALSE)
      set(may ${may_include})
      if(file MATCHES "_test\\.(h|cc)$")
        list(APPEND may testing)
      endif()
      foreach(prefix IN ITEMS ${room} LISTS may)
        if(target MATCHES "^${prefix}/")
          set(allowed TRUE)
        endif()
      endforeach()
      if(NOT allowed)
        sunder_line_of(${file} "${include}" line)
        list(JOIN may_include ", " may)
        message(FATAL_ERROR "${file}:${line}: ${room} may not include \"${target}\" "
                            "(allowed: ${room}, ${may})")
      endif()
    endforeach()
  endforeach()
endfunction()

function(sunder_line_of file text result)
  file(READ ${file} content)
  string(FIND "${content}" "${text}" position)
  string(SUBSTRING "${content}" 0 ${position} before)
  string(REGEX MATCHALL "\n" newlines "${before}")
  list(LENGTH newlines line)
  math(EXPR line "${line} + 1")
  set(${result} ${line} PARENT_SCOPE)
endfunction()

# Adds to the target `headers` source files that show of each header that it compiles alone. Behind a
# header that it includes anyway, one compiles if it does alone: so those that include one another
# share a source file, the innermost first.
function(sunder_headers_compile_alone room files)
  list(FILTER files INCLUDE REGEX "\\.h$")
  list(TRANSFORM files REPLACE "^${PROJECT_SOURCE_DIR}/" "")
  set(has_next)
  foreach(header IN LISTS files)
    file(STRINGS ${PROJECT_SOURCE_DIR}/${header} includes REGEX "^#include \"")
    list(TRANSFORM includes REPLACE "^#include \"(.*)\".*" "\\1")
    foreach(included IN LISTS includes)
      if(included IN_LIST files AND NOT included IN_LIST has_next)
        set(before_${header} ${included})
        list(APPEND has_next ${included})
        break()
      endif()
    endforeach()
  endforeach()
  set(sources)
  foreach(last IN LISTS files)
    if(last IN_LIST has_next)
      continue()
    endif()
    set(lines)
    set(header ${last})
    while(header)
      string(PREPEND lines "#include \"${header}\"\n")
      set(header ${before_${header}})
    endwhile()
    set(source ${PROJECT_BINARY_DIR}/headers/${last}.cc)
    file(CONFIGURE OUTPUT ${source} CONTENT "${lines}")
    list(APPEND sources ${source})
  endforeach()
  add_library(${room}_headers OBJECT EXCLUDE_FROM_ALL ${sources})
  set_target_properties(${room}_headers PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${room}_headers PRIVATE sunder::${room})
  add_dependencies(headers ${room}_headers)
endfunction()

add_custom_target(headers)

add_custom_target(benchmarks)

# Adds a benchmark program, which is built only when asked for.
function(sunder_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  add_dependencies(benchmarks ${name})
endfunction()

# A libFuzzer target: './dev fuzz' runs each of them for a while.
option(SUNDER_FUZZ "Build the libFuzzer targets (clang only)" OFF)
function(sunder_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT SUNDER_FUZZ)
    return()
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()

set(SUNDER_TEST_FLAGS "" CACHE STRING "Compiler flags for the tests' own code")

function(sunder_room room)
  cmake_parse_arguments(ARG "" "EXCEPT;APART" "MAY_INCLUDE;LINKS;TEST_LINKS" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h
                                            ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(ARG_APART)
    list(FILTER files EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${ARG_APART}/")
  endif()
  sunder_check_includes(${room} "${files}" "${ARG_MAY_INCLUDE}")

  set(sources ${files})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_fuzz|/main)\\.cc$")
  if(ARG_EXCEPT)
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/(${ARG_EXCEPT})")
  endif()
  add_library(sunder_${room} STATIC ${sources})
  add_library(sunder::${room} ALIAS sunder_${room})
  set_target_properties(sunder_${room} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(sunder_${room} PUBLIC sunder_flags ${ARG_LINKS})

  sunder_headers_compile_alone(${room} "${files}")

  set(tests ${files})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(tests)
    add_executable(${room}_tests ${tests})
    target_link_libraries(${room}_tests PRIVATE sunder::${room} ${ARG_TEST_LINKS} GTest::gmock
                                                GTest::gtest_main)
    target_compile_options(${room}_tests PRIVATE ${SUNDER_TEST_FLAGS})
    gtest_discover_tests(${room}_tests DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600
                         LABELS ${room})
  endif()
endfunction()
