#include "results/report/junit.h"

#include <map>
#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <fmt/format.h>

namespace sunder::results {

using boost::property_tree::ptree;

namespace {

std::string xml_text(std::string text) {
  for (char& byte : text) {
    const bool allowed = static_cast<unsigned char>(byte) >= 0x20 || byte == '\n' || byte == '\t';
    if (!allowed) byte = '?';
  }
  return text;
}

std::string seconds_of(std::chrono::nanoseconds duration) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(duration).count());
}

/// The element that says so; null for what passed.
const char* element_of(JunitResult result) {
  switch (result) {
    case JunitResult::passed:
      return nullptr;
    case JunitResult::failure:
      return "failure";
    case JunitResult::error:
      return "error";
    case JunitResult::skipped:
      break;
  }
  return "skipped";
}

ptree tree_of(const JunitCase& each) {
  ptree tree;
  tree.put("<xmlattr>.classname", xml_text(each.group));
  tree.put("<xmlattr>.name", xml_text(each.name));
  tree.put("<xmlattr>.time", seconds_of(each.duration));
  if (const char* element = element_of(each.result)) {
    ptree& problem = tree.put(element, xml_text(each.details));
    problem.put("<xmlattr>.message", xml_text(each.sentence));
    problem.put("<xmlattr>.type", xml_text(each.type));
  }
  return tree;
}

}  // namespace

std::string to_junit(std::string_view suite, std::span<const JunitCase> cases) {
  ptree tests;
  std::map<JunitResult, std::size_t> results;
  std::chrono::nanoseconds duration{0};
  for (const JunitCase& each : cases) {
    ++results[each.result];
    duration += each.duration;
    tests.add_child("testcase", tree_of(each));
  }
  ptree attributes;
  attributes.put("name", xml_text(std::string(suite)));
  attributes.put("tests", cases.size());
  attributes.put("failures", results[JunitResult::failure]);
  attributes.put("errors", results[JunitResult::error]);
  attributes.put("skipped", results[JunitResult::skipped]);
  attributes.put("time", seconds_of(duration));
  tests.push_front({"<xmlattr>", attributes});
  ptree root;
  root.add_child("testsuites.testsuite", tests);
  std::ostringstream text;
  write_xml(text, root, boost::property_tree::xml_writer_make_settings<std::string>(' ', 2));
  return text.str();
}

}  // namespace sunder::results
