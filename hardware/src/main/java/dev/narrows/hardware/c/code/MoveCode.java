package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.Network;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Layers that move elements. Where each comes from is known when the file is written: as runs that
 * are copied, in a loop where they repeat with a stride, else as a table.
 */
final class MoveCode {
  private static final int MOST_RUNS = 24;

  /** Elements that are next to each other in the output and in one input; source −1 for zeros. */
  private record Run(int to, int source, int from, int count, int step) {}

  private final List<TensorType> in;
  private final TensorType to;
  private final int[] sources;
  private final int[] places;

  /**
   * @param places [C][H][W] of the output: places in the inputs' [C][H][W], one after the other
   */
  private MoveCode(List<TensorType> in, TensorType to, int[] places) {
    this.in = in;
    this.to = to;
    this.sources = new int[places.length];
    this.places = new int[places.length];
    for (int c = 0; c < to.channels(); c++) {
      for (int p = 0; p < to.positions(); p++) {
        int place = places[c * to.positions() + p];
        int source = place < 0 ? -1 : 0;
        while (source >= 0 && place >= in.get(source).elements()) {
          place -= in.get(source++).elements();
        }
        int at = p * to.channels() + c;
        sources[at] = source;
        this.places[at] = source < 0 ? -1 : inC(in.get(source), place);
      }
    }
  }

  private static int inC(TensorType from, int place) {
    return place % from.positions() * from.channels() + place / from.positions();
  }

  /** Where the elements of a layer come from; empty if it changes them. */
  static Optional<MoveCode> of(Network network, FunctionLayer layer) {
    List<TensorType> in = network.sources(layer);
    TensorType to = layer.output();
    return switch (layer) {
      case Flatten _ -> Optional.of(new MoveCode(in, to, indices(in.getFirst())));
      case MovingLayer moving -> Optional.of(new MoveCode(in, to, moving.places()));
      case Subsample sub -> {
        TensorType from = in.getFirst();
        yield Optional.of(
            new MoveCode(
                in,
                to,
                ImageTensor.fill(
                    to, (c, y, x) -> from.at(c, y * sub.strideHeight(), x * sub.strideWidth()))));
      }
      case ChannelPad pad -> {
        TensorType from = in.getFirst();
        yield Optional.of(
            new MoveCode(
                in,
                to,
                ImageTensor.fill(
                    to,
                    (c, y, x) -> {
                      int channel = c - pad.before();
                      boolean inside = channel >= 0 && channel < from.channels();
                      return inside ? from.at(channel, y, x) : -1;
                    })));
      }
      case Resize resize when resize.method() == Resize.Interpolation.NEAREST -> {
        TensorType from = in.getFirst();
        var rows = resize.rows(from);
        var columns = resize.columns(from);
        yield Optional.of(
            new MoveCode(
                in,
                to,
                ImageTensor.fill(
                    to, (c, y, x) -> from.at(c, rows.get(y).lower(), columns.get(x).lower()))));
      }
      default -> Optional.empty();
    };
  }

  private static int[] indices(TensorType type) {
    int[] indices = new int[type.elements()];
    Arrays.setAll(indices, i -> i);
    return indices;
  }

  /** Where in the only input each element comes from, both in C's order; empty if not all do. */
  Optional<int[]> ofOneInput() {
    return in.size() == 1 && Arrays.stream(places).allMatch(place -> place >= 0)
        ? Optional.of(places.clone())
        : Optional.empty();
  }

  /** Whether the output is its only input, element by element. */
  boolean keeps() {
    boolean same = in.size() == 1 && places.length == in.getFirst().elements();
    for (int i = 0; i < places.length && same; i++) {
      same = places[i] == i;
    }
    return same;
  }

