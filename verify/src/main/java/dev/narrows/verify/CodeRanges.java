package dev.narrows.verify;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeQuotient;
import dev.narrows.network.layer.CodeSlope;
import dev.narrows.network.layer.CodeSquaredDifference;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DynamicCodes;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.layer.TopIndex;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The stored codes that every channel of every tensor can take, by interval arithmetic from the
 * input's format on. Nothing is concluded from sums, as a register that overflows can end anywhere:
 * a layer that sums makes whatever its requantisation can make, so the ranges hold in every run.
 */
final class CodeRanges {
  private static final int MOST_TRIED = 1 << 16;

  private final List<CodeInterval[]> tensors = new ArrayList<>();

  private CodeRanges() {}

  static CodeRanges of(Network network) {
    CodeRanges ranges = new CodeRanges();
    TensorType input = network.input();
    ranges.tensors.add(input.isFloat() ? new CodeInterval[0] : any(input));
    for (Layer layer : network.layers()) {
      ranges.tensors.add(ranges.emitted(layer, network));
    }
    return ranges;
  }

  /** Per channel of tensor {@code index}. */
  CodeInterval[] tensor(int index) {
    return tensors.get(index);
  }

  private static CodeInterval[] any(TensorType type) {
    CodeInterval[] codes = new CodeInterval[type.channels()];
    Arrays.fill(codes, CodeInterval.of(type.quantization().format()));
    return codes;
  }

  private CodeInterval[] emitted(Layer layer, Network network) {
    if (layer.output().isFloat()) {
      return new CodeInterval[0];
    }
    if (layer instanceof Constant constant) {
      return codes(constant);
    }
    if (layer instanceof InputLayer input) { // a state too: any code of its format
      return any(input.output());
    }
    CodeInterval[] in = tensors.get(layer.inputs().getFirst());
    TensorType from = network.tensor(layer.inputs().getFirst());
    int zero = from.isFloat() ? 0 : from.quantization().zeroPoint(); // of codes only
    CodeInterval[] out = new CodeInterval[layer.output().channels()];
    switch (layer) {
      case SummingLayer sums -> Arrays.fill(out, made(sums.requantization()));
      case Rescale r ->
          Arrays.setAll(out, c -> requantized(r.requantization(), c, in[c].minus(zero)));
      case Clamp k ->
          Arrays.setAll(
              out,
              c ->
                  new CodeInterval(
                      Math.clamp(in[c].min(), k.min(), k.max()),
                      Math.clamp(in[c].max(), k.min(), k.max())));
      case CodePair pair -> {
        CodeInterval[] right = tensors.get(pair.right());
        int rightZero = network.tensor(pair.right()).quantization().zeroPoint();
        Arrays.setAll(out, c -> combined(pair, in[c].minus(zero), right[c].minus(rightZero)));
      }
      case Constant _, InputLayer _ -> throw new IllegalStateException("done above");
      case MaxPool p -> Arrays.setAll(out, c -> in[c]);
      case Resize r -> Arrays.setAll(out, c -> in[c]);
      case Subsample s -> Arrays.setAll(out, c -> in[c]);
      case ChannelPad p ->
          Arrays.setAll(
              out,
              c ->
                  c < p.before() || c >= p.before() + in.length
                      ? new CodeInterval(zero, zero)
                      : in[c - p.before()]);
      case MovingLayer m -> Arrays.fill(out, moved(m.inputs(), m.padded(), network));
      case Choose c -> Arrays.fill(out, moved(List.of(c.left(), c.right()), false, network));
      case Extremum e when e.over().channels() ->
          Arrays.fill(out, moved(List.of(e.input()), false, network));
      case Extremum e -> Arrays.setAll(out, c -> in[c]);
      case ExtremumIndex i -> Arrays.fill(out, new CodeInterval(0, i.over().count(from) - 1L));
      case TakeAlong t -> Arrays.fill(out, moved(List.of(t.data()), false, network));
      case IntegerElementwise pair -> {
        CodeInterval[] right = tensors.get(pair.right());
        CodeInterval any = CodeInterval.of(pair.output().quantization().format());
        Arrays.setAll(out, c -> integers(pair, in[c], right[c], any));
      }
      case TopIndex _ -> Arrays.fill(out, new CodeInterval(0, from.height() - 1L));
      case DynamicCodes d -> Arrays.fill(out, new CodeInterval(d.form().least(), d.form().most()));
      case CodeFunction f -> Arrays.fill(out, new CodeInterval(f.codes().min(), f.codes().max()));
      case RoundedQuantize q -> Arrays.fill(out, new CodeInterval(q.min(), q.max()));
      case Flatten f -> Arrays.setAll(out, c -> in[c / from.positions()]);
      case PointwiseLayer p when !from.isFloat() ->
          Arrays.setAll(out, c -> tried(p, from, c, in[c]));
      // a layer that is not known here makes any code of its format
      default -> Arrays.fill(out, CodeInterval.of(layer.output().quantization().format()));
    }
    return out;
  }

