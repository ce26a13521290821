package dev.narrows.hardware.c.code;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.c.sum.SumForm;
import dev.narrows.hardware.c.sum.SumPlan;
import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dense layers and convolutions: position by position, a dot product a channel. */
final class DotCode {
  private static final long MOST_START = 1L << 30; // a sum of products of 2^30 more fits 32 bits

  private final Scene scene;
  private final DotLayer layer;
  private final ConstantArrays constants;
  private final TensorType from;
  private final SumPlan plan;
  private final GatherText gather;
  private final Optional<BlockKernel> kernel;

  private DotCode(Scene scene, DotLayer layer, ConstantArrays constants) {
    this.scene = scene;
    this.layer = layer;
    this.constants = constants;
    this.from = scene.network().tensor(layer.input());
    LayerRegister register = scene.register(layer);
    LayerChannels channels = scene.channels(layer, register);
    boolean padded = layer.window().padded() || layer instanceof TransposedConvolution;
    int zero = from.quantization().zeroPoint();
    IntegerRange codes = scene.ranges().tensor(layer.input());
    IntegerRange raw = padded ? codes.union(new IntegerRange(zero, zero)) : codes;
    this.plan = SumPlan.of(register, channels, raw, zero, layer.integers().bias());
    this.kernel = kernel(raw);
    GatherText plain = GatherText.of(layer, from);
    this.gather =
        kernel
            .map(rows ->
                plain.read(
                    rows.codes(),
                    rows.copyShift(CType.INT8.holds(raw.min(), raw.max())),
                    rows.steps(layer.terms()) * rows.step()))
            .orElse(plain);
  }

  private Optional<BlockKernel> kernel(IntegerRange raw) {
    if (layer.groups() > 1
        || plan.form() instanceof SumForm.Stepwise
        || plan.type() != CType.INT32) {
      return Optional.empty();
    }
    int[] weights = layer.integers().weights().dense();
    return BlockKernel.of(scene.target(), weights, layer.terms(), raw)
        .filter(
            rows -> Arrays.stream(starts(rows.shift())).allMatch(v -> Math.abs(v) < MOST_START));
  }

  /** What sums begin with where the kernel adds a number to each code. */
  private long[] starts(int shift) {
    long[] starts = plan.start().clone();
    for (int c = 0; c < starts.length; c++) {
      starts[c] -= shift * layer.integers().weights().sum(c);
    }
    return starts;
  }

  static LayerCode of(Scene scene, DotLayer layer, String id) {
    return new DotCode(scene, layer, new ConstantArrays(id)).code();
  }

  private LayerCode code() {
    int[] dense = layer.integers().weights().dense();
    int channels = layer.output().channels();
    int groupInputs = from.channels() / layer.groups();
    SumText sums = new SumText(plan, constants);
    List<String> notes = new ArrayList<>(sums.proof(layer.terms()));
    Map<String, Object> values = new HashMap<>();
    values.put("id", constants.id());
    values.put("oc", channels);
    values.put("k", layer.terms());
    values.put("c", from.channels());
    values.put("gi", groupInputs);
    values.put("go", channels / layer.groups());
    values.put("taps", layer.window().taps());
    values.put("x", Scene.type(from));
    values.put("t", Scene.type(layer.output()));
    values.put("s", plan.type());
    CType weights =
        CType.signed(Arrays.stream(dense).min().orElse(0), Arrays.stream(dense).max().orElse(0));
    values.put("q", weights);
    long[] starts = kernel.map(rows -> starts(rows.shift())).orElse(plan.start());
    if (kernel.isPresent()) {
      rows(kernel.get(), dense, values, notes);
    } else {
      constants.array(
          "weights", weights, CArrays.longs(channelwise() ? byTap(dense, channels) : dense));
    }
    values.put("start", sums.start("c", starts));
    String code =
        RequantizationCode.of(
            layer.requantization(), constants, sums.finished("c"), plan.sums(), "c");
    values.put("code", code);
    if (plan.form() instanceof SumForm.Stepwise) {
      values.put("steps", sums.steps(layer.terms(), term(groupInputs)));
    }
    String template =
        kernel.isPresent()
            ? "dots-rows"
            : plan.form() instanceof SumForm.Stepwise
                ? "dots-stepwise"
                : layer.groups() == 1
                    ? "dots"
                    : channelwise()
                        ? "dots-channels"
                        : groupInputs == 1 ? "dots-depthwise" : "dots-grouped";
    return constants.layer(
        function(Scene.TEMPLATES.fill(template, values)),
        gather.copies()
            ? Optional.of(new LayerCode.Scratch(gather.type(), gather.elements()))
            : Optional.empty(),
        notes);
  }

