package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Reduce.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sums of products of labelled axes. Operands are taken from the left, two at a time: labels of
 * both that nothing behind needs are summed in a product of matrices, labels of one that nothing
 * behind needs are added up before.
 */
final class EinsumLowering {
  static final Map<String, NodeLowering> ALL = Map.of("Einsum", EinsumLowering::einsum);

  private EinsumLowering() {}

  /**
   * An operand, either a constant or a value.
   *
   * @param labels of its axes
   */
  private record Term(
      List<Character> labels,
      List<Integer> dims,
      Optional<NdTensor> constant,
      Optional<LoweredValue> value) {
    static Term of(List<Character> labels, LoweredValue value) {
      return new Term(labels, value.dims(), Optional.empty(), Optional.of(value));
    }

    int size(char label) {
      return dims.get(labels.indexOf(label));
    }

    LoweredValue lowered(LoweringNode node) {
      return value.orElseGet(
          () -> NumberLayers.constant(node, "operand", constant.orElseThrow().floats(), dims));
    }

    /** The same elements moved, with other labels. */
    Term moved(LoweringNode node, List<Character> to, Places places) {
      if (value.isPresent()) {
        return of(to, MoveLayers.add(node, "move", value.get(), places));
      }
      float[] from = constant.orElseThrow().floats();
      float[] moved = new float[places.at().length];
      for (int i = 0; i < moved.length; i++) {
        moved[i] = from[places.at()[i]];
      }
      int[] sizes = places.dims().stream().mapToInt(Integer::intValue).toArray();
      NdTensor tensor = NdTensor.of(moved, sizes);
      return new Term(to, places.dims(), Optional.of(tensor), Optional.empty());
    }

    /** Axes in this order; a label that it does not have is an axis of size 1. */
    Term ordered(LoweringNode node, List<Character> to) {
      int[] order = new int[labels.size()];
      List<Integer> shape = new ArrayList<>();
      int next = 0;
      for (char label : to) {
        int axis = labels.indexOf(label);
        shape.add(axis < 0 ? 1 : dims.get(axis));
        if (axis >= 0) {
          order[next++] = axis;
        }
      }
      return moved(node, to, Places.of(dims).transposed(order).shaped(shape));
    }

    /** Equal labels as one: the diagonal. */
    Term diagonal(LoweringNode node) {
      List<Character> once = new ArrayList<>(new LinkedHashSet<>(labels));
      if (once.size() == labels.size()) {
        return this;
      }
      int[] steps = Places.steps(dims);
      List<Integer> shape = new ArrayList<>();
      int[] strides = new int[once.size()];
      for (int i = 0; i < labels.size(); i++) {
        int axis = once.indexOf(labels.get(i));
        strides[axis] += steps[i];
        if (shape.size() <= axis) {
          shape.add(dims.get(i));
        } else if (!shape.get(axis).equals(dims.get(i))) {
          throw new IllegalArgumentException("label " + labels.get(i) + " has two sizes");
        }
      }
      int[] inner = Places.steps(shape);
      int[] at = new int[Axes.product(shape)];
      for (int i = 0; i < at.length; i++) {
        for (int axis = 0; axis < strides.length; axis++) {
          at[i] += i / inner[axis] % shape.get(axis) * strides[axis];
        }
      }
      return moved(node, once, new Places(shape, at));
    }
  }

  private static void einsum(LoweringNode node) throws NotNativeException {
    Equation equation = Equation.of(node);
    List<Term> terms = new ArrayList<>();
    Map<Character, Integer> sizes = new LinkedHashMap<>();
    for (int i = 0; i < equation.operands().size(); i++) {
      Term term = operand(node, i, equation.operands().get(i)).diagonal(node);
      for (char label : term.labels()) {
        sizes.merge(label, term.size(label), EinsumLowering::same);
      }
      terms.add(term);
    }
    Term made = alone(node, terms.getFirst(), needed(equation, terms, 1));
    for (int i = 1; i < terms.size(); i++) {
      Set<Character> behind = needed(equation, terms, i + 1);
      made = multiplied(node, made, terms.get(i), behind);
    }
    List<Integer> dims = equation.output().stream().map(sizes::get).toList();
    Term last = made.ordered(node, equation.output());
    node.put(0, MoveLayers.expanded(node, last.lowered(node), dims));
  }

