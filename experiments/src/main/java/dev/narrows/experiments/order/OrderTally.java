package dev.narrows.experiments.order;

import dev.narrows.report.OrderResult.OrderWitness;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What became of the dot products of one layer; threads count at once. */
final class OrderTally {
  private final LongAdder oneValue = new LongAdder();
  private final LongAdder oneCode = new LongAdder();
  private final LongAdder refuted = new LongAdder();
  private final LongAdder undecided = new LongAdder();
  private DotPlace witnessed = new DotPlace(Integer.MAX_VALUE, 0, 0);
  private Optional<OrderWitness> witness = Optional.empty();

  /** Which dot product of a layer, in the order in which witnesses are preferred. */
  record DotPlace(int image, int channel, int position) {
    boolean before(DotPlace other) {
      return image != other.image
          ? image < other.image
          : channel != other.channel ? channel < other.channel : position < other.position;
    }

    /** A seed of its own. */
    long seed(int layer) {
      return ((layer * 1_000_003L + image) * 1_000_003L + channel) * 1_000_003L + position;
    }
  }

  void addOneValue(long count) {
    oneValue.add(count);
  }

  void addOneCode() {
    oneCode.increment();
  }

  void addUndecided() {
    undecided.increment();
  }

  /** Of all that are refuted the first is kept, whichever thread comes first. */
  void addRefuted(DotPlace place, Supplier<OrderWitness> made) {
    refuted.increment();
    synchronized (this) {
      if (place.before(witnessed)) {
        witnessed = place;
        witness = Optional.of(made.get());
      }
    }
  }

  long oneValue() {
    return oneValue.sum();
  }

  long oneCode() {
    return oneCode.sum();
  }

  long refuted() {
    return refuted.sum();
  }

  long undecided() {
    return undecided.sum();
  }

  synchronized Optional<OrderWitness> witness() {
    return witness;
  }
}
