#include "harness/process/programs.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/process/v2/popen.hpp>

namespace sunder::harness {

std::filesystem::path programs_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

ProgramEnd run_program(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments) {
  boost::asio::io_context io;
  boost::process::v2::popen process(io, boost::process::v2::filesystem::path(program.string()),
                                    arguments);
  ProgramEnd end;
  boost::system::error_code closed;
  boost::asio::read(process, boost::asio::dynamic_buffer(end.output), closed);
  end.exit_code = process.wait();
  return end;
}

}  // namespace sunder::harness