  private static int same(int size, int other) {
    if (size != other && size != 1 && other != 1) {
      throw new IllegalArgumentException("a label has sizes %d and %d".formatted(size, other));
    }
    return Math.max(size, other);
  }

  private static Set<Character> needed(Equation equation, List<Term> terms, int from) {
    Set<Character> needed = new LinkedHashSet<>(equation.output());
    for (Term term : terms.subList(from, terms.size())) {
      needed.addAll(term.labels());
    }
    return needed;
  }

  private static Term operand(LoweringNode node, int input, List<Character> labels)
      throws NotNativeException {
    Optional<NdTensor> constant = SumLayers.weights(node, input);
    List<Integer> dims = constant.isPresent() ? constant.get().dims() : node.floats(input).dims();
    if (dims.size() != labels.size()) {
      throw new IllegalArgumentException("%s has no labels %s".formatted(dims, labels));
    }
    return constant.isPresent()
        ? new Term(labels, dims, constant, Optional.empty())
        : Term.of(labels, node.floats(input));
  }

  /** Labels that nothing else needs added up. */
  private static Term alone(LoweringNode node, Term term, Set<Character> needed) {
    List<Character> rest = new ArrayList<>(term.labels());
    rest.removeIf(label -> !needed.contains(label));
    if (rest.size() == term.labels().size()) {
      return term;
    }
    int[] axes =
        term.labels().stream()
            .filter(label -> !needed.contains(label))
            .mapToInt(term.labels()::indexOf)
            .toArray();
    LoweredValue sum =
        SpanLayers.reduced(node, node.unique("sum"), term.lowered(node), axes, Reduction.SUM);
    List<Integer> dims = rest.stream().map(term::size).toList();
    return Term.of(rest, MoveLayers.shaped(sum, dims));
  }

  private static Term multiplied(LoweringNode node, Term a, Term b, Set<Character> behind)
      throws NotNativeException {
    Set<Character> forLeft = new LinkedHashSet<>(behind);
    forLeft.addAll(b.labels());
    Set<Character> forRight = new LinkedHashSet<>(behind);
    forRight.addAll(a.labels());
    Term left = alone(node, a, forLeft);
    Term right = alone(node, b, forRight);
    List<Character> batch = new ArrayList<>();
    List<Character> rows = new ArrayList<>();
    List<Character> summed = new ArrayList<>();
    for (char label : left.labels()) {
      boolean shared = right.labels().contains(label);
      (shared ? behind.contains(label) ? batch : summed : rows).add(label);
    }
    List<Character> columns = new ArrayList<>(right.labels());
    columns.removeAll(left.labels());
    if (summed.isEmpty()) {
      return product(node, left, right);
    }
    for (char label : summed) {
      if (left.size(label) != right.size(label)) {
        throw new NotNativeException("label " + label + " is broadcast and summed");
      }
    }
    Matrices matrices = new Matrices(node, left, right, batch, rows, summed, columns);
    return matrices.multiplied();
  }

  /** Nothing is summed: element by element. */
  private static Term product(LoweringNode node, Term left, Term right) {
    List<Character> labels = new ArrayList<>(left.labels());
    right.labels().stream().filter(label -> !labels.contains(label)).forEach(labels::add);
    LoweredValue a = left.ordered(node, labels).lowered(node);
    LoweredValue b = right.ordered(node, labels).lowered(node);
    return Term.of(labels, SumLayers.pair(node, Operation.MULTIPLY, a, b, node.unique()));
  }

