package dev.narrows.training.qat;

import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.DotNode;
import java.util.List;

/**
 * A tensor that a node multiplies. The plan may want other codes for it than its owner's.
 *
 * @param input the node whose output it is
 * @param scale name of the log2 scale of its codes, should they be made anew
 */
public record Operand(String input, String scale) {
  /** What a dot layer multiplies its weights with. */
  public static Operand of(DotNode dot) {
    return new Operand(dot.input(), dot.name() + ".operand.log2scale");
  }

  /** The left factor of a product of activations. */
  public static Operand left(MatMulNode product) {
    return new Operand(product.left(), product.name() + ".left.log2scale");
  }

  /** The right factor of a product of activations. */
  public static Operand right(MatMulNode product) {
    return new Operand(product.right(), product.name() + ".right.log2scale");
  }

  /** All operands of a node; none of one that multiplies nothing. */
  public static List<Operand> all(Node node) {
    return switch (node) {
      case DotNode dot -> List.of(of(dot));
      case MatMulNode product -> List.of(left(product), right(product));
      default -> List.of();
    };
  }
}
