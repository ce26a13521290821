package dev.narrows.experiments.evaluate;

import dev.narrows.data.Examples;
import dev.narrows.data.Inputs;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.report.QualityMeasure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Inputs as the codes, or the words of real numbers, that a network takes.
 *
 * @param name the data set's, or the file's
 * @param source the words, [images][C][H][W]
 * @param labels the class of each image, or of each masked character, if known
 * @param masked present for a text: where characters are to be found
 * @param notes what was inferred, in lines for the user
 * @param sequence whether they are calls one after the other, between which states are kept
 * @param program what they are run on, where a network only stands for it
 * @param measured targets that are no classes, if known and as many as the network's outputs
 * @param place where networks are run on them; in this process if empty
 */
public record NetworkInputs(
    String name,
    ImageSource source,
    Optional<int[]> labels,
    Optional<Masked> masked,
    List<String> notes,
    boolean sequence,
    Optional<ProgramModel> program,
    Optional<MeasuredTargets> measured,
    Optional<NetworkPlace> place) {
  /** The key of a network's metadata that holds its {@link Preprocessing} in text form. */
  public static final String PREPROCESS = "preprocess";

  /** The key of a network's metadata that holds the characters of its ids, in order. */
  public static final String CHARACTERS = "characters";

  /** Copies the notes. */
  public NetworkInputs {
    notes = List.copyOf(notes);
  }

  /** Inputs each by itself: a network's states begin anew. */
  public NetworkInputs(
      String name,
      ImageSource source,
      Optional<int[]> labels,
      Optional<Masked> masked,
      List<String> notes) {
    this(name, source, labels, masked, notes, false);
  }

  /** Inputs of a network. */
  public NetworkInputs(
      String name,
      ImageSource source,
      Optional<int[]> labels,
      Optional<Masked> masked,
      List<String> notes,
      boolean sequence) {
    this(
        name,
        source,
        labels,
        masked,
        notes,
        sequence,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same inputs as calls one after the other. */
  public NetworkInputs inSequence() {
    return new NetworkInputs(name, source, labels, masked, notes, true, program, measured, place);
  }

  /** The same inputs, on which networks are run elsewhere. */
  public NetworkInputs at(NetworkPlace other) {
    return new NetworkInputs(
        name, source, labels, masked, notes, sequence, program, measured, Optional.of(other));
  }

  /** The same inputs of a program. */
  public NetworkInputs of(ProgramModel model) {
    boolean calls = sequence || !model.states().isEmpty();
    return new NetworkInputs(
        name, source, labels, masked, notes, calls, Optional.of(model), measured, place);
  }

  /**
   * What runs a network on them.
   *
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   * @throws BadInputException if it cannot be run where the inputs say
   */
  public NetworkRunner runner(Network network, LayerRegisters registers, int threads) {
    if (place.isPresent()) {
      if (program.isPresent()) {
        throw new BadInputException(
            name + ": a network with parts that ONNX Runtime runs is run on this machine alone");
      }
      return place.get().runner(network, registers);
    }
    return program
        .map(model -> model.runner(registers, threads))
        .orElseGet(() -> Executor.of(network, registers, threads));
  }

  /** How a network is run on them. */
  public RunOptions options() {
    return RunOptions.none().inSequence(sequence);
  }

  /** Inputs with classes, or without. */
  NetworkInputs(String name, ImageSource source, Optional<int[]> labels, List<String> notes) {
    this(name, source, labels, Optional.empty(), notes);
  }

  /**
   * The masked characters of windows of text.
   *
   * @param places of each in its window, the same number in every window
   * @param unigramEntropy of the text, in nats
   */
  public record Masked(int[] places, double unigramEntropy) {}

  /** The likeliest class of each image, or of each masked character. */
  public int[] predictions(Execution execution) {
    return masked
        .map(text -> execution.predictions(text.places()))
        .orElseGet(execution::predictions);
  }

  /** The share of predictions that are their labels, in percent; empty without labels. */
  public Optional<Double> accuracy(int[] predictions) {
    return labels.map(right ->
        100.0
            * IntStream.range(0, right.length).filter(i -> predictions[i] == right[i]).count()
            / right.length);
  }

  /** The number of classes to be found: one an image, one a masked character. */
  public int answers() {
    return masked.map(text -> text.places().length).orElse(images());
  }

  /** The number of images. */
  public int images() {
    return source.images();
  }

  /**
   * Some of the inputs, each by itself.
   *
   * @param elements words of one input
   * @param indices of inputs
   */
  public NetworkInputs subset(int elements, int[] indices) {
    return new NetworkInputs(
        name,
        new ImageSubset(source, elements, indices),
        labels.map(all -> IntStream.of(indices).map(i -> all[i]).toArray()),
        masked,
        notes,
        sequence,
        program,
        measured.map(all -> all.select(indices)),
        place);
  }

  /**
   * These with targets that are no classes, where the network gives as many numbers.
   *
   * @param asked in place of the usual measure
   */
  public NetworkInputs measuring(
      Network network, Optional<Targets> targets, Optional<QualityMeasure> asked) {
    Optional<MeasuredTargets> some =
        targets
            .filter(known -> known.kind() != Targets.TargetKind.CLASSES)
            .filter(known -> known.outputs() == network.output().elements())
            .map(known -> MeasuredTargets.of(known, asked));
    List<String> said = new ArrayList<>(notes);
    some.flatMap(MeasuredTargets::wholeImages)
        .map(images ->
            "%d tiles make %d images, which are what is measured".formatted(images(), images))
        .ifPresent(said::add);
    return new NetworkInputs(name, source, labels, masked, said, sequence, program, some, place);
  }

  /** The same inputs with other classes. */
  public NetworkInputs labelled(int[] classes) {
    return new NetworkInputs(
        name,
        source,
        Optional.of(classes),
        masked,
        notes,
        sequence,
        program,
        Optional.empty(),
        place);
  }

  /** The same inputs, of which no class is known. */
  public NetworkInputs unlabelled() {
    return new NetworkInputs(
        name, source, Optional.empty(), masked, notes, sequence, program, Optional.empty(), place);
  }

  /**
   * Brings inputs to a network. What is inferred is in the notes.
   *
   * @param asked the preprocessing the user asked for; otherwise the network's own, or {@code unit}
   * @throws BadInputException if the shapes differ, or it is not clear what the numbers mean
   * @throws dev.narrows.data.DataException if the preprocessing does not fit the channels
   */
  public static NetworkInputs of(
      Network network, String name, Inputs inputs, Optional<Preprocessing> asked) {
    return BroughtInputs.of(network, name, inputs, asked)
        .measuring(network, inputs.targets(), Optional.empty());
  }

  /**
   * Brings examples that a recipe read to a network: their floats are its own numbers already.
   *
   * @param measure that the recipe asks for, of targets that are no classes
   * @throws BadInputException if the shapes differ
   */
  public static NetworkInputs ofExamples(
      Network network,
      Examples examples,
      Preprocessing preprocessing,
      Optional<QualityMeasure> measure) {
    Inputs inputs = Inputs.of(examples);
    NetworkInputs taken =
        inputs instanceof Inputs.Floats
            ? asTheyAre(network, examples.name(), inputs)
            : of(network, examples.name(), inputs, Optional.of(preprocessing));
    return taken.measuring(network, inputs.targets(), measure);
  }

  /**
   * Brings arrays to a network whose own numbers they hold: integers are its codes, floats its real
   * numbers. Nothing is inferred.
   *
   * @throws BadInputException if they are no arrays, the shapes differ, or an integer is no code
   */
  public static NetworkInputs asTheyAre(Network network, String name, Inputs inputs) {
    return BroughtInputs.asTheyAre(network, name, inputs)
        .measuring(network, inputs.targets(), Optional.empty());
  }

  /**
   * What is to be known before labels are scored against a network's outputs, in lines for the
   * user.
   *
   * @throws BadInputException if a label names no output
   */
  public static List<String> scoring(Network network, String name, Inputs inputs) {
    return InferredInputs.classes(name, inputs, network);
  }

  /**
   * Whether a network's output is a score for each of some classes, so that labels mean something.
   */
  public static boolean areClassScores(Network network) {
    return InferredInputs.areClassScores(network.output());
  }
}
