package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.sum.SumPlan;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Products of two activations. */
final class ProductCode {
  private ProductCode() {}

  static LayerCode of(Scene scene, IntegerMatMul layer, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    TensorType left = scene.network().tensor(layer.left());
    TensorType right = scene.network().tensor(layer.right());
    LayerRegister register = scene.register(layer);
    SumPlan plan =
        SumPlan.ofProducts(
            register,
            scene.channels(layer, register),
            scene.channels(layer, Scene.offset(register)));
    SumText sums = new SumText(plan, constants);
    int terms = layer.terms(left);
    List<String> notes = sums.proof(terms);
    Map<String, Object> values = new HashMap<>();
    values.put("id", id);
    values.put("x", Scene.type(left));
    values.put("q", Scene.type(right));
    values.put("t", Scene.type(layer.output()));
    values.put("s", plan.type());
    values.put("oh", layer.output().height());
    values.put("ow", layer.output().width());
    values.put("heads", layer.heads());
    values.put("c", left.channels());
    values.put("k", terms);
    String term =
        "((%1$s)a[k] - %2$s) * ((%1$s)b[k] - %3$s)"
            .formatted(
                plan.type(),
                DotCode.signed(left.quantization().zeroPoint()),
                DotCode.signed(right.quantization().zeroPoint()));
    values.put("steps", PoolCode.loop(plan, sums, terms, term));
    values.put(
        "code",
        RequantizationCode.of(
            layer.requantization(), constants, sums.finished("c"), plan.sums(), "c"));
    return constants.layer(Scene.TEMPLATES.fill("products", values), Optional.empty(), notes);
  }
}
