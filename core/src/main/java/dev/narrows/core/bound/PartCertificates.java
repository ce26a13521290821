package dev.narrows.core.bound;

import dev.narrows.core.format.Widths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Proofs for channels whose parts are summed in a register of their own. What a channel's part can
 * hold is what a channel with the part's weights alone can; the channel's own is the furthest of
 * them, and the witness that of the widest. A preloaded bias begins the wider register, so it is in
 * no part.
 *
 * @see "docs/bounds.md, Parts"
 */
public final class PartCertificates {
  private PartCertificates() {}

  /**
   * Certifies a channel.
   *
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static ChannelCertificate of(ChannelTerms channel, TermParts parts, StoredOffsets stored) {
    return switch (channel) {
      case DotChannel dots -> of(dots, parts, stored.input());
      case ProductChannel products -> of(products, parts, stored);
    };
  }

  /** All parts are alike; the longest goes furthest. */
  private static ChannelCertificate of(
      ProductChannel channel, TermParts parts, StoredOffsets stored) {
    int most = parts.most(channel.terms());
    ChannelCertificate part =
        ChannelCertificate.of(
            new ProductChannel(most, channel.inputs(), channel.right()), stored, Guarantee.SUMS);
    Optional<Witness> witness =
        part.witness()
            .map(w -> {
              long[] input = new long[channel.terms()];
              long[] right = new long[channel.terms()];
              Arrays.fill(input, w.input()[0]);
              Arrays.fill(right, w.right()[0]);
              return new Witness(
                  input, right, ordered(parts, channel.terms()), 0, w.write(), w.bits());
            });
    return new ChannelCertificate(
        channel.inputs(), Optional.of(channel.right()), part.lo(), part.hi(), part.bits(), witness);
  }

  /** Part after part. */
  private static int[] ordered(TermParts parts, int terms) {
    int[] order = new int[terms];
    int next = 0;
    for (List<Integer> part : terms(parts, terms)) {
      for (int k : part) {
        order[next++] = k;
      }
    }
    return order;
  }

  private static List<List<Integer>> terms(TermParts parts, int terms) {
    List<List<Integer>> all = new ArrayList<>();
    for (int part = 0; part < parts.count(terms); part++) {
      all.add(new ArrayList<>());
    }
    for (int k = 0; k < terms; k++) {
      all.get(parts.part(k)).add(k);
    }
    return all;
  }

  private static ChannelCertificate of(DotChannel channel, TermParts parts, long storedOffset) {
    long lo = 0;
    long hi = 0;
    int widest = 0;
    int bits = 1;
    List<List<Integer>> terms = terms(parts, channel.terms());
    for (int part = 0; part < terms.size(); part++) {
      SignSumBound bound = SignSumBound.of(taken(channel, terms.get(part)));
      lo = Math.min(lo, bound.lo());
      hi = Math.max(hi, bound.hi());
      if (bound.bits() > bits) {
        bits = bound.bits();
        widest = part;
      }
    }
    Optional<Witness> witness =
        bits == 1
            ? Optional.empty()
            : ChannelCertificate.of(alone(channel, terms.get(widest)), storedOffset).witness();
    return new ChannelCertificate(channel.inputs(), lo, hi, Widths.of(lo, hi), witness);
  }

  /** The channel of some terms. */
  private static DotChannel taken(DotChannel channel, List<Integer> terms) {
    int[] weights = terms.stream().mapToInt(k -> channel.weights()[k]).toArray();
    TapPhases phases = channel.phases();
    int[] of = phases.of().length == 0 ? phases.of() : new int[weights.length];
    for (int i = 0; i < of.length; i++) {
      of[i] = phases.phase(terms.get(i));
    }
    return new DotChannel(
        weights, channel.inputs(), 0, new TapPhases(of, phases.count(), phases.rest()));
  }

  /** The channel whose other weights are 0. */
  private static DotChannel alone(DotChannel channel, List<Integer> terms) {
    int[] weights = new int[channel.terms()];
    terms.forEach(k -> weights[k] = channel.weights()[k]);
    return new DotChannel(weights, channel.inputs(), 0, channel.phases());
  }
}
