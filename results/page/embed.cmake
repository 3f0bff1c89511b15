# Embeds the page's files and D3 into the library `sunder_page`, as read-only data with a table of
# names, see assets.h. A changed file is embedded again.

# The pages are written for the D3 that Debian and Ubuntu ship as libjs-d3.
file(READ ${SUNDER_D3} d3_head LIMIT 200)
if(NOT d3_head MATCHES "version:\"3\\.")
  message(FATAL_ERROR "${SUNDER_D3} is not D3 version 3: install the package libjs-d3, or name its "
                      "d3.min.js with -DSUNDER_D3=...")
endif()

file(GLOB page_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.html
                                       ${CMAKE_CURRENT_LIST_DIR}/*.css
                                       ${CMAKE_CURRENT_LIST_DIR}/*.js)
set(rows "")
set(data "")
set(count 0)
foreach(file IN LISTS page_files SUNDER_D3)
  get_filename_component(name ${file} NAME)
  string(APPEND rows "  .quad name_${count}, begin_${count}, end_${count}\n")
  string(APPEND data "name_${count}: .asciz \"${name}\"\n"
                     "begin_${count}: .incbin \"${file}\"\nend_${count}:\n")
  math(EXPR count "${count} + 1")
endforeach()

set(assembly ${CMAKE_CURRENT_BINARY_DIR}/page_assets.S)
file(CONFIGURE OUTPUT ${assembly} @ONLY CONTENT [[
.section .data.rel.ro, "aw"
.balign 8
.global sunder_page_assets
sunder_page_assets:
@rows@
.section .rodata, "a"
.balign 8
.global sunder_page_asset_count
sunder_page_asset_count: .quad @count@
@data@
.section .note.GNU-stack, "", %progbits
]])
set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS "${page_files};${SUNDER_D3}")
add_library(sunder_page STATIC ${assembly})
