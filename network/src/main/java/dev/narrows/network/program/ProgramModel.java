package dev.narrows.network.program;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.CallInputs;
import dev.narrows.network.onnx.read.CallInputs.CallInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program as commands use it: with every size of its inputs known, and a network of its sums.
 *
 * @param inputs what a caller gives, states left out
 * @param states the output that becomes an input's value in the next call, by the input's name
 * @param network of the program's sums, each with any input of its type: bounds and certificates of
 *     it are the program's, its outputs are not
 */
public record ProgramModel(
    Program program, CallInputs inputs, Map<String, String> states, Network network) {
  private static final String ENDING = ".onnx";

  public ProgramModel {
    states = Map.copyOf(states);
  }

  /**
   * Cuts a model into steps. Nothing runs.
   *
   * @param states the output that becomes an input's value in the next call, by the input's name
   * @throws NetworkFileException naming what neither Narrows nor the runtime computes, or the
   *     option that does not fit
   */
  public static ProgramModel of(OnnxModel model, ReadOptions options, Map<String, String> states)
      throws NetworkFileException {
    Program program = Program.of(model);
    CallInputs all = CallInputs.of(model, options);
    checkStates(model, all, states);
    List<CallInput> given =
        all.given().stream().filter(input -> !states.containsKey(input.name())).toList();
    Network network = ProgramNetwork.of(program, name(model), given, SeenSteps.NONE, Map.of());
    return new ProgramModel(program, all, states, network);
  }

  private static void checkStates(OnnxModel model, CallInputs inputs, Map<String, String> states)
      throws NetworkFileException {
    Set<String> outputs = new HashSet<>();
    model.graph().outputs().forEach(output -> outputs.add(output.name()));
    Set<String> names = new HashSet<>();
    inputs.given().forEach(input -> names.add(input.name()));
    for (Map.Entry<String, String> state : states.entrySet()) {
      if (!names.contains(state.getKey()) || !outputs.contains(state.getValue())) {
        throw new NetworkFileException(
            model.file(),
            "state " + state.getValue() + "=" + state.getKey(),
            "expected an output of %s and an input of %s".formatted(outputs, names));
      }
    }
  }

  private static String name(OnnxModel model) {
    String file = String.valueOf(model.file().getFileName());
    return file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
  }

  /** The nodes of which a program's network has no layer, because nothing is known of them yet. */
  public static List<String> unseen(Network network) {
    return Optional.ofNullable(network.metadata().get(Program.WITHOUT_LAYER)).stream()
        .flatMap(String::lines)
        .toList();
  }

  /** A program's outputs that are arrays of numbers, in the file's order. */
  static List<OnnxValueInfo> outputs(Program program) {
    return program.model().graph().outputs().stream()
        .filter(output ->
            output.kind() == OnnxValueInfo.Kind.TENSOR
                && !output.type().equals(Optional.of(NdType.STRING)))
        .toList();
  }

  /** The inputs that a caller gives in each call, in the file's order. */
  public List<CallInput> given() {
    return inputs.given().stream().filter(input -> !states.containsKey(input.name())).toList();
  }

  /** Inputs that look like states, each with the output that may be its next value. */
  public List<String> likelyStates() {
    List<String> pairs = new ArrayList<>();
    for (CallInput input : given()) {
      for (OnnxValueInfo output : program.model().graph().outputs()) {
        String name = output.name();
        boolean like =
            Set.of(
                    input.name() + "N",
                    input.name() + "_out",
                    input.name() + "n",
                    "new_" + input.name())
                .contains(name);
        if (like && output.type().equals(Optional.of(input.type()))) {
          pairs.add(name + "=" + input.name());
        }
      }
    }
    return pairs;
  }

  /**
   * Makes the program ready to run.
   *
   * @param threads that work on different inputs; states leave one to do
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   */
  public NetworkRunner runner(LayerRegisters registers, int threads) {
    return new ProgramRunner(this, HostedRuntime.find(), registers, threads);
  }

  /**
   * The same with a network of the shapes that sums have on an input.
   *
   * @param source whose first input is run, in exact registers
   */
  public ProgramModel shapedBy(ImageSource source) {
    int[] words = new int[network.inputElements()];
    source.read(0, 1, words);
    try (ProgramExecutor executor =
        new ProgramExecutor(program, HostedRuntime.find(), LayerRegisters.exact())) {
      ProgramCalls calls = new ProgramCalls(this);
      Map<String, NdTensor> made = new HashMap<>();
      executor
          .run(calls.inputs(words), RunOptions.none())
          .forEach((name, value) -> {
            if (value instanceof HostedValue.Single(NdTensor tensor)) {
              made.put(name, tensor);
            }
          });
      Network shaped = ProgramNetwork.of(program, network.name(), given(), executor.seen(), made);
      return new ProgramModel(program, inputs, states, shaped);
    } catch (NetworkFileException e) {
      throw new IllegalStateException(e); // its inputs were fine before
    }
  }
}