  /**
   * What a function of each code by itself makes of an interval, by trying every code; of too many
   * to try, any code of the output's format.
   */
  static CodeInterval tried(PointwiseLayer layer, TensorType from, int channel, CodeInterval in) {
    if (in.max() - in.min() > MOST_TRIED) {
      return CodeInterval.of(layer.output().quantization().format());
    }
    int first = layer.apply(from, channel, (int) in.min());
    CodeInterval made = new CodeInterval(first, first);
    for (long code = in.min() + 1; code <= in.max(); code++) {
      made = made.with(layer.apply(from, channel, (int) code));
    }
    return made;
  }

  /** Sums and differences that need no cut; anything else can be any code. */
  private static CodeInterval integers(
      IntegerElementwise pair, CodeInterval left, CodeInterval right, CodeInterval any) {
    CodeInterval made =
        switch (pair.operation()) {
          case ADD -> left.plus(right);
          case SUBTRACT -> left.plus(new CodeInterval(-right.max(), -right.min()));
          default -> any;
        };
    return any.holds(made) ? made : any;
  }

  /** The codes of each channel. */
  private static CodeInterval[] codes(Constant constant) {
    TensorType type = constant.output();
    CodeInterval[] out = new CodeInterval[type.channels()];
    for (int i = 0; i < constant.words().length; i++) {
      int c = i / type.positions();
      int code = constant.words()[i];
      out[c] = i % type.positions() == 0 ? new CodeInterval(code, code) : out[c].with(code);
    }
    return out;
  }

  /** Monotone in each value while 32 bits hold them, so extreme where both are; else any code. */
  private static CodeInterval combined(CodePair pair, CodeInterval left, CodeInterval right) {
    if (!inside(pair, left, right)) {
      return new CodeInterval(pair.min(), pair.max());
    }
    int first = pair.apply((int) left.min(), (int) right.min());
    return new CodeInterval(first, first)
        .with(pair.apply((int) left.min(), (int) right.max()))
        .with(pair.apply((int) left.max(), (int) right.min()))
        .with(pair.apply((int) left.max(), (int) right.max()));
  }

  /** Whether nothing that the layer computes in 32 bits leaves them. */
  private static boolean inside(CodePair pair, CodeInterval left, CodeInterval right) {
    return switch (pair) {
      case Add add -> {
        int one = add.leftShift() + Math.max(0, add.leftMultiplier().shift());
        int other = add.leftShift() + Math.max(0, add.rightMultiplier().shift());
        yield left.shifted(one).fitsWord()
            && right.shifted(other).fitsWord()
            && inside(
                between(add::leftTerm, left).plus(between(add::rightTerm, right)),
                add.outputMultiplier(),
                add.output());
      }
      case Multiply product ->
          left.fitsWord()
              && right.fitsWord()
              && inside(left.times(right), product.multiplier(), product.output());
      case CodeExtremum _ -> true;
      case CodeQuotient _, CodeSquaredDifference _, CodeSlope _ -> false; // not monotone
      case FloatScaledAdd _, FloatScaledMultiply _ -> true; // binary32 stays monotone
    };
  }

  /** The same of the way from sums or products to codes. */
  private static boolean inside(CodeInterval sums, FixedPoint factor, TensorType output) {
    return sums.shifted(Math.max(0, factor.shift())).fitsWord()
        && between(factor::multiply, sums).minus(-output.quantization().zeroPoint()).fitsWord();
  }

  /** What a monotone function makes of values of 32 bits. */
  private static CodeInterval between(IntUnaryOperator term, CodeInterval values) {
    int first = term.applyAsInt((int) values.min());
    return new CodeInterval(first, first).with(term.applyAsInt((int) values.max()));
  }

  /** What any of the moved elements can be. */
  private CodeInterval moved(List<Integer> inputs, boolean padded, Network network) {
    int zero = network.tensor(inputs.getFirst()).quantization().zeroPoint();
    CodeInterval all = tensors.get(inputs.getFirst())[0];
    for (int input : inputs) {
      for (CodeInterval codes : tensors.get(input)) {
        all = all.with(codes);
      }
    }
    return padded ? all.with(zero) : all;
  }

  private static CodeInterval made(Requantization form) {
    return new CodeInterval(form.min(), form.max());
  }

  private static CodeInterval requantized(Requantization form, int channel, CodeInterval sums) {
    IntegerRange codes = form.range(channel, new IntegerRange(sums.min(), sums.max()));
    return new CodeInterval(codes.min(), codes.max());
  }
}
