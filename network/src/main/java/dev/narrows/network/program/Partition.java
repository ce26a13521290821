package dev.narrows.network.program;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.NativeOperators;
import dev.narrows.network.program.ProgramStep.BranchStep;
import dev.narrows.network.program.ProgramStep.HostedStep;
import dev.narrows.network.program.ProgramStep.LoopStep;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.program.ProgramStep.RecurrentStep;
import dev.narrows.network.program.ProgramStep.ScanStep;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Cuts graphs into steps; remembers every node that no step can be made of. */
final class Partition {
  private final Map<String, List<String>> refused = new TreeMap<>(); // nodes by reason

  private Partition() {}

  static Program of(OnnxModel model) throws NetworkFileException {
    Partition partition = new Partition();
    ProgramBlock main = partition.block(PlainGraphs.of(model.graph()), Set.of());
    if (!partition.refused.isEmpty()) {
      throw new NetworkFileException(
          model.file(),
          "operators",
          partition.refused.entrySet().stream()
              .map(one -> one.getKey() + " (" + named(one.getValue()) + ")")
              .collect(Collectors.joining("; ")));
    }
    return new Program(model, main);
  }

  private static String named(List<String> nodes) {
    int most = 5;
    String names = String.join(", ", nodes.subList(0, Math.min(most, nodes.size())));
    return nodes.size() > most ? names + " and " + (nodes.size() - most) + " more" : names;
  }

  private ProgramBlock block(OnnxGraph graph, Set<String> around) {
    Set<String> constants = constants(graph, around);
    List<ProgramStep> parts = live(graph, parts(graph, constants));
    return new ProgramBlock(graph, read(graph, ordered(parts, constants)), constants);
  }

  /** What a graph computes of constants alone, and the constants themselves. */
  private static Set<String> constants(OnnxGraph graph, Set<String> around) {
    Set<String> constants = new HashSet<>(around);
    constants.addAll(graph.initializers().keySet());
    for (OnnxNode node : graph.nodes()) {
      boolean pure = !OperatorRole.random(node.key()) && node.graphs().isEmpty();
      // a sequence of nothing cannot be handed on: it stays with those that fill it
      boolean empty = node.key().equals("SequenceEmpty");
      if (pure && !empty && constants.containsAll(GraphNames.reads(node))) {
        constants.addAll(node.outputs());
      }
    }
    constants.remove("");
    return constants;
  }

  /** Every node in a part of its own, but those that belong to a sum of products. */
  private List<ProgramStep> parts(OnnxGraph graph, Set<String> constants) {
    IntegerPatterns patterns = new IntegerPatterns(graph, constants);
    Set<Integer> taken = new HashSet<>(); // by place in the graph
    List<ProgramStep> parts = new ArrayList<>();
    for (OnnxNode node : graph.nodes()) {
      if (role(node) == OperatorRole.OWN) {
        IntegerPatterns.Sum sum = patterns.around(node);
        sum.taken().forEach(one -> taken.add(one.index()));
        parts.add(new OwnStep(sum.nodes(), sum.makes()));
      }
    }
    for (OnnxNode node : graph.nodes()) {
      if (!taken.contains(node.index())) {
        part(node, constants).ifPresent(parts::add);
      }
    }
    return parts;
  }

  private static OperatorRole role(OnnxNode node) {
    if (node.key().equals("Einsum") && node.inputs().size() == 1) {
      return OperatorRole.HOSTED; // one operand: moves and plain sums
    }
    return OperatorRole.of(node.key())
        .orElseGet(() ->
            NativeOperators.of(node.key()).isPresent() ? OperatorRole.OWN : OperatorRole.HOSTED);
  }

  private Optional<ProgramStep> part(OnnxNode node, Set<String> constants) {
    return switch (role(node)) {
      case OWN -> throw new IllegalStateException("a sum is a part already: " + node.place());
      case RECURRENT -> Optional.of(new RecurrentStep(node));
      case HOSTED -> {
        if (OperatorRole.of(node.key()).isEmpty()) {
          refuse(node, node.key() + ": " + OperatorRole.refusal(node.key()));
        }
        yield Optional.of(new HostedStep(List.of(node)));
      }
      case CONTROL -> control(node, constants);
    };
  }

