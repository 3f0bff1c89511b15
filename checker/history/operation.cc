#include "checker/history/operation.h"

namespace sunder::history {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::fail:
      return "fail";
    case Outcome::info:
      break;
  }
  return "info";
}

}  // namespace sunder::history
