# A test of pages in a real browser: a script for Node.js that gets the programs named, a folder of
# its own, and the folder in which './dev test' has put the browser's driver. Where there is no
# Node.js, browser or driver it is skipped and says which.

function(sunder_browser_test name script)
  add_test(NAME ${name}
           COMMAND sh -c "command -v node >/dev/null || { echo 'skipped: no Node.js'; exit 77; }
                          exec node \"$@\"" ${name}
                   ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN}
                   ${CMAKE_CURRENT_BINARY_DIR}/${name} ${PROJECT_SOURCE_DIR}/build/browser)
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
                       RUN_SERIAL TRUE LABELS pages)
endfunction()
