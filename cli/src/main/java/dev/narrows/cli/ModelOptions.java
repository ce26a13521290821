package dev.narrows.cli;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a network's file leaves open: sizes of dimensions, values of inputs. */
final class ModelOptions {
  @Option(
      names = "--shape",
      paramLabel = "NAME=N",
      description = {
        "The size of a dimension that an ONNX file leaves free, by its name, or by INPUT.AXIS;",
        "repeat for several. A free first dimension is 1."
      })
  private Map<String, String> shapes = new LinkedHashMap<>();

  @Option(
      names = "--bind",
      paramLabel = "INPUT=VALUES",
      description = {
        "The values of an input of an ONNX file that are the same in every call, with commas",
        "between them, such as axes=0,1; repeat for several."
      })
  private Map<String, String> values = new LinkedHashMap<>();

  @Option(
      names = "--state",
      paramLabel = "OUTPUT=INPUT",
      description = {
        "An output of an ONNX file that is an input of the next call, such as stateN=state; it is",
        "0 before the first. Inputs are then calls one after the other. Repeat for several."
      })
  private Map<String, String> states = new LinkedHashMap<>();

  /** Reads a network. */
  ModelFile open(Path model) throws IOException {
    Map<String, String> byInput = new LinkedHashMap<>();
    states.forEach((output, input) -> {
      if (byInput.put(input, output) != null) {
        throw new BadInputException("--state: two outputs become input \"" + input + '"');
      }
    });
    return ModelFile.open(model, read(), byInput);
  }

  /** As a reader takes them. */
  ReadOptions read() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    shapes.forEach((name, size) -> {
      if (!size.matches("[0-9]{1,9}")) {
        throw new BadInputException(
            "--shape: expected NAME=N such as batch=8, found \"%s=%s\"".formatted(name, size));
      }
      sizes.put(name, Integer.parseInt(size));
    });
    return new ReadOptions(sizes, values);
  }
}