  private Optional<ProgramStep> control(OnnxNode node, Set<String> constants) {
    if (node.graphs().values().stream().noneMatch(Partition::sums)) {
      node.graphs().values().forEach(graph -> block(graph, constants)); // names what is refused
      return Optional.of(new HostedStep(List.of(node)));
    }
    return switch (node.operator()) {
      case "If" ->
          Optional.of(
              new BranchStep(
                  node,
                  block(body(node, "then_branch"), constants),
                  block(body(node, "else_branch"), constants)));
      case "Loop" -> Optional.of(new LoopStep(node, block(body(node, "body"), constants)));
      case "Scan" -> Optional.of(new ScanStep(node, block(body(node, "body"), constants)));
      default -> {
        refuse(node, node.key() + ": sums products for each element of a sequence");
        yield Optional.empty();
      }
    };
  }

  private static OnnxGraph body(OnnxNode node, String name) {
    return Optional.ofNullable(node.graphs().get(name))
        .orElseThrow(() -> new IllegalArgumentException(node.place() + ": has no " + name));
  }

  /** Whether something in a graph is not the other runtime's. */
  private static boolean sums(OnnxGraph graph) {
    return graph.nodes().stream()
        .anyMatch(node ->
            switch (role(node)) {
              case OWN, RECURRENT -> true;
              case HOSTED -> false;
              case CONTROL -> node.graphs().values().stream().anyMatch(Partition::sums);
            });
  }

  private void refuse(OnnxNode node, String why) {
    refused.computeIfAbsent(why, reason -> new ArrayList<>()).add("\"" + node.name() + "\"");
  }

  /** The parts that an output depends on. */
  private static List<ProgramStep> live(OnnxGraph graph, List<ProgramStep> parts) {
    Map<String, Integer> makers = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      for (String name : parts.get(i).makes()) {
        makers.put(name, i);
      }
    }
    BitSet needed = new BitSet();
    List<String> open = new ArrayList<>(graph.outputs().stream().map(OnnxValueInfo::name).toList());
    while (!open.isEmpty()) {
      Integer maker = makers.get(open.removeLast());
      if (maker != null && !needed.get(maker)) {
        needed.set(maker);
        open.addAll(parts.get(maker).reads());
      }
    }
    return needed.stream().mapToObj(parts::get).toList();
  }

  /**
   * As few changes between us and the other runtime as can be: by turns all of its parts that can
   * run, then all of ours. What it computes of constants alone are steps of their own.
   */
  private static List<ProgramStep> ordered(List<ProgramStep> parts, Set<String> constants) {
    Waiting waiting = new Waiting(parts);
    List<ProgramStep> steps = new ArrayList<>();
    while (!waiting.isEmpty()) {
      int before = steps.size();
      for (boolean constant : new boolean[] {true, false}) {
        List<OnnxNode> segment = new ArrayList<>();
        waiting
            .ready(part ->
                part instanceof HostedStep && constant == constants.containsAll(part.makes()))
            .forEach(part -> segment.addAll(part.nodes()));
        if (!segment.isEmpty()) {
          steps.add(new HostedStep(segment));
        }
      }
      steps.addAll(waiting.ready(part -> !(part instanceof HostedStep)));
      if (steps.size() == before) {
        throw new IllegalStateException("steps wait for each other");
      }
    }
    return steps;
  }

  /** Hosted steps hand out only what others read. */
  private static List<ProgramStep> read(OnnxGraph graph, List<ProgramStep> steps) {
    Set<String> read = new HashSet<>();
    graph.outputs().forEach(output -> read.add(output.name()));
    steps.forEach(step -> read.addAll(step.reads()));
    return steps.stream()
        .map(step ->
            step instanceof HostedStep(List<OnnxNode> nodes, Set<String> makes)
                ? new HostedStep(
                    nodes, makes.stream().filter(read::contains).collect(Collectors.toSet()))
                : step)
        .toList();
  }
}