  /** Whether every channel has its own input, so that neighbours can be summed side by side. */
  private boolean channelwise() {
    return layer.groups() > 1
        && layer.groups() == from.channels()
        && layer.output().channels() == from.channels()
        && !(plan.form() instanceof SumForm.Stepwise);
  }

  /** [channels][K] as [K][channels]. */
  private static int[] byTap(int[] weights, int channels) {
    int terms = weights.length / channels;
    int[] turned = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      turned[i % terms * channels + i / terms] = weights[i];
    }
    return turned;
  }

  private void rows(BlockKernel rows, int[] dense, Map<String, Object> values, List<String> notes) {
    long[] laid = rows.layout(dense, layer.terms());
    constants.aligned("weights", rows.weightType(), laid);
    constants.needs(rows.piece());
    int blocks = Math.ceilDiv(layer.output().channels(), BlockKernel.ROWS);
    String chain = SumText.upper(constants.id()) + "_CHAIN";
    constants.line("#define %s %d".formatted(chain, rows.chain()));
    rows.lanes()
        .ifPresent(lanes ->
            constants.line(
                "NARROWS_ASSERT(%d >= INT16_MIN && %d <= INT16_MAX, %s_lanes_fit_16_bits);"
                    .formatted(lanes.lo(), lanes.hi(), constants.id())));
    values.put("chain", chain);
    values.put("piece", rows.piece());
    values.put("blocks", blocks);
    values.put("size", laid.length / blocks);
    values.put("steps", rows.steps(layer.terms()));
    notes.add(rows.note());
  }

  /** Term k of channel c, in the type of the sum. */
  private String term(int groupInputs) {
    int outputs = layer.output().channels() / layer.groups();
    String place =
        layer.groups() == 1
            ? "k"
            : groupInputs == 1
                ? "k * %d + c / %d".formatted(from.channels(), outputs)
                : "k / %1$d * %2$d + c / %3$d * %1$d + k %% %1$d"
                    .formatted(groupInputs, from.channels(), outputs);
    int zero = from.quantization().zeroPoint();
    boolean offset = plan.register().zero() == ZeroPointConvention.OFFSET && zero != 0;
    return offset
        ? "((%s)taps[%s] - %s) * weights[k]".formatted(plan.type(), place, signed(zero))
        : "(%s)taps[%s] * weights[k]".formatted(plan.type(), place);
  }

  static String signed(int value) {
    return value < 0 ? "(" + value + ")" : Integer.toString(value);
  }

  private String function(String dots) {
    TensorType to = layer.output();
    String window = gather.copies() ? ", %s *window".formatted(gather.type()) : "";
    return """
    static void %s(const %s *in, %s *out%s) {
      for (int32_t row = 0; row < %d; row++) {
        for (int32_t column = 0; column < %d; column++) {
    %s      %s *made = out + (row * %d + column) * %d;
    %s    }
      }
    }
    """
        .formatted(
            constants.id(),
            Scene.type(from),
            Scene.type(to),
            window,
            to.height(),
            to.width(),
            gather.text(),
            Scene.type(to),
            to.width(),
            to.channels(),
            dots);
  }
}
