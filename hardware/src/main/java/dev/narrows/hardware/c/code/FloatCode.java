package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Softmax;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Layers that read or make real numbers: as a table of codes where they are functions of one, else
 * in IEEE 754's binary32 and binary64, operation by operation as the executor has them.
 */
final class FloatCode {
  private FloatCode() {}

  static LayerCode of(Scene scene, FunctionLayer layer, String id) {
    Optional<CodeImages.FunctionOfCode> image = scene.images().behind(layer);
    if (image.isPresent()) {
      return table(scene, layer, image.get(), id);
    }
    if (layer.output().stored().isPresent()) {
      throw new CannotPrint("rounds real numbers to " + layer.output().stored().get());
    }
    return switch (layer) {
      case PointwiseLayer point -> FloatPointCode.point(scene, point, id);
      case Elementwise pair -> FloatPointCode.pair(scene, pair, id);
      case Choose choose -> FloatPointCode.choose(scene, choose, id);
      case MeanPool pool -> FloatPoolCode.mean(scene, pool, id);
      case MaxPool pool -> FloatPoolCode.largest(scene, pool, id);
      case Reduce reduce -> SpanCode.reduce(scene, reduce, id);
      case Extremum extremum -> SpanCode.extremum(scene, extremum, id);
      case ExtremumIndex index -> SpanCode.index(scene, index, id);
      case Softmax softmax -> SoftmaxCode.numbers(scene, softmax, id);
      case Resize resize -> MixtureCode.resize(scene, resize, id);
      case Blend blend -> MixtureCode.blend(scene, blend, id);
      default -> throw new CannotPrint("computes real numbers, which has no form in C yet");
    };
  }

  private static LayerCode table(
      Scene scene, FunctionLayer layer, CodeImages.FunctionOfCode image, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    if (layer.output().isFloat()) {
      constants.needs("floats");
    }
    int least = (int) scene.network().tensor(image.source()).quantization().format().min();
    String name =
        constants.array("table", Scene.type(layer.output()), CArrays.longs(image.words()));
    Map<String, Object> values = new HashMap<>();
    values.put("t", Scene.type(layer.output()));
    values.put("n", layer.output().elements());
    values.put("body", "");
    values.put(
        "code",
        "%s[%s[i]%s]".formatted(name, operands.parameter(image.source()), PairCode.minus(least)));
    return operands.code("elements", values, Optional.empty(), LayerCode.Reading.IN_PLACE);
  }
}
