package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Recurrent operators that run a sequence forwards and backwards, each with weights of its own. */
final class BothDirections {
  private static final int LSTM_INPUTS = 17; // of one direction, its states not among them
  private static final int LSTM_STATES = 35;
  private static final int LSTM_SECOND = 39;
  private static final int LSTM_SECOND_WEIGHTS = 40;
  private static final int RNN_SECOND = 9;

  private BothDirections() {}

  static void lstm(OperatorImport in) throws NetworkFileException, Unsupported {
    boolean timeFirst = in.options().flag(4, true, "time_major");
    boolean asymmetric = in.options().flag(5, "asymmetric_quantize_inputs");
    if (!in.value(0).type().isFloat() || in.value(0).shape().rank() != 3) {
      throw new Unsupported("of " + in.value(0).type().describe());
    }
    boolean second = in.has(LSTM_SECOND);
    boolean weighed = in.has(LSTM_SECOND_WEIGHTS + LstmOperator.FORGET);
    GraphValue[] made = new GraphValue[2];
    for (int direction = 0; direction < 2; direction++) {
      int[] order = new int[LstmOperator.FURTHER + 5];
      Arrays.fill(order, -1);
      // the second input without weights is what the way back reads
      order[0] = direction == 1 && second && !weighed ? LSTM_SECOND : 0;
      for (int i = 1; i <= LSTM_INPUTS; i++) {
        order[i] = i + direction * LSTM_INPUTS;
      }
      order[LstmOperator.OUTPUT_STATE] = LSTM_STATES + 2 * direction;
      order[LstmOperator.CELL_STATE] = LSTM_STATES + 2 * direction + 1;
      if (weighed) {
        order[LstmOperator.FURTHER] = LSTM_SECOND;
        for (int gate = 0; gate < 4; gate++) {
          order[LstmOperator.FURTHER + 1 + gate] = LSTM_SECOND_WEIGHTS + 4 * direction + gate;
        }
      }
      LstmForm form = new LstmForm(timeFirst, asymmetric, direction == 1);
      LstmOperator lstm = LstmOperator.of(in.turned(order), form);
      Rearrange all = lstm.add(FileOrder.name(in, direction == 0 ? "/forwards" : "/backwards"));
      made[direction] = new GraphValue(in.add(all), lstm.shape(), all.output());
    }
    finish(in, in.options().flag(3, "merge_outputs"), made[0], made[1]);
  }

  static void rnn(OperatorImport in) throws NetworkFileException, Unsupported {
    boolean timeFirst = in.options().flag(0, "time_major");
    boolean asymmetric = in.options().flag(3, "asymmetric_quantize_inputs");
    boolean second = in.has(RNN_SECOND);
    boolean weighed = in.has(RNN_SECOND + 1);
    if (second && !weighed) {
      throw new Unsupported("a second input without weights");
    }
    GraphValue[] made = new GraphValue[2];
    for (int direction = 0; direction < 2; direction++) {
      int[] order = {
        0,
        1 + 4 * direction,
        2 + 4 * direction,
        3 + 4 * direction,
        4 + 4 * direction,
        weighed ? RNN_SECOND : -1,
        weighed ? RNN_SECOND + 1 + direction : -1
      };
      LstmForm form = new LstmForm(timeFirst, asymmetric, direction == 1);
      RnnOperator rnn = RnnOperator.of(in.turned(order), form);
      Rearrange all = rnn.add(FileOrder.name(in, direction == 0 ? "/forwards" : "/backwards"), 1);
      made[direction] = new GraphValue(in.add(all), rnn.shape(), all.output());
    }
    finish(in, in.options().flag(2, "merge_outputs"), made[0], made[1]);
  }

  /** Both outputs, or the one that has both beside each other. */
  private static void finish(
      OperatorImport in, boolean merges, GraphValue forwards, GraphValue backwards)
      throws NetworkFileException, Unsupported {
    ElementKind kind = forwards.type().kind();
    if (merges) {
      TensorType to = in.made().made();
      ConcatenateOperator.join(in, List.of(forwards, backwards), in.made().shape(), to, 2);
      return;
    }
    List<GraphValue> values = List.of(forwards, backwards);
    for (int i = 0; i < values.size(); i++) {
      TfliteTensorEntry made = in.made(i);
      if (!made.shape().equals(values.get(i).shape()) || !made.kind().equals(kind)) {
        throw in.bad("output %d must be %s".formatted(i, values.get(i).shape()));
      }
      in.graph().put(in.operator(), made.index(), values.get(i));
    }
  }
}