  LayerCode code(String id) {
    ConstantArrays constants = new ConstantArrays(id);
    CType type = Scene.type(to);
    StringBuilder text = new StringBuilder("static void " + id + "(");
    for (int i = 0; i < in.size(); i++) {
      text.append("const %s *in%d, ".formatted(type, i));
    }
    text.append("%s *out) {\n".formatted(type));
    Optional<List<Run>> runs = runs(places.length, 1);
    int block = to.channels();
    Optional<List<Run>> strided = runs.isEmpty() ? runs(block, to.positions()) : Optional.empty();
    if (runs.isPresent()) {
      runs.get().forEach(run -> text.append(copy(run, "", "")));
    } else if (strided.isPresent()) {
      text.append("  for (int32_t p = 0; p < %d; p++) {\n".formatted(to.positions()));
      for (Run run : strided.get()) {
        text.append(copy(run, "  ", "p * %d + ".formatted(block)));
      }
      text.append("  }\n");
    } else {
      text.append(table(constants));
    }
    for (int i = 0; i < in.size(); i++) {
      text.append("  (void)in%d;\n".formatted(i)); // one may be left out whole
    }
    return constants.layer(text.append("}\n").toString(), Optional.empty(), List.of());
  }

  private String copy(Run run, String indent, String to) {
    String out = "out + " + to + run.to();
    if (run.source() < 0) {
      return """
      %1$s  for (int32_t i = 0; i < %2$d; i++) {
      %1$s    (%3$s)[i] = %4$d;
      %1$s  }
      """
          .formatted(indent, run.count(), out, this.to.zeroWord());
    }
    String from =
        "in%d + %s%d"
            .formatted(
                run.source(), run.step() == 0 ? "" : "p * %d + ".formatted(run.step()), run.from());
    return "%s  memcpy(%s, %s, %d * sizeof *out);\n".formatted(indent, out, from, run.count());
  }

  /** The runs of the first of {@code count} blocks, if they are few and the others repeat them. */
  private Optional<List<Run>> runs(int block, int count) {
    List<Run> runs = new ArrayList<>();
    int i = 0;
    while (i < block) {
      int end = i + 1;
      while (end < block && follows(end)) {
        end++;
      }
      int step = count > 1 && sources[i] >= 0 ? places[i + block] - places[i] : 0;
      runs.add(new Run(i, sources[i], places[i], end - i, step));
      i = end;
    }
    if (runs.size() > MOST_RUNS) {
      return Optional.empty();
    }
    for (Run run : runs) {
      for (int p = 1; p < count; p++) {
        for (int e = run.to(); e < run.to() + run.count(); e++) {
          int at = p * block + e;
          boolean same =
              sources[at] == run.source()
                  && (run.source() < 0 || places[at] == places[e] + p * run.step());
          if (!same) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(runs);
  }

  private boolean follows(int i) {
    return sources[i] == sources[i - 1] && (sources[i] < 0 || places[i] == places[i - 1] + 1);
  }

  private String table(ConstantArrays constants) {
    long[] joined = new long[places.length];
    long most = 0;
    for (int i = 0; i < places.length; i++) {
      joined[i] = places[i];
      for (int s = 0; s < sources[i]; s++) {
        joined[i] += in.get(s).elements();
      }
      most = Math.max(most, joined[i]);
    }
    String name = constants.array("places", CType.signed(-1, most), joined);
    StringBuilder text =
        new StringBuilder(
            "  for (int32_t i = 0; i < %d; i++) {\n    int32_t place = %s[i];\n"
                .formatted(places.length, name));
    String zero = Integer.toString(to.zeroWord());
    text.append("    if (place < 0) {\n      out[i] = %s;\n".formatted(zero));
    int before = 0;
    for (int s = 0; s < in.size(); s++) {
      int next = before + in.get(s).elements();
      text.append(
          s + 1 < in.size() ? "    } else if (place < %d) {\n".formatted(next) : "    } else {\n");
      text.append("      out[i] = in%d[place - %d];\n".formatted(s, before));
      before = next;
    }
    return text.append("    }\n  }\n").toString();
  }
}
