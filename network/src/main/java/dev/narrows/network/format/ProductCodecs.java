package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.tensor.TensorType;
import java.util.Locale;

/** Products of two activations: one kind, told apart by what they make. */
final class ProductCodecs {
  private static final String KIND = "matmul";

  static final LayerCodec<MatMul> FLOATS =
      LayerCodec.of(
              MatMul.class,
              KIND,
              2,
              in ->
                  new MatMul(
                      in.name(),
                      in.inputs()[0],
                      in.inputs()[1],
                      in.output(),
                      form(in.fields()),
                      in.fields().integer("heads"),
                      in.fields().integer("rightHeads")),
              (out, layer) -> {
                out.node().put("form", layer.form().name().toLowerCase(Locale.ROOT));
                out.node().put("heads", layer.heads()).put("rightHeads", layer.rightHeads());
              })
          .making(TensorType::isFloat);

  static final LayerCodec<IntegerMatMul> INTEGERS =
      LayerCodec.of(
              IntegerMatMul.class,
              KIND,
              2,
              in ->
                  new IntegerMatMul(
                      in.name(),
                      in.inputs()[0],
                      in.inputs()[1],
                      in.output(),
                      in.fields().integer("heads"),
                      in.requantization()),
              (out, layer) -> {
                out.node().put("heads", layer.heads());
                out.requantization(layer.requantization());
              })
          .making(output -> !output.isFloat());

  private ProductCodecs() {}

  private static MatMul.Role form(Fields fields) throws NetworkFileException {
    String form = fields.text("form");
    return switch (form) {
      case "scores" -> MatMul.Role.SCORES;
      case "mix" -> MatMul.Role.MIX;
      default -> throw fields.bad("\"form\" must be scores or mix, got \"" + form + "\"");
    };
  }
}
