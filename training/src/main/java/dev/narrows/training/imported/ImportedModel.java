package dev.narrows.training.imported;

import dev.narrows.training.model.ModelSpec;
import java.util.Map;

/**
 * A model of a file.
 *
 * @param arrays start values of all its parameters by name, in memory order
 */
public record ImportedModel(ModelSpec model, Map<String, float[]> arrays) {
  public ImportedModel {
    arrays = Map.copyOf(arrays);
  }
}
