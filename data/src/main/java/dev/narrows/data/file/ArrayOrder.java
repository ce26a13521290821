package dev.narrows.data.file;

import dev.narrows.data.InputShape;
import dev.narrows.data.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In which order an array holds its dimensions.
 *
 * @param array as given, or with a batch of one in front
 * @param notes what was inferred, in lines for the user
 */
public record ArrayOrder(NpyArray array, Layout layout, List<String> notes) {
  /** Copies the notes. */
  public ArrayOrder {
    notes = List.copyOf(notes);
  }

  /**
   * Finds the order by the array's shape, unless the user names it.
   *
   * @param asked by the user, which is never overridden
   * @param usual of the network's file, where the shape fits both orders
   * @param taken by the network, if known
   */
  public static ArrayOrder of(
      NpyArray x, Optional<Layout> asked, Optional<Layout> usual, Optional<InputShape> taken) {
    List<String> notes = new ArrayList<>();
    List<Integer> shape = new ArrayList<>(x.shape());
    if (taken.filter(network -> isOne(x.shape(), network, asked)).isPresent()) {
      shape.addFirst(1);
      notes.add("one input of shape %s, without a dimension for more".formatted(x.shape()));
    }
    if (taken.filter(network -> isFlat(shape, network)).isPresent()) {
      notes.add(
          "inputs of shape %s are taken element after element"
              .formatted(shape.subList(1, shape.size())));
      shape.subList(1, shape.size()).clear();
      shape.add(taken.map(InputShape::elements).orElse(1));
    }
    Layout layout = asked.orElseGet(() -> infer(shape, notes, usual, taken));
    return new ArrayOrder(new NpyArray(x.type(), shape, x.data()), layout, notes);
  }

  /** Whether a shape has dimensions that a network of features alone does not know. */
  private static boolean isFlat(List<Integer> shape, InputShape taken) {
    return taken.height() * taken.width() == 1
        && shape.size() > 2
        && !fits(shape, taken)
        && shape.stream().skip(1).mapToLong(d -> d).reduce(1, Math::multiplyExact)
            == taken.elements();
  }

  /** Whether a shape is that of one input, and not that of several. */
  private static boolean isOne(List<Integer> shape, InputShape taken, Optional<Layout> asked) {
    boolean several =
        asked.map(layout -> taken.describes(shape, layout)).orElseGet(() -> fits(shape, taken));
    boolean image = taken.height() * taken.width() > 1;
    List<Integer> rows = List.of(taken.height(), taken.width());
    boolean one =
        shape.equals(taken.own())
            || shape.equals(planes(taken))
            || shape.equals(pixels(taken))
            || shape.equals(List.of(taken.elements()))
            || image && taken.channels() == 1 && shape.equals(rows);
    return one && !several && shape.size() < 4;
  }

  private static boolean fits(List<Integer> shape, InputShape taken) {
    return taken.describes(shape, Layout.NHWC) || taken.describes(shape, Layout.NCHW);
  }

  private static List<Integer> planes(InputShape taken) {
    return List.of(taken.channels(), taken.height(), taken.width());
  }

  private static List<Integer> pixels(InputShape taken) {
    return List.of(taken.height(), taken.width(), taken.channels());
  }

  private static Layout infer(
      List<Integer> shape, List<String> notes, Optional<Layout> usual, Optional<InputShape> taken) {
    List<Integer> input = shape.subList(Math.min(1, shape.size()), shape.size());
    if (input.size() != 3) {
      return usual.orElse(Layout.NCHW);
    }
    boolean first = taken.map(t -> input.equals(planes(t))).orElse(false);
    boolean last = taken.map(t -> input.equals(pixels(t)) || input.equals(t.own())).orElse(false);
    if (first != last) {
      Layout layout = first ? Layout.NCHW : Layout.NHWC;
      if (!usual.equals(Optional.of(layout))) {
        notes.add("layout " + layout + " inferred from shape " + shape);
      }
      return layout;
    }
    if (usual.isPresent()) {
      return usual.get();
    }
    Layout layout = byColours(input);
    notes.add("layout " + layout + " inferred from shape " + shape);
    return layout;
  }

  /** NCHW, unless only the last dimension looks like a number of colour channels. */
  private static Layout byColours(List<Integer> input) {
    int first = input.getFirst();
    int last = input.getLast();
    boolean channelsLast = (last == 1 || last == 3) && first != 1 && first != 3;
    return channelsLast ? Layout.NHWC : Layout.NCHW;
  }
}
