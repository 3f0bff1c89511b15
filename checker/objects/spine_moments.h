#pragma once
// When the elements of a list came in, as early as possible. The longest read, the spine, gives
// the order of the elements; an element may stand in several of its spots. Every append that
// returned takes effect in a spot of its element, or behind the spine.
// Invariant: at(i) never falls as i grows, and every solution has moments at least as late. So
// there is none if one of these moments is too late.
// Surprise: appends that crashed never raise a moment. They only allow that as many spots as
// appends were invoked are filled.

#include <cstdint>
#include <vector>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/place.h"

namespace sunder::checker {

/// An append that certainly happened.
struct AppendWindow {
  history::Position from;
  history::Position until;
};

/// A spot of the spine. Reads that show all before it and not it are invoked before its moment;
/// reads that show it return after its moment.
struct SpineSpot {
  std::uint32_t element;
  /// So many appends of the element as stand up to here had been invoked.
  history::Position from;
  history::Position from_read = -1;
  Place first_read = no_place;
  history::Position until_read = history::never;
  Place last_read = no_place;
};

class SpineMoments {
 public:
  /// The windows of each element, sorted by `until`. `end` is a spot without an element: the moment
  /// that no append behind the spine is before.
  SpineMoments(std::vector<SpineSpot> spots, SpineSpot end,
               std::vector<std::vector<AppendWindow>> windows, Budget& budget);

  /// Whether the moments fit all appends that returned, and all reads.
  bool settle();

  history::Position at(std::size_t spot) const { return moments_[spot]; }
  history::Position end() const { return moments_.back(); }
  /// Of moments that do not fit: the elements and reads that show it by themselves.
  const std::vector<std::uint32_t>& blamed_elements() const { return blamed_elements_; }
  const std::vector<Place>& blamed_reads() const { return blamed_reads_; }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  /// Why a spot is not earlier: because of another spot, as that was raised by then, or of a read,
  /// or of its own appends' invocations.
  struct Raise {
    std::uint32_t spot;
    std::uint32_t because_of;
    Place read;
  };

  std::uint32_t end_spot() const { return static_cast<std::uint32_t>(spots_.size() - 1); }
  void raise(std::uint32_t spot, history::Position at, std::uint32_t because_of, Place read);
  void mark_due(std::uint32_t element);
  bool raise_later_spots();
  bool raise_spots_of(std::uint32_t element);
  std::uint32_t forced_by(std::uint32_t element, std::size_t index, history::Position from) const;
  std::uint32_t spot_of(std::uint32_t element, std::size_t index) const;
  void blame(std::uint32_t spot);

  std::vector<SpineSpot> spots_;
  std::vector<std::vector<AppendWindow>> windows_;
  /// The spots of each element.
  std::vector<std::vector<std::uint32_t>> spots_of_;
  Budget& budget_;
  std::vector<history::Position> moments_;
  std::vector<Raise> raises_;
  /// Of each spot, among `raises_`.
  std::vector<std::uint32_t> last_raise_;
  std::vector<bool> is_due_;
  std::vector<std::uint32_t> due_;
  std::vector<std::uint32_t> blamed_elements_;
  std::vector<Place> blamed_reads_;
};

}  // namespace sunder::checker
