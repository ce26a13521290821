package dev.narrows.training.qat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.a2q.NormLimit;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.ParameterNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which integer codes every tensor of a network has.
 *
 * <p>A tensor that only dot layers of A-bit inputs read is stored in A bits. Every other tensor
 * (network input, residual stream, branches before an addition) has 8 bits, and a dot layer that
 * wants fewer re-quantises it first: its {@linkplain #operand operand}. So the residual stream
 * keeps 8 bits however narrow the products are. After a ReLU codes are unsigned, and so is an input
 * that is never negative; others are signed. The class scores are not quantised.
 *
 * @see "docs/training.md, The integer graph"
 */
public final class QuantizationPlan implements TrainingPlan {
  /** Bits of every tensor that is not an operand of narrow dot layers alone. */
  public static final int WIDE_BITS = 8;

  private final ModelSpec model;
  private final QuantizationSettings settings;
  private final boolean signedInput;
  private Set<String> floats = Set.of();
  private final Map<String, CodeFormat> outputs = new LinkedHashMap<>();
  private final Map<String, CodeFormat> operands = new LinkedHashMap<>();
  private final Map<String, NormQuantizer> constraints = new LinkedHashMap<>();

  private QuantizationPlan(ModelSpec model, QuantizationSettings settings, boolean signedInput) {
    this.model = model;
    this.settings = settings;
    this.signedInput = signedInput;
  }

  /** Derives the plan for a network whose input has either sign. */
  public static QuantizationPlan of(ModelSpec model, QuantizationSettings settings) {
    return of(model, settings, true);
  }

  /**
   * Derives the plan.
   *
   * @param signedInput whether the network's input has negative values; if not, its 8 bits are
   *     unsigned
   * @throws IllegalArgumentException if settings have no effect on the layer named: it is excluded
   *     but does not exist, or its channels would be centred but have one weight each; or if
   *     products of activations can leave the width of a limit of weights; or if a node takes
   *     floating-point numbers only
   */
  public static QuantizationPlan of(
      ModelSpec model, QuantizationSettings settings, boolean signedInput) {
    if (!model.floatNodes().isEmpty()) {
      throw new IllegalArgumentException(
          "quantization: %s has nodes that integers do not pass (%s, …); expected float"
              .formatted(model.name(), model.floatNodes().getFirst()));
    }
    Set<String> known = new HashSet<>(model.dots().stream().map(DotNode::name).toList());
    for (String wide : settings.excluded()) {
      if (!known.contains(wide)) {
        throw new IllegalArgumentException(
            "quantisation excludes layer '" + wide + "', which " + model.name() + " does not have");
      }
    }
    QuantizationPlan plan = new QuantizationPlan(model, settings, signedInput);
    plan.floats = NodeCodes.floats(model);
    for (Node node : model.nodes()) {
      plan.place(node);
    }
    settings.constraint().ifPresent(plan::constrain);
    return plan;
  }

  @Override
  public ModelSpec model() {
    return model;
  }

  public QuantizationSettings settings() {
    return settings;
  }

  @Override
  public Set<String> excluded() {
    return settings.excluded();
  }

  @Override
  public boolean learnsArrays() {
    return settings.learnScales();
  }

  /** The norm limit of a dot layer's weights; empty without one. */
  public Optional<NormQuantizer> constraint(DotNode dot) {
    return Optional.ofNullable(constraints.get(dot.name()));
  }

  private void constrain(WeightConstraint constraint) {
    for (DotNode dot : model.dots()) {
      if (!narrow(dot)) {
        continue;
      }
      NormMethod method = depthwise(dot) ? constraint.depthwise() : constraint.method();
      if (method.centred() && dot.terms() == 1) {
        throw new IllegalArgumentException(
            "layer \"%s\" has one weight a channel (K = 1), which %s would centre to 0"
                .formatted(dot.name(), method));
      }
      CodeFormat inputs = multiplied(dot);
      IntegerFormat format = new IntegerFormat(inputs.bits(), inputs.signed());
      constraints.put(
          dot.name(),
          new NormQuantizer(new NormLimit(method, constraint.bits(), format), weightBits(dot)));
    }
    for (MatMulNode product : model.products()) {
      TermRange range = TermRange.of(this, product);
      if (range.sumBits() > constraint.bits()) {
        throw new IllegalArgumentException(
            ("layer \"%s\" multiplies activations, which no limit of"
                    + " weights holds: %d products of %d-bit codes can need %d bits; expected bits"
                    + " of at least %d, or narrower activations")
                .formatted(
                    product.name(),
                    range.terms(),
                    settings.activationBits(),
                    range.sumBits(),
                    range.sumBits()));
      }
    }
    if (constraints.isEmpty()) {
      throw new IllegalArgumentException(
          model.name() + " has no layer to constrain: all of them are excluded");
    }
  }

  private static boolean depthwise(DotNode dot) {
    return dot instanceof ConvolutionNode conv && conv.depthwise();
  }

  /** W of a dot layer. */
  public int weightBits(DotNode dot) {
    return atAnEnd(dot) ? settings.firstLastBits() : settings.weightBits();
  }

  /** A of what a dot layer multiplies. */
  public int inputBits(DotNode dot) {
    return atAnEnd(dot) ? settings.firstLastBits() : settings.activationBits();
  }

  private boolean atAnEnd(DotNode dot) {
    List<DotNode> dots = model.dots();
    return dot.name().equals(dots.getFirst().name()) || dot.name().equals(dots.getLast().name());
  }

  /** Codes of a node's output; empty for the class scores. */
  public Optional<CodeFormat> output(String node) {
    return Optional.ofNullable(outputs.get(node));
  }

  /** Codes that an operand is re-quantised to; empty if it is read as it is. */
  public Optional<CodeFormat> operand(Operand operand) {
    return Optional.ofNullable(operands.get(operand.scale()));
  }

  /** Codes that are multiplied. */
  public CodeFormat multiplied(Operand operand) {
    return operand(operand).orElseGet(() -> outputs.getOrDefault(operand.input(), WIDE_SIGNED));
  }

  /** Codes that a dot layer multiplies. */
  public CodeFormat multiplied(DotNode dot) {
    return multiplied(Operand.of(dot));
  }

  private static final CodeFormat WIDE_SIGNED = new CodeFormat(WIDE_BITS, true);

  /** The node whose scale a node's output has: the node itself unless it only moves values. */
  public String scaleOwner(String node) {
    return NodeCodes.moved(model.node(node)).map(this::scaleOwner).orElse(node);
  }

  /** Whether a node's output stays floating-point between layers that no register belongs to. */
  public boolean floats(String node) {
    return floats.contains(node);
  }

  /** Whether the codes of two nodes mean the same numbers. */
  public boolean sameCodes(String first, String second) {
    return scaleOwner(first).equals(scaleOwner(second)) && output(first).equals(output(second));
  }

  /** The log2 scales of every quantiser. */
  @Override
  public List<PlanArray> arrays() {
    List<PlanArray> list = new ArrayList<>();
    for (Node node : model.nodes()) {
      for (Operand operand : Operand.all(node)) {
        operand(operand).ifPresent(_ -> list.add(new PlanArray(operand.scale(), 1)));
      }
      if (node instanceof DotNode dot) {
        list.add(new PlanArray(weightScale(dot), dot.outputChannels()));
        if (constraint(dot).isPresent()) {
          list.add(new PlanArray(weightNorm(dot), dot.outputChannels()));
        }
      }
      if (outputs.containsKey(node.name()) && scaleOwner(node.name()).equals(node.name())) {
        list.add(new PlanArray(outputScale(node.name()), 1));
      }
    }
    return List.copyOf(list);
  }

  /** Name of the log2 scale of a node's output. */
  public String outputScale(String node) {
    return scaleOwner(node) + ".output.log2scale";
  }

  /** Name of the log2 scale of what is multiplied. */
  public String multipliedScale(Operand operand) {
    return operand(operand).isPresent() ? operand.scale() : outputScale(operand.input());
  }

  /** Name of the log2 scales of a dot layer's weights, one per channel. */
  public static String weightScale(DotNode dot) {
    return dot.name() + ".weight.log2scale";
  }

  /** Name of the log2 of the wanted norms g of a constrained layer, one per channel. */
  public static String weightNorm(DotNode dot) {
    return dot.name() + ".weight.norm.log2scale";
  }

  private void place(Node node) {
    switch (node) {
      case InputNode _ -> outputs.put(node.name(), new CodeFormat(WIDE_BITS, signedInput));
      case DotNode dot -> {
        place(Operand.of(dot), inputBits(dot));
        if (!model.answers(dot)) {
          outputs.put(dot.name(), new CodeFormat(outputBits(dot.name()), !dot.relu()));
        }
      }
      case AddNode add ->
          outputs.put(add.name(), new CodeFormat(outputBits(add.name()), !add.relu()));
      case GlobalAveragePoolNode pool ->
          outputs.put(
              pool.name(),
              new CodeFormat(
                  outputBits(pool.name()),
                  outputs.getOrDefault(pool.input(), WIDE_SIGNED).signed()));
      case MatMulNode product -> {
        place(Operand.left(product), settings.activationBits());
        place(Operand.right(product), settings.activationBits());
        placeFunction(product);
      }
      case FloatNode floating -> throw floating.noIntegers();
      case FlattenNode _, ImportedNode _, BatchNormNode _, ParameterNode _ -> placeFunction(node);
    }
  }

  private void place(Operand operand, int wanted) {
    CodeFormat input = outputs.getOrDefault(operand.input(), WIDE_SIGNED);
    if (input.bits() != wanted) {
      operands.put(operand.scale(), new CodeFormat(wanted, input.signed()));
    }
  }

  /** What moves elements of one tensor leaves its codes; others have codes of their own. */
  private void placeFunction(Node node) {
    if (floats(node.name())) {
      return;
    }
    CodeFormat codes =
        NodeCodes.moved(node)
            .map(input -> outputs.getOrDefault(input, WIDE_SIGNED))
            .orElseGet(() ->
                new CodeFormat(
                    outputBits(node.name()), !NodeCodes.neverNegative(model, node, signedInput)));
    outputs.put(node.name(), codes);
  }

  private int outputBits(String node) {
    Set<Integer> wanted = new HashSet<>();
    collectReaders(node, wanted);
    return wanted.size() == 1 ? wanted.iterator().next() : WIDE_BITS;
  }

  private void collectReaders(String node, Set<Integer> wanted) {
    for (Node reader : model.nodes()) {
      if (reader.inputs().contains(node)) {
        if (reader instanceof DotNode dot) {
          wanted.add(inputBits(dot));
        } else if (reader instanceof MatMulNode) {
          wanted.add(settings.activationBits());
        } else if (NodeCodes.moved(reader).isPresent()) {
          collectReaders(reader.name(), wanted);
        } else {
          wanted.add(WIDE_BITS);
        }
      }
    }
  }
}