  /** Two operands as matrices: [batch][rows][summed] and [batch][summed][columns]. */
  private record Matrices(
      LoweringNode node,
      Term left,
      Term right,
      List<Character> batch,
      List<Character> rows,
      List<Character> summed,
      List<Character> columns) {
    Term multiplied() throws NotNativeException {
      Term a = left.ordered(node, joined(batch, rows, summed));
      Term b = right.ordered(node, joined(batch, summed, columns));
      List<Integer> first = new ArrayList<>(sizes(a, batch));
      first.add(size(a, rows));
      first.add(size(a, summed));
      List<Integer> second = new ArrayList<>(sizes(b, batch));
      second.add(size(b, summed));
      second.add(size(b, columns));
      LoweredProduct product = new LoweredProduct(node, first, second, 1);
      LoweredValue made;
      if (b.constant().isPresent()) {
        made = product.constantRight(a.lowered(node), b.constant().get());
      } else if (a.constant().isPresent()) {
        made = product.constantLeft(a.constant().get(), b.lowered(node));
      } else {
        made = product.activations(a.lowered(node), b.lowered(node));
      }
      List<Integer> dims = new ArrayList<>(made.dims().subList(0, batch.size()));
      dims.addAll(sizes(a, rows));
      dims.addAll(sizes(b, columns));
      return Term.of(joined(batch, rows, columns), MoveLayers.shaped(made, dims));
    }

    private static List<Integer> sizes(Term term, List<Character> labels) {
      return labels.stream().map(term::size).toList();
    }

    private static int size(Term term, List<Character> labels) {
      return Axes.product(sizes(term, labels));
    }

    @SafeVarargs
    private static List<Character> joined(List<Character>... parts) {
      List<Character> all = new ArrayList<>();
      for (List<Character> part : parts) {
        all.addAll(part);
      }
      return all;
    }
  }

  /** Which labels each operand and the output have; "…" as labels of their own. */
  private record Equation(List<List<Character>> operands, List<Character> output) {
    private static final char FIRST = '\uE000'; // labels that no text has

    static Equation of(LoweringNode node) throws NotNativeException {
      String text = node.attributes().text("equation", "").replace(" ", "");
      int arrow = text.indexOf("->");
      String[] sides = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
      if (sides.length != node.node().inputs().size()) {
        throw new IllegalArgumentException(
            "equation \"%s\" has %d operands".formatted(text, sides.length));
      }
      int most = 0;
      List<Integer> hidden = new ArrayList<>();
      for (int i = 0; i < sides.length; i++) {
        Optional<NdTensor> constant = node.constant(i);
        int rank = constant.isPresent() ? constant.get().rank() : node.value(i).rank();
        int more = sides[i].contains("...") ? rank - (sides[i].length() - 3) : 0;
        if (more < 0) {
          throw new IllegalArgumentException("equation \"" + text + "\" has too many labels");
        }
        hidden.add(more);
        most = Math.max(most, more);
      }
      List<List<Character>> operands = new ArrayList<>();
      for (int i = 0; i < sides.length; i++) {
        operands.add(labels(sides[i], hidden.get(i), most));
      }
      List<Character> output =
          arrow < 0 ? implicit(operands, most) : labels(text.substring(arrow + 2), most, most);
      for (char label : output) {
        if (operands.stream().noneMatch(operand -> operand.contains(label))) {
          throw new IllegalArgumentException("label " + label + " is in no operand");
        }
      }
      return new Equation(operands, output);
    }

    private static List<Character> labels(String side, int hidden, int most) {
      List<Character> labels = new ArrayList<>();
      int dots = side.indexOf("...");
      for (int i = 0; i < side.length(); i++) {
        if (i == dots) {
          for (int k = most - hidden; k < most; k++) {
            labels.add((char) (FIRST + k));
          }
          i += 2;
        } else if (!Character.isLetter(side.charAt(i))) {
          throw new IllegalArgumentException("\"" + side.charAt(i) + "\" is no label");
        } else {
          labels.add(side.charAt(i));
        }
      }
      return labels;
    }

    /** Hidden labels, then those that stand once, by the alphabet. */
    private static List<Character> implicit(List<List<Character>> operands, int most) {
      List<Character> all = operands.stream().flatMap(List::stream).toList();
      List<Character> output = new ArrayList<>();
      for (int k = 0; k < most; k++) {
        output.add((char) (FIRST + k));
      }
      all.stream()
          .filter(label -> label < FIRST)
          .filter(label -> all.stream().filter(label::equals).count() == 1)
          .sorted()
          .forEach(output::add);
      return output;
    }
  }
}
