package dev.narrows.network;

import java.util.Map;

/**
 * What a user adds to a network's file that leaves something open.
 *
 * @param shapes sizes of dimensions that have none in the file, by the dimension's name, or by
 *     "input.axis" where it has no name
 * @param values of inputs that are the same in every call, by the input's name: numbers with commas
 *     between them
 */
public record ReadOptions(Map<String, Integer> shapes, Map<String, String> values) {
  /** Nothing added. */
  public static final ReadOptions NONE = new ReadOptions(Map.of(), Map.of());

  public ReadOptions {
    shapes = Map.copyOf(shapes);
    values = Map.copyOf(values);
  }

  /** Whether nothing is added. */
  public boolean isEmpty() {
    return shapes.isEmpty() && values.isEmpty();
  }
}
