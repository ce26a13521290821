package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators that run other subgraphs of the file: loops whose trips are known while the file is
 * read, one after the other; and branches, of which both are run where data choose.
 */
final class SubgraphOperators {
  private static final int MOST_TRIPS = 1 << 12;
  private static final String DATA = "a condition that depends on data";

  private SubgraphOperators() {}

  static void loop(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphImport graph = in.graph();
    Subgraph condition = graph.subgraph(in.options().i32(0, 0, "cond_subgraph_index"));
    Subgraph body = graph.subgraph(in.options().i32(1, 0, "body_subgraph_index"));
    List<Carried> carried = graph.carried(in.operator());
    for (int trip = 0; ; trip++) {
      List<Carried> holds = condition.run(in, carried);
      if (graph.failed()) {
        return;
      }
      if (holds.size() != 1
          || !(holds.getFirst() instanceof Carried.Known(FoldedTensor truth))
          || truth.values().length != 1) {
        body.run(in, carried); // names what is refused there too
        throw new Unsupported(DATA);
      }
      if (truth.values()[0] == 0) {
        break;
      }
      if (trip >= MOST_TRIPS) {
        throw new Unsupported("more than %d trips".formatted(MOST_TRIPS));
      }
      carried = body.run(in, carried);
      if (graph.failed()) {
        return;
      }
    }
    finish(in, carried);
  }

  static void branch(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphImport graph = in.graph();
    Subgraph then = graph.subgraph(in.options().i32(0, 0, "then_subgraph_index"));
    Subgraph otherwise = graph.subgraph(in.options().i32(1, 0, "else_subgraph_index"));
    List<Carried> all = graph.carried(in.operator());
    if (all.isEmpty()) {
      throw in.bad("has no condition");
    }
    List<Carried> carried = all.subList(1, all.size());
    if (all.getFirst() instanceof Carried.Known(FoldedTensor truth) && truth.values().length == 1) {
      finish(in, (truth.values()[0] != 0 ? then : otherwise).run(in, carried));
      return;
    }
    List<Carried> left = then.run(in, carried);
    List<Carried> right = otherwise.run(in, carried);
    if (!graph.failed()) {
      choose(in, left, right);
    }
  }

  /** Both branches, and one of them for each output. */
  private static void choose(OperatorImport in, List<Carried> left, List<Carried> right)
      throws NetworkFileException, Unsupported {
    GraphImport graph = in.graph();
    GraphValue condition = in.value(0);
    if (condition.shape().elements() != 1 || condition.type().isFloat()) {
      throw in.bad("its condition is " + condition.shape());
    }
    int count = in.operator().outputs().length;
    if (left.size() != count || right.size() != count) {
      throw in.bad("%d and %d results for %d outputs".formatted(left.size(), right.size(), count));
    }
    List<Carried> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GraphValue one = graph.value(left.get(i));
      GraphValue other = graph.value(right.get(i));
      TensorType type = one.type();
      if (!one.shape().equals(other.shape()) || !type.equals(other.type())) {
        throw new Unsupported("branches that make %s and %s".formatted(type, other.type()));
      }
      TensorType spread = condition.type().shaped(type.channels(), type.height(), type.width());
      int everywhere =
          FileOrder.spread(in, condition.tensor(), spread, List.of(Axis.of(type.elements(), 0)));
      String name = graph.unique(in.made(i).name());
      int chosen = in.add(new Choose(name, everywhere, one.tensor(), other.tensor(), type));
      made.add(new Carried.Computed(new GraphValue(chosen, one.shape(), type)));
    }
    finish(in, made);
  }

  private static void finish(OperatorImport in, List<Carried> made)
      throws NetworkFileException, Unsupported {
    if (in.graph().failed()) {
      return;
    }
    int[] outputs = in.operator().outputs();
    if (made.size() != outputs.length) {
      throw in.bad("%d results for %d outputs".formatted(made.size(), outputs.length));
    }
    for (int i = 0; i < outputs.length; i++) {
      in.graph().bind(in.operator().place(), outputs[i], made.get(i));
    }
  }
}
