package dev.narrows.hardware.c.sum;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.pass.LayerChannels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How C makes the sums of a layer so that their bits are those of the register, whatever the input.
 *
 * <p>With [lo, hi] from the certificate inside the register, no order overflows it, so its value is
 * the exact sum, and C may add in any order. Σ(x − z)q + bias = Σxq + (bias − zΣq), so it may
 * multiply the stored codes too, and begin with a constant.
 *
 * @param lo the least write of any order under the register's conventions, over all channels
 * @param hi the greatest one
 * @param start what the sum in C begins with, a channel each
 * @param after what is added to the register's value, a channel each
 * @param codes whether C multiplies stored codes; else codes less their zero point
 * @param running what the sum in C can hold before {@code after} is added, any order
 * @param type the type of that sum
 * @param sums what is requantised
 */
public record SumPlan(
    LayerRegister register,
    long lo,
    long hi,
    SumForm form,
    long[] start,
    long[] after,
    boolean codes,
    IntegerRange running,
    CType type,
    IntegerRange sums) {

  /** P of the certificate: the bits that [lo, hi] needs. */
  public int bits() {
    return Widths.of(lo, hi);
  }

  /** Whether no input overflows the register. */
  public boolean proved() {
    return form instanceof SumForm.Regrouped;
  }

  /** The type of what is requantised. */
  public CType total() {
    return CType.sum(sums.min(), sums.max());
  }

  /**
   * The plan of a layer with weights.
   *
   * @param channels as the register sees them
   * @param raw the codes that are multiplied, padding included
   * @param zero the input's zero point
   * @throws NoSumForm if C cannot add as the register does
   * @throws ArithmeticException if sums can leave 64 bits
   */
  public static SumPlan of(
      LayerRegister register, LayerChannels channels, IntegerRange raw, int zero, int[] bias) {
    List<DotChannel> dots =
        channels.channels().stream().map(DotChannel.class::cast).toList(); // weights, not products
    long[] corrections = dots.stream().mapToLong(c -> -(long) zero * c.sum()).toArray();
    return new SumPlanning(register, channels, dots, raw, corrections, bias).plan();
  }

  /**
   * The plan of a product of two activations, of codes less their zero points.
   *
   * @param offset the channels less their zero points, whatever the register sees
   */
  public static SumPlan ofProducts(
      LayerRegister register, LayerChannels channels, LayerChannels offset) {
    IntegerRange all = bounds(channels.channels());
    SumForm form =
        SumPlanning.holds(register, all) && !register.correctsInside()
            ? new SumForm.Regrouped()
            : SumPlanning.unproved(register, channels);
    boolean raw = register.zero() == ZeroPointConvention.RAW;
    if (raw && !(form instanceof SumForm.Regrouped) && !(form instanceof SumForm.Wrapped)) {
      throw new NoSumForm("products of stored codes in a register that inputs can overflow");
    }
    IntegerRange values = bounds(offset.channels());
    long[] none = new long[channels.channels().size()];
    return new SumPlan(
        register,
        all.min(),
        all.max(),
        form,
        none,
        none,
        false,
        values,
        SumPlanning.type(form, values, channels.termBits()),
        SumPlanning.held(form, values));
  }

  static IntegerRange bounds(List<? extends ChannelTerms> channels) {
    long lo = 0;
    long hi = 0;
    for (ChannelTerms channel : channels) {
      SignSumBound bound = SignSumBound.of(channel);
      lo = Math.min(lo, bound.lo());
      hi = Math.max(hi, bound.hi());
    }
    return new IntegerRange(lo, hi);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SumPlan that
        && register.equals(that.register)
        && form.equals(that.form)
        && Arrays.equals(start, that.start)
        && Arrays.equals(after, that.after);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(start);
  }

  /** The work of planning sums with weights. */
  private record SumPlanning(
      LayerRegister register,
      LayerChannels channels,
      List<DotChannel> dots,
      IntegerRange raw,
      long[] corrections,
      int[] bias) {

    SumPlan plan() {
      IntegerRange all = bounds(dots);
      boolean preload = register.bias() == BiasPlacement.PRELOAD;
      boolean rawRegister = register.zero() == ZeroPointConvention.RAW;
      SumForm form;
      if (holds(register, all)) {
        // a correction inside a register that wraps can still leave it
        form =
            register.correctsInside() && !preload
                ? new SumForm.Wrapped(finalBits(register))
                : new SumForm.Regrouped();
      } else {
        form = unproved(register, channels);
      }
      long[] biases = bias.length == 0 ? new long[dots.size()] : longs(bias);
      long[] none = new long[dots.size()];
      long[] loaded = preload ? biases : none;
      long[] later = preload ? none : biases;
      return switch (form) {
        case SumForm.Regrouped _ -> made(form, all, sum(corrections, biases), none, true);
        case SumForm.Wrapped _ -> made(form, all, sum(corrections, loaded), later, true);
        case SumForm.Clamped _ ->
            rawRegister && !preload
                ? made(form, all, none, sum(corrections, later), true)
                : made(form, all, sum(corrections, loaded), later, true);
        case SumForm.Stepwise steps -> {
          boolean wraps = steps.register() instanceof Wrapping;
          // a register that wraps takes the correction in at any time
          long[] first = rawRegister && (preload || wraps) ? sum(corrections, loaded) : loaded;
          long[] last = rawRegister && !preload && !wraps ? sum(corrections, later) : later;
          long[] held = Arrays.stream(first).map(v -> load(steps, v)).toArray();
          yield made(form, all, held, last, rawRegister);
        }
      };
    }

    private static long load(SumForm.Stepwise steps, long value) {
      int bits = steps.outerBits();
      return steps.register() instanceof Wrapping
          ? new Wrapping(bits).load(value)
          : new Saturating(bits).load(value);
    }

    private SumPlan made(
        SumForm form, IntegerRange all, long[] start, long[] after, boolean codes) {
      IntegerRange running;
      if (form instanceof SumForm.Stepwise) {
        running = all;
      } else {
        running =
            bounds(
                IntStream.range(0, dots.size())
                    .mapToObj(c -> new DotChannel(dots.get(c).weights(), raw, start[c]))
                    .toList());
      }
      IntegerRange held = held(form, running);
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (long later : after) {
        least = Math.min(least, Math.addExact(held.min(), later));
        most = Math.max(most, Math.addExact(held.max(), later));
      }
      return new SumPlan(
          register,
          all.min(),
          all.max(),
          form,
          start,
          after,
          codes,
          running,
          type(form, running, channels.termBits()),
          new IntegerRange(least, most));
    }

    static IntegerRange held(SumForm form, IntegerRange running) {
      return switch (form) {
        case SumForm.Regrouped _ -> running;
        case SumForm.Wrapped(int bits) -> register(bits);
        case SumForm.Clamped(int bits) -> register(bits);
        case SumForm.Stepwise steps -> register(steps.outerBits());
      };
    }

    private static IntegerRange register(int bits) {
      return new IntegerRange(Widths.min(bits), Widths.max(bits));
    }

    /** The type that holds a register and what is added to it, before it is brought back. */
    static CType type(SumForm form, IntegerRange running, int termBits) {
      if (form instanceof SumForm.Stepwise(Accumulator register, int outer, int _, boolean _)) {
        int inner = register instanceof Resolved ? 62 : register.bits();
        int widest = Math.max(Math.max(inner, termBits), outer);
        return widest < 32 ? CType.INT32 : CType.INT64; // of two numbers of 31 bits 32 hold the sum
      }
      return CType.sum(running.min(), running.max());
    }

    static boolean holds(LayerRegister register, IntegerRange all) {
      return Widths.of(all.min(), all.max())
          <= Math.min(register.accumulator().bits(), finalBits(register));
    }

    private static int finalBits(LayerRegister register) {
      return register.order().outerBits().orElse(register.accumulator().bits());
    }

    static SumForm unproved(LayerRegister register, LayerChannels channels) {
      Accumulator accumulator = register.accumulator();
      boolean outer = register.order().outerBits().isPresent();
      if (accumulator instanceof Wrapping && !outer) {
        return new SumForm.Wrapped(accumulator.bits());
      }
      int fed = Math.max(channels.termBits(), channels.preloadBits());
      Summation summation = new Summation(accumulator, register.order());
      if (summation.isClampOfExactSum(fed)) {
        return new SumForm.Clamped(accumulator.bits());
      }
      boolean plain =
          accumulator instanceof Saturating
              || accumulator instanceof Wrapping
              || accumulator instanceof Resolved resolved && outer && !resolved.transientOnly();
      if (!plain) {
        throw new NoSumForm("a register of " + accumulator + " that inputs can overflow");
      }
      int terms = channels.channels().getFirst().terms();
      return switch (register.order()) {
        case SummationOrder.Sequential _ ->
            new SumForm.Stepwise(accumulator, finalBits(register), 0, false);
        case SummationOrder.Reversed _ ->
            new SumForm.Stepwise(accumulator, finalBits(register), 0, true);
        case SummationOrder.Chunked(int size, var _) ->
            new SumForm.Stepwise(accumulator, finalBits(register), Math.min(size, terms), false);
        default -> throw new NoSumForm(SumForm.refusal(register.order()));
      };
    }

    private static long[] sum(long[] left, long[] right) {
      long[] sum = new long[left.length];
      Arrays.setAll(sum, i -> Math.addExact(left[i], right[i]));
      return sum;
    }

    private static long[] longs(int[] values) {
      return Arrays.stream(values).asLongStream().toArray();
    }
  }
}
