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
  private final Scene scene;
  private final DotLayer layer;
  private final Constants constants;
  private final TensorType from;
  private final SumPlan plan;
  private final GatherText gather;

  private DotCode(Scene scene, DotLayer layer, Constants constants) {
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
    this.gather = GatherText.of(layer, from);
  }

  static LayerCode of(Scene scene, DotLayer layer, String id) {
    return new DotCode(scene, layer, new Constants(id)).code();
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
    CType weights = CType.signed(Arrays.stream(dense).min().orElse(0), Arrays.stream(dense).max().orElse(0));
    values.put("q", weights);
    constants.array("weights", weights, CArrays.longs(dense));
    values.put("start", sums.start("c"));
    String code =
        RequantizationCode.of(
            layer.requantization(), constants, sums.finished("c"), plan.sums(), "c");
    values.put("code", code);
    if (plan.form() instanceof SumForm.Stepwise) {
      values.put("steps", sums.steps(layer.terms(), term(groupInputs)));
    }
    String kernel =
        plan.form() instanceof SumForm.Stepwise
            ? "dots-stepwise"
            : layer.groups() == 1 ? "dots" : groupInputs == 1 ? "dots-depthwise" : "dots-grouped";
    return new LayerCode(
        constants.text(),
        constants.bytes(),
        function(Scene.TEMPLATES.fill(kernel, values)),
        constants.pieces(),
        gather.copies()
            ? Optional.of(new LayerCode.Scratch(Scene.type(from), gather.elements()))
            : Optional.empty(),
        notes);
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
    String window = gather.copies() ? ", %s *window".formatted(Scene.type(from)) : "";
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
