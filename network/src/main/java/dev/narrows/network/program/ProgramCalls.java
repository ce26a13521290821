package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.read.CallInputs.CallInput;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The inputs of call after call: a row of words each, what is fixed, and states. */
final class ProgramCalls {
  private final ProgramModel model;
  private final Map<String, NdTensor> states = new HashMap<>(); // by input

  /** Before the first call: states are zeros. */
  ProgramCalls(ProgramModel model) {
    this.model = model;
    for (CallInput input : model.inputs().given()) {
      if (model.states().containsKey(input.name())) {
        int elements = (int) NdTensor.count(input.dims());
        byte[] zeros = new byte[Math.toIntExact(input.type().bytes(elements))];
        states.put(input.name(), new NdTensor(input.type(), input.dims(), zeros, List.of()));
      }
    }
  }

  /**
   * The inputs of a call.
   *
   * @param words those of the network's inputs, one after the other
   */
  Map<String, NdTensor> inputs(int[] words) {
    Map<String, NdTensor> arrays = new HashMap<>(model.inputs().fixed());
    arrays.putAll(states);
    int at = 0;
    List<Integer> tensors = model.network().inputs();
    int number = 0;
    for (CallInput input : model.given()) {
      TensorType type = model.network().tensor(tensors.get(number++));
      int[] own = Arrays.copyOfRange(words, at, at + type.elements());
      at += type.elements();
      boolean carried = FloatCarriers.carries(input.type());
      NdTensor array = ArrayWords.array(own, input.dims(), carried ? NdType.FLOAT : input.type());
      arrays.put(input.name(), carried ? FloatCarriers.narrowed(array, input.type()) : array);
    }
    return arrays;
  }

  /** Keeps the states that a call ended with. */
  void keep(Map<String, HostedValue> outputs) {
    model
        .states()
        .forEach((input, output) ->
            Optional.ofNullable(outputs.get(output))
                .ifPresent(value -> states.put(input, value.all().getFirst())));
  }

  /**
   * An output's array.
   *
   * @throws ProgramException if it is no array
   */
  static NdTensor array(Map<String, HostedValue> outputs, String name) {
    if (outputs.get(name) instanceof HostedValue.Single(NdTensor tensor)) {
      return tensor;
    }
    throw new ProgramException("output \"" + name + "\"", "is no array");
  }
}
