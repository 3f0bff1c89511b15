# One set of flags for every target. Warnings are errors on g++ and clang.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

add_library(sunder_flags INTERFACE)
target_compile_options(sunder_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                              -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of GCC 12 in optimised std::string and std::variant code (GCC bug 105329, 105562).
  target_compile_options(sunder_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
target_compile_definitions(sunder_flags INTERFACE BOOST_ASIO_NO_DEPRECATED)
target_include_directories(sunder_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(sunder_flags INTERFACE Threads::Threads fmt::fmt)
