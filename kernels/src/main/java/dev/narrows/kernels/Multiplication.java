package dev.narrows.kernels;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;

/**
 * Chooses how a product is computed: exactly wherever that is proved to be the same, step by step
 * where it is not, and through the reference beyond 32 bits.
 */
final class Multiplication {
  private final Job job;
  private final Accumulator accumulator;
  private final SummationOrder order;
  private final Feeds feeds;
  private final boolean fits; // every sum of a subset of terms fits 32 bits
  private final boolean joined; // the order has an outer register

  Multiplication(Job job, Summation summation, Feeds feeds) {
    this.job = job;
    this.accumulator = summation.accumulator();
    this.order = summation.order();
    this.feeds = feeds;
    this.fits = job.allFit(32);
    this.joined = order instanceof SummationOrder.Chunked c && c.outerBits().isPresent();
  }

  void run() {
    switch (accumulator) {
      case FloatingAccumulator floating ->
          throw OperandException.needsFloats("this product", floating);
      case Exact e -> exact();
      case Wrapping(int bits) -> wrap(bits);
      case Saturating(int bits) -> saturate(bits);
      case Resolved(int bits, boolean transientOnly) -> {
        if (!fits) {
          reference(feeds.channels());
        } else if (joined) {
          resolveParts(bits, transientOnly);
        } else if (transientOnly) {
          resolveTransients(bits);
        } else {
          exact();
          for (int channel : feeds.channels()) {
            job.clamp(job.out(), channel, bits);
          }
        }
      }
    }
  }

  private void exact() {
    if (fits) {
      Sums.exact(job, feeds.sequential(), feeds.channels());
    } else {
      reference(feeds.channels());
    }
  }

  private void reference(int[] channels) {
    ReferenceSums.run(job, accumulator, order, channels);
  }

  /** Every order wraps to the exact sum modulo 2^P, unless a wider register adds the chunks. */
  private void wrap(int bits) {
    int outer = outerBits(bits);
    if (outer > bits && bits <= 32 && !job.allFit(bits)) {
      if (outer <= 32) {
        Sums.wrappingParts(job, feeds.rows(order), feeds.channels(), bits, outer);
      } else {
        reference(feeds.channels());
      }
    } else if (Math.min(bits, outer) <= 32) {
      Sums.exact(job, feeds.sequential(), feeds.channels());
      for (int channel : feeds.channels()) {
        job.wrap(channel, outer);
      }
    } else {
      exact();
    }
  }

  /** Channels whose sign-sum bound fits the register never clip, in any order. */
  private void saturate(int bits) {
    int narrowest = Math.min(32, Math.min(bits, outerBits(bits)));
    Sums.exact(job, feeds.sequential(), job.fitting(feeds.channels(), narrowest, true));
    clip(job, job.fitting(feeds.channels(), narrowest, false), bits);
  }

  private void clip(Job target, int[] channels, int bits) {
    int outer = outerBits(bits);
    int joint = fits ? Math.min(outer, 32) : outer; // clipped sums stay within sign-sum bounds too
    if (channels.length == 0) {
      return;
    }
    if (!Sums.canSaturate(job, bits) || joint > 32) {
      ReferenceSums.run(target, new Saturating(bits), order, channels);
      return;
    }
    Rows rows = feeds.rows(order);
    switch (order) {
      case SummationOrder.Sequential s -> Sums.saturating(target, rows, channels, bits);
      case SummationOrder.Reversed r -> Sums.saturating(target, rows, channels, bits);
      case SummationOrder.Chunked c -> Sums.saturatingParts(target, rows, channels, bits, joint);
      case SummationOrder.Ascending a -> sort(target, channels, bits);
      case SummationOrder.Sorted s -> sort(target, channels, bits);
      case SummationOrder.SortedTiles t -> sort(target, channels, bits);
      case SummationOrder.SignDirected s -> sort(target, channels, bits);
    }
  }

  private void sort(Job target, int[] channels, int bits) {
    if (fits) {
      new OrderedSums(target, order, feeds).saturate(channels, bits);
    } else {
      ReferenceSums.run(target, new Saturating(bits), order, channels);
    }
  }

  /** The exact sum where it fits, the saturating register where it does not. */
  private void resolveTransients(int bits) {
    exact();
    int[] unsure = job.fitting(feeds.channels(), bits, false);
    Job clipped = job.into(new int[job.weights().channels() * job.x().columns()]);
    clip(clipped, unsure, bits);
    for (int channel : unsure) {
      for (int column = job.firstColumn(); column < job.lastColumn(); column++) {
        int at = job.at(channel, 0) + column;
        if (Widths.of(job.out()[at]) > bits) {
          job.out()[at] = clipped.out()[clipped.at(channel, 0) + column];
        }
      }
    }
  }

  /** The chunk sums are resolved, not the sum; all of them fit 32 bits. */
  private void resolveParts(int bits, boolean transientOnly) {
    int outer = Math.min(outerBits(bits), 32); // clamped sums stay within sign-sum bounds too
    int narrowest = Math.min(bits, outer);
    int[] unsure = job.fitting(feeds.channels(), narrowest, false);
    Sums.exact(job, feeds.sequential(), job.fitting(feeds.channels(), narrowest, true));
    if (unsure.length == 0) {
      return;
    }
    Rows rows = feeds.rows(order);
    if (!transientOnly) {
      Sums.clampedParts(job, rows, unsure, Math.min(bits, 32), outer);
    } else if (bits >= 32) {
      Sums.clampedParts(job, rows, unsure, 32, outer);
    } else if (Sums.canSaturate(job, bits)) {
      Sums.resolvedParts(job, rows, unsure, bits, outer);
    } else {
      reference(unsure);
    }
  }

  private int outerBits(int bits) {
    return order instanceof SummationOrder.Chunked chunked
        ? chunked.outerBits().orElse(bits)
        : bits;
  }
}
