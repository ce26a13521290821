package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.InputShape;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.GeneratedImages;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NamedChoices;
import dev.narrows.experiments.evaluate.NamedInputs;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.network.FileShape;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command's images come from and how they become a network's inputs. */
final class DataOptions {
  @Mixin private RootOptions roots = new RootOptions();

  @Option(
      names = "--data",
      paramLabel = "SET",
      description = {
        "cifar10, mnist, fashion-mnist, fashion-small or a text (tinyshakespeare,",
        "shakespeare-small), with /train, /validation or /test (default), an .npz with x and",
        "perhaps y, an .npy, an image, or a folder of images, with one sub-folder a class or",
        "without labels. generated/N: N drawn images. With --master also folders, .npz and .npy as",
        "hdfs://… or s3a://…"
      })
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--preprocess",
      paramLabel = "HOW",
      description = {
        "raw, unit or mean=…,std=… (default: what the network stores). Of arrays: their numbers",
        "are pixels then, 0 to 255, 0 to 1 or -1 to 1. none: they are the network's own numbers.",
        "Without it what they are is inferred, and said. INPUT=HOW: of one of several inputs."
      })
  private List<String> preprocess = List.of();

  @Option(
      names = "--resize",
      paramLabel = "HxW",
      description = "Bring images to this size, such as 32x32.")
  private Optional<String> resize = Optional.empty();

  @Option(
      names = "--layout",
      paramLabel = "nchw|nhwc",
      description = {
        "Layout of arrays in an .npz or .npy (default: inferred; a TFLite file's is nhwc).",
        "INPUT=nchw|nhwc: of one of several inputs."
      })
  private List<String> layout = List.of();

  @Option(names = "--unlabelled", description = "Leave labels out, where the data have some.")
  private boolean unlabelled;

  @Option(
      names = "--sequence",
      description = {
        "Inputs are calls one after the other: a network with states keeps them from one to the",
        "next. Without it each input begins with the initial states."
      })
  private boolean sequence;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Look at the first N images (or tokens of a text) only.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--skip-unreadable",
      description = "Leave images that cannot be read out of a folder, name and count them.")
  private boolean skipUnreadable;

  private ClusterWork cluster = ClusterWork.none();

  /** From now on data are opened for networks that run there. */
  void on(ClusterWork work) {
    cluster = work;
  }

  /** What --data names, or what the model was trained on. */
  Optional<String> named(ModelFile model) {
    return data.or(model::testSet);
  }

  /** What --data says. */
  Optional<String> text() {
    return data;
  }

  /** What --limit says: at least 1. */
  Optional<Integer> limit() {
    return limit.map(DataOptions::atLeastOne);
  }

  /** Whether --data was given. */
  boolean given() {
    return data.isPresent();
  }

  /**
   * Refuses options that say how data are read, for a command that was given none.
   *
   * @throws BadInputException naming the first of them
   */
  void refuseWithoutData(Terminal terminal) {
    refuse(first(preprocess), "--preprocess", "needs --data");
    refuse(resize, "--resize", "needs --data");
    refuse(first(layout), "--layout", "needs --data");
    refuse(limit, "--limit", "needs --data");
    refuse(sequence(), "--sequence", "needs --data");
    refuse(unlabelled(), "--unlabelled", "needs --data");
    if (roots.explicit().isPresent()) {
      terminal.note("--data-root: has no effect without --data");
    }
  }

  /**
   * Refuses options about images and arrays, for a command whose data are a text of tokens.
   *
   * @throws BadInputException naming the first of them
   */
  void refuseBesideTokens() {
    String problem = "has no effect on a language model, which reads tokens of a text";
    refuse(first(preprocess), "--preprocess", problem);
    refuse(resize, "--resize", problem);
    refuse(first(layout), "--layout", problem);
    refuse(sequence(), "--sequence", problem);
    refuse(unlabelled(), "--unlabelled", problem);
    if (data.isEmpty() || KnownSets.named(data.get().replaceFirst("/.*", "")).isEmpty()) {
      refuse(roots.explicit(), "--data-root", "has no effect, no known text is read");
    }
  }

  /** Where known sets are looked for. */
  DataRoots roots() {
    return roots.roots();
  }

  private static Optional<String> first(List<String> texts) {
    return texts.stream().findFirst();
  }

  private static Optional<String> one(List<String> texts, String option) {
    if (texts.size() > 1) {
      throw new BadInputException(option + ": is given twice, and the data are of one input");
    }
    return first(texts);
  }

  private Optional<Boolean> sequence() {
    return Optional.of(sequence).filter(asked -> asked);
  }

  private Optional<Boolean> unlabelled() {
    return Optional.of(unlabelled).filter(asked -> asked);
  }

  /** Refuses what concerns labels, for a command that looks at none. */
  void refuseLabels() {
    refuse(unlabelled(), "--unlabelled", "has no effect: no labels are looked at");
  }

  /** Refuses an option that would have no effect. */
  static void refuse(Optional<?> given, String option, String problem) {
    if (given.isPresent()) {
      throw new BadInputException(option + ": " + problem);
    }
  }

  /**
   * {@link #open} for a command that compares classes with labels.
   *
   * @throws BadInputException if a label names no output of the network
   */
  NetworkInputs openToScore(Terminal terminal, ModelFile model, String text) {
    return open(terminal, model, text, true);
  }

  /**
   * Reads {@code text} as inputs of a network; tells what was inferred.
   *
   * @param text a known set, or the path of arrays or images
   */
  NetworkInputs open(Terminal terminal, ModelFile model, String text) {
    return open(terminal, model, text, false);
  }

  /** {@link #open}, the first {@code images} unless --limit says otherwise. */
  NetworkInputs openFirst(Terminal terminal, ModelFile model, String text, int images) {
    Optional<Integer> asked = limit;
    limit = asked.or(() -> Optional.of(images));
    try {
      return open(terminal, model, text, false);
    } finally {
      limit = asked;
    }
  }

  /** {@link #open}, the first {@code images} whatever --limit says. */
  NetworkInputs openOnly(Terminal terminal, ModelFile model, String text, int images) {
    Optional<Integer> asked = limit;
    limit = Optional.of(images);
    try {
      return open(terminal, model, text, false);
    } finally {
      limit = asked;
    }
  }

  /** {@link #openToScore} of all of a set, whatever --limit says. */
  NetworkInputs openWhole(Terminal terminal, ModelFile model, String text) {
    Optional<Integer> asked = limit;
    limit = Optional.empty();
    try {
      return open(terminal, model, text, true);
    } finally {
      limit = asked;
    }
  }

  private NetworkInputs open(Terminal terminal, ModelFile model, String text, boolean scored) {
    Network network = model.network();
    Optional<ProgramModel> program = model.program();
    if (program.isPresent() && cluster.session().isPresent()) {
      throw new BadInputException(
          "--master: %s has parts that ONNX Runtime runs, on this machine alone"
              .formatted(model.path()));
    }
    if (skipUnreadable && cluster.session().isEmpty()) {
      throw new BadInputException("--skip-unreadable: goes with --master");
    }
    boolean states =
        program.isPresent() ? !program.get().states().isEmpty() : !network.states().isEmpty();
    if (sequence && !states) {
      throw new BadInputException("--sequence: has no effect, the network keeps no states");
    }
    NetworkInputs read;
    if (GeneratedImages.named(text)) {
      read = generated(terminal, model, text);
    } else if (NamedInputs.read(network, text)) {
      read = named(terminal, model, text);
    } else {
      Optional<NetworkInputs> placed =
          cluster.session().isEmpty() || model.ownPart(text, roots.roots()).isPresent()
              ? Optional.empty()
              : cluster.read(network, placed(model, text, scored));
      placed.ifPresent(inputs -> inputs.notes().forEach(terminal::note));
      read = placed.isPresent() ? placed.get() : opened(terminal, model, text, scored);
    }
    NetworkInputs inputs = scored ? labelled(terminal, model.seenOn(read).network(), read) : read;
    if (program.isPresent()) {
      return inputs;
    }
    inputs = cluster.at(inputs);
    if (states) {
      terminal.note(
          sequence
              ? "states are kept from one input to the next"
              : "each input begins with the network's initial states; see --sequence");
    }
    return sequence ? inputs.inSequence() : inputs;
  }

  private NetworkInputs generated(Terminal terminal, ModelFile model, String text) {
    String problem = "has no effect on generated images";
    refuse(first(preprocess), "--preprocess", problem);
    refuse(resize, "--resize", problem);
    refuse(first(layout), "--layout", problem);
    refuse(roots.explicit(), "--data-root", problem);
    NetworkInputs inputs = GeneratedImages.of(model.network(), text, limit());
    inputs.notes().forEach(terminal::note);
    return onProgram(terminal, model, inputs);
  }

  private PlacedData placed(ModelFile model, String text, boolean scored) {
    Optional<String> order = one(layout, "--layout");
    Optional<Layout> usual = FileTensors.of(model.network()).map(_ -> usualLayout(model.network()));
    return new PlacedData(
        text,
        roots.roots(),
        one(preprocess, "--preprocess"),
        resize.map(DataOptions::size),
        order.map(Layout::parse),
        usual,
        shape(model.network()),
        model.validation(),
        limit(),
        scored && !unlabelled,
        skipUnreadable);
  }

  /** Labels stay where they are wanted, and the output is a score for each class. */
  private NetworkInputs labelled(Terminal terminal, Network network, NetworkInputs inputs) {
    if (inputs.measured().isPresent()) {
      return unlabelled ? inputs.unlabelled() : inputs;
    }
    if (inputs.labels().isEmpty() || inputs.masked().isPresent()) {
      refuse(unlabelled(), "--unlabelled", "has no effect on " + inputs.name());
      return inputs;
    }
    if (!unlabelled && !NetworkInputs.areClassScores(network)) {
      terminal.note(
          "labels are left out: the output, %s, is no score for each class"
              .formatted(network.output().describe()));
    }
    return unlabelled || !NetworkInputs.areClassScores(network) ? inputs.unlabelled() : inputs;
  }

  private NetworkInputs named(Terminal terminal, ModelFile model, String text) {
    String problem = "has no effect on arrays for several inputs, or by name";
    refuse(resize, "--resize", problem);
    refuse(roots.explicit(), "--data-root", problem);
    NetworkInputs inputs =
        NamedInputs.of(model.network(), text, limit(), new NamedChoices(preprocess, layout));
    inputs.notes().forEach(terminal::note);
    return onProgram(terminal, model, inputs);
  }

  private NetworkInputs opened(Terminal terminal, ModelFile model, String text, boolean scored) {
    DataSource.Options options = DataSource.Options.of(roots.roots());
    options = options.withShape(shape(model.network()));
    options = options.withValidation(model.validation());
    Optional<String> order = one(layout, "--layout");
    if (order.isPresent()) {
      options = options.withLayout(Layout.parse(order.get()));
    } else if (FileTensors.of(model.network()).isPresent()) {
      options = options.withUsualLayout(usualLayout(model.network()));
    }
    if (resize.isPresent()) {
      options = options.withResize(size(resize.get()));
    }
    Optional<Examples> own = model.ownPart(text, roots.roots());
    if (own.isPresent()) {
      return ofRun(terminal, model, own.get());
    }
    DataSource.Opened opened = DataSource.open(text, options);
    refuseWithoutEffect(opened);
    if (opened.set().isEmpty() && roots.explicit().isPresent()) {
      terminal.note("--data-root: has no effect on " + text + ", which is a path");
    }
    opened.notes().forEach(terminal::note);
    NetworkInputs inputs = inputs(model.network(), opened);
    inputs.notes().forEach(terminal::note);
    inputs = onProgram(terminal, model, inputs);
    Network network = model.seenOn(inputs).network();
    if (scored && !unlabelled && NetworkInputs.areClassScores(network)) {
      NetworkInputs.scoring(network, opened.name(), opened.inputs()).forEach(terminal::note);
    }
    return inputs;
  }

  /** A run's own data, as its recipe reads them. */
  private NetworkInputs ofRun(Terminal terminal, ModelFile model, Examples examples) {
    String problem = "has no effect on a run's own data, which its recipe says how to read";
    refuse(first(preprocess), "--preprocess", problem);
    refuse(resize, "--resize", problem);
    refuse(first(layout), "--layout", problem);
    Examples taken = limit().map(examples::limit).orElse(examples);
    Recipe recipe = model.run().orElseThrow().recipe();
    NetworkInputs inputs =
        NetworkInputs.ofExamples(
            model.network(),
            taken,
            Preprocessing.parse(recipe.preprocess()),
            Optional.of(recipe.data().measure(taken.targets().kind())));
    inputs.notes().forEach(terminal::note);
    return inputs;
  }

  /** Runs a program on the first input, so that the shapes of its sums are known. */
  private static NetworkInputs onProgram(Terminal terminal, ModelFile model, NetworkInputs inputs) {
    if (model.program().isEmpty()) {
      return inputs;
    }
    ProgramModel program = model.program().get();
    if (program.states().isEmpty()) {
      program
          .likelyStates()
          .forEach(pair -> terminal.note("--state " + pair + " would keep a state between inputs"));
    } else {
      terminal.note("states are kept from one input to the next");
    }
    return inputs.of(program.shapedBy(inputs.source()));
  }

  private NetworkInputs inputs(Network network, DataSource.Opened opened) {
    Inputs taken = limit().map(most -> opened.inputs().limit(most)).orElse(opened.inputs());
    Optional<String> how = one(preprocess, "--preprocess");
    return how.filter(text -> text.strip().equals(NamedChoices.AS_THEY_ARE)).isPresent()
        ? NetworkInputs.asTheyAre(network, opened.name(), taken)
        : NetworkInputs.of(network, opened.name(), taken, how.map(Preprocessing::parse));
  }

  /** Refuses what does not concern data of this kind. */
  private void refuseWithoutEffect(DataSource.Opened opened) {
    switch (opened.inputs()) {
      case Inputs.InputCodes _, Inputs.Floats _ -> {}
      case Inputs.Images _ ->
          refuse(first(layout), "--layout", opened.name() + " holds images, whose layout is known");
      case Inputs.TextWindows _ -> {
        refuse(first(layout), "--layout", opened.name() + " is a text");
        refuse(first(preprocess), "--preprocess", opened.name() + " is a text");
      }
    }
  }

  /** The input's own dimensions are its file's; a network without such a file has rows first. */
  private static InputShape shape(Network network) {
    TensorType type = network.input();
    List<Integer> own =
        inFile(network)
            .filter(shape -> !shape.kept())
            .map(FileShape::perImage)
            .orElseGet(() -> List.of(type.height(), type.width(), type.channels()));
    return new InputShape(type.channels(), type.height(), type.width(), own);
  }

  /** The shape of the input in the network's file, if it says. */
  private static Optional<FileShape> inFile(Network network) {
    return FileTensors.of(network).stream()
        .flatMap(file -> file.tensors().stream())
        .filter(tensor -> tensor.tensor() == 0)
        .findFirst()
        .map(FileTensors.Tensor::shape);
  }

  /** The order of a file's own dimensions. */
  private static Layout usualLayout(Network network) {
    return inFile(network).filter(FileShape::kept).isPresent() ? Layout.NCHW : Layout.NHWC;
  }

  private static int atLeastOne(int limit) {
    if (limit < 1) {
      throw new BadInputException("--limit: must be at least 1, got " + limit);
    }
    return limit;
  }

  private static ImageFolder.Size size(String text) {
    try {
      return ImageFolder.Size.parse(text);
    } catch (DataException e) {
      throw new BadInputException("--resize: " + e.getMessage(), e);
    }
  }

  /** Where known sets are looked for. */
  static final class RootOptions {
    @Option(
        names = "--data-root",
        paramLabel = "DIR",
        description =
            "Look for data sets here first, then in $NARROWS_DATA, then ~/.cache/narrows.")
    private Optional<Path> root = Optional.empty();

    /** What was given, for another process. */
    Optional<Path> explicit() {
      return root;
    }

    DataRoots roots() {
      return DataRoots.ofProcess(root);
    }
  }
}
