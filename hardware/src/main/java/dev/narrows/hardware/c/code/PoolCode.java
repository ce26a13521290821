package dev.narrows.hardware.c.code;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.hardware.c.sum.SumForm;
import dev.narrows.hardware.c.sum.SumPlan;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pooling: a window's sum or its largest code, channel by channel. */
final class PoolCode {
  private PoolCode() {}

  static LayerCode largest(Scene scene, MaxPool layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    Map<String, Object> values = places(layer.window(), from, layer.output());
    values.put("id", id);
    values.put("least", CType.INT32.literal(from.quantization().format().min()));
    return new ConstantArrays(id).filled("largest", values, Optional.empty());
  }

  static LayerCode average(Scene scene, AveragePool layer, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    TensorType from = scene.network().tensor(layer.input());
    LayerRegister register = scene.register(layer);
    int zero = from.quantization().zeroPoint();
    IntegerRange codes = scene.ranges().tensor(layer.input());
    IntegerRange raw = layer.window().padded() ? codes.union(new IntegerRange(zero, zero)) : codes;
    SumPlan plan = SumPlan.of(register, scene.channels(layer, register), raw, zero, new int[0]);
    boolean edges = layer.inside() && layer.window().padded();
    if (edges && !plan.proved()) {
      throw new CannotPrint("divides by the taps inside, in a register that inputs can overflow");
    }
    SumText sums = new SumText(plan, constants);
    List<String> notes = sums.proof(layer.terms());
    Map<String, Object> values = places(layer.window(), from, layer.output());
    values.put("id", id);
    values.put("t", Scene.type(layer.output()));
    values.put("s", plan.type());
    values.put("zero", DotCode.signed(zero));
    values.put("count", edges ? "\n        int32_t count = 0;" : "");
    values.put("counted", edges ? "\n              count++;" : "");
    String sum = plan.proved() ? "sum" : sums.finished("c");
    if (edges && layer.requantization() instanceof IntegerMean mean) {
      constants.needs("mean_code");
      values.put("code", RequantizationCode.mean(mean, sum, "count"));
    } else {
      values.put(
          "code", RequantizationCode.of(layer.requantization(), constants, sum, plan.sums(), "c"));
    }
    String template = "average";
    Optional<LayerCode.Scratch> scratch = Optional.empty();
    if (!plan.proved()) {
      GatherText gather = GatherText.of(layer.window(), from);
      template = "average-stepwise";
      values.put("gather", gather.text());
      values.put("start", sums.start("c"));
      boolean offset =
          plan.form() instanceof SumForm.Stepwise && register.zero() == ZeroPointConvention.OFFSET;
      String term = "(%s)taps[k * %d + c]".formatted(plan.type(), from.channels());
      String shown = offset ? "(" + term + " - " + DotCode.signed(zero) + ")" : term;
      values.put("steps", loop(plan, sums, layer.terms(), shown));
      scratch = Optional.of(new LayerCode.Scratch(Scene.type(from), gather.elements()));
    }
    return constants.layer(Scene.TEMPLATES.fill(template, values), scratch, notes);
  }

  /** All terms into the sum: step by step, or as they come. */
  static String loop(SumPlan plan, SumText sums, int terms, String term) {
    return plan.form() instanceof SumForm.Stepwise
        ? sums.steps(terms, term)
        : """
                for (int32_t k = 0; k < %d; k++) {
                  sum += %s;
                }
        """
            .formatted(terms, term);
  }

  static Map<String, Object> places(Window window, TensorType from, TensorType to) {
    Map<String, Object> values = new HashMap<>();
    values.put("x", Scene.type(from));
    values.put("oh", to.height());
    values.put("ow", to.width());
    values.put("c", to.channels());
    values.put("w", from.width());
    values.put("kh", window.kernelHeight());
    values.put("kw", window.kernelWidth());
    GatherText.taps(values, window, from);
    return values;
  }
}
