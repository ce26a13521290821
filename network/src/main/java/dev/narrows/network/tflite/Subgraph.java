package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A subgraph that an operator runs, perhaps several times.
 *
 * @param held its own constants that are layers already, by tensor
 * @param widened its own constants that became others already, by tensor
 */
record Subgraph(
    GraphImport outer,
    FlatModel model,
    Map<Integer, GraphValue> held,
    Map<Integer, TfliteTensorEntry> widened) {
  Subgraph(GraphImport outer, FlatModel model) {
    this(outer, model, new HashMap<>(), new HashMap<>());
  }

  /** Adds its layers; what it makes. */
  List<Carried> run(OperatorImport in, List<Carried> inputs)
      throws NetworkFileException, Unsupported {
    if (inputs.size() != model.inputs().size()) {
      throw in.bad("%d values for %d inputs".formatted(inputs.size(), model.inputs().size()));
    }
    outer.constants().share(); // trips read the same
    return new GraphImport(outer, this).results(in.operator().place(), inputs);
  }
}
