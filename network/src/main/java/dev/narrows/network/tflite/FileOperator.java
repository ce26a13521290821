package dev.narrows.network.tflite;

/**
 * An operator as the file has it.
 *
 * @param index in its subgraph
 * @param name the schema's, or that of a custom operator
 * @param inputs tensor indices, −1 where an optional one is left out
 * @param intermediates tensors that only say the scales of what is made between
 * @param optionsType which member of the schema's union the options are; 0 for none
 * @param options of the operator's own kind; all defaults if the file has none
 */
record FileOperator(
    int index,
    String name,
    int code,
    int version,
    int[] inputs,
    int[] outputs,
    int[] intermediates,
    int optionsType,
    FlatTable options) {
  /** The same operator with other inputs. */
  FileOperator with(int[] others) {
    return new FileOperator(
        index, name, code, version, others, outputs, intermediates, optionsType, options);
  }

  String place() {
    return "operator " + index + " " + name;
  }

  /** The tensor of an input; −1 if it is left out. */
  int input(int number) {
    return number < inputs.length ? inputs[number] : -1;
  }
}
