package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/order/1}: whether the order in which products are added can change what a network
 * computes. What was seen, what is proved for the data and what is proved for every input are kept
 * apart.
 *
 * @param network the file that was looked at
 * @param dataset the data
 * @param images how many images of the data; of a text, tokens
 * @param trees how many are tried at most on each dot product that is not proved
 * @param registers one after the other, as they were asked for
 * @param text where the data are the tokens of a text
 */
public record OrderResult(
    NetworkFile network,
    String dataset,
    int images,
    int trees,
    List<OrderFreedom> registers,
    Optional<OrderedText> text)
    implements Result {
  /** Copies the list. */
  public OrderResult {
    registers = List.copyOf(registers);
  }

  /**
   * How a language model was looked at, whose layers are its matrices.
   *
   * @param context tokens of a window
   * @param every one of so many dot products was looked at, and only these are counted
   */
  public record OrderedText(int context, int every) {}

  /** How far the order is free. */
  public enum OrderVerdict {
    /** No order changes a code (or, of real numbers, a value), whatever the input: proved. */
    @JsonProperty("every-input")
    EVERY_INPUT("proved for every input"),
    /** No order changes any on these data: proved; nothing is said of other inputs. */
    @JsonProperty("data")
    DATA("proved for these data"),
    /** Two orders were found that give some dot product of the data different codes. */
    @JsonProperty("refuted")
    REFUTED("refuted"),
    /** There is no proof, and no two such orders were found. */
    @JsonProperty("undecided")
    UNDECIDED("undecided");

    private final String words;

    OrderVerdict(String words) {
      this.words = words;
    }

    /** In words. */
    public String words() {
      return words;
    }

    /** Whether no order changes anything on the data at least. */
    public boolean proved() {
      return this == EVERY_INPUT || this == DATA;
    }
  }

  /**
   * One register.
   *
   * @param register in text form
   * @param verdict the answer in a word
   * @param sentence the verdict in one sentence
   * @param answers of whole images; absent where nothing can be promised of them
   * @param layers what is known of each
   * @param notCovered layers that were not looked at, and why
   */
  public record OrderFreedom(
      String register,
      OrderVerdict verdict,
      String sentence,
      Optional<AnswersInAnyOrder> answers,
      List<LayerOrders> layers,
      List<UncoveredLayer> notCovered) {
    /** Copies the lists. */
    public OrderFreedom {
      layers = List.copyOf(layers);
      notCovered = List.copyOf(notCovered);
    }

    /** Dot products of all layers. */
    public long dots() {
      return layers.stream().mapToLong(LayerOrders::dots).sum();
    }
  }

  /**
   * Whole images.
   *
   * @param proved how many have an answer that no order of any layer can change
   * @param seenChanged how many had another answer in some of {@code orders}; absent where the
   *     network was not run in several
   * @param orders that the network was run in
   */
  public record AnswersInAnyOrder(int proved, Optional<Integer> seenChanged, List<String> orders) {
    /** Copies the list. */
    public AnswersInAnyOrder {
      orders = List.copyOf(orders);
    }
  }

  /**
   * One layer. Every dot product is in one of the four counts.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param terms K: how many products one sum adds
   * @param channels output channels
   * @param everyInput how many channels are proved for every input
   * @param scale where integers are summed as floats: products stand for their integers times two
   *     to this power, one a channel
   * @param errorFactor of a floating-point register: in any order a sum of K terms is off by at
   *     most this times Σ|w·x|, unless something is flushed to zero or clamped
   * @param dots dot products of the data
   * @param oneValue dot products proved to have one value in every order
   * @param oneCode dot products proved to have one code, though perhaps several values
   * @param refuted dot products that two orders give different codes, or values where there are no
   *     codes
   * @param undecided dot products without a proof, and without two such orders among those that
   *     were tried
   * @param witness the first that is refuted
   */
  public record LayerOrders(
      String name,
      String kind,
      int terms,
      int channels,
      int everyInput,
      Optional<List<Integer>> scale,
      Optional<Double> errorFactor,
      long dots,
      long oneValue,
      long oneCode,
      long refuted,
      long undecided,
      Optional<OrderWitness> witness) {
    /** This and another layer together; the first witness is kept. */
    LayerOrders with(LayerOrders other) {
      return new LayerOrders(
          name,
          kind,
          Math.max(terms, other.terms),
          channels + other.channels,
          everyInput + other.everyInput,
          Optional.empty(),
          errorFactor,
          dots + other.dots,
          oneValue + other.oneValue,
          oneCode + other.oneCode,
          refuted + other.refuted,
          undecided + other.undecided,
          witness.or(other::witness));
    }

    /** The same under another name. */
    LayerOrders named(String other) {
      return new LayerOrders(
          other,
          kind,
          terms,
          channels,
          everyInput,
          scale,
          errorFactor,
          dots,
          oneValue,
          oneCode,
          refuted,
          undecided,
          witness);
    }
  }

  /**
   * A dot product that two orders bring to different ends.
   *
   * @param image of the data, from 0; of a text, the token
   * @param channel of the output, from 0
   * @param position of the output, row by row, from 0
   * @param preload what the last register is loaded with
   * @param weights of the terms that are not 0, of all terms where the register takes groups; their
   *     products with the inputs, times 2^scale where the layer has one, are what is summed, once
   *     the register has rounded or scaled the operands, if it does
   * @param inputs of the same terms, as the register sees them
   * @param first one order, and where it ends
   * @param second another one that ends elsewhere
   */
  public record OrderWitness(
      int image,
      int channel,
      int position,
      long preload,
      List<Double> weights,
      List<Double> inputs,
      OrderEnd first,
      OrderEnd second) {
    /** Copies the list. */
    public OrderWitness {
      weights = List.copyOf(weights);
      inputs = List.copyOf(inputs);
    }

    /**
     * Where it ends, in words.
     *
     * @param example image, or token
     */
    public String words(String example) {
      boolean close = PlainText.figure(first.value()).equals(PlainText.figure(second.value()));
      return "%s %d, channel %d: %s %s, %s %s"
          .formatted(
              example,
              image,
              channel,
              first.order(),
              OrderResult.end(first, close),
              second.order(),
              OrderResult.end(second, close));
    }
  }

  /**
   * Where one tree of additions ends.
   *
   * @param order its name
   * @param steps k adds term k to the register at hand, −1 goes on in a new one at zero, −2 adds
   *     its value to the one before
   * @param value in the units of the products
   * @param code that requantisation makes of it; absent where there are no codes
   */
  public record OrderEnd(String order, List<Integer> steps, double value, Optional<Integer> code) {
    /** Copies the list. */
    public OrderEnd {
      steps = List.copyOf(steps);
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.ORDER;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(List.of(verdicts()));
    registers.forEach(
        one -> tables.add(layers(one.register(), text.isPresent() ? kinds(one) : one.layers())));
    for (OrderFreedom one : registers) {
      if (!one.notCovered().isEmpty()) {
        tables.add(UncoveredLayer.table(one.notCovered(), List.of()));
        break; // the same layers of every register, but for their operands
      }
    }
    return tables;
  }

  private Table verdicts() {
    Table table =
        new Table(
            text.map(of ->
                    "In any order, on %d tokens of %s in windows of %d%s"
                        .formatted(
                            images,
                            dataset,
                            of.context(),
                            of.every() == 1
                                ? ""
                                : ", one of %d dot products".formatted(of.every())))
                .orElseGet(() -> "In any order, on %d images of %s".formatted(images, dataset)),
            List.of(
                "register",
                "verdict",
                "one value %",
                "one code %",
                "refuted %",
                "undecided %",
                "images proved",
                "images seen to change"));
    for (OrderFreedom one : registers) {
      long dots = one.dots();
      table.row(
          one.register(),
          one.verdict().words(),
          share(one.layers().stream().mapToLong(LayerOrders::oneValue).sum(), dots),
          share(one.layers().stream().mapToLong(LayerOrders::oneCode).sum(), dots),
          share(one.layers().stream().mapToLong(LayerOrders::refuted).sum(), dots),
          share(one.layers().stream().mapToLong(LayerOrders::undecided).sum(), dots),
          one.answers().map(answers -> String.valueOf(answers.proved())).orElse(""),
          one.answers().flatMap(AnswersInAnyOrder::seenChanged).map(String::valueOf).orElse(""));
    }
    return table
        .withoutEmpty("images proved")
        .withoutEmpty("images seen to change")
        .led(registers.stream().map(OrderFreedom::sentence).toList());
  }

  /** The matrices of all layers of a language model together, by what they are. */
  private static List<LayerOrders> kinds(OrderFreedom one) {
    Map<String, LayerOrders> kinds = new LinkedHashMap<>();
    for (LayerOrders layer : one.layers()) {
      kinds.merge(layer.name().replaceFirst("^layer\\d+\\.", "*."), layer, LayerOrders::with);
    }
    List<LayerOrders> named = new ArrayList<>();
    kinds.forEach((name, layers) -> named.add(layers.named(name)));
    return named;
  }

  private Table layers(String register, List<LayerOrders> layers) {
    Table table =
        new Table(
            register,
            List.of(
                "layer",
                "K",
                "channels",
                "for every input",
                "error factor",
                "dots",
                "one value %",
                "one code %",
                "refuted %",
                "undecided %",
                "witness"));
    for (LayerOrders layer : layers) {
      table.row(
          layer.name(),
          layer.terms(),
          layer.channels(),
          layer.everyInput(),
          layer.errorFactor().map(PlainText::figure).orElse(""),
          layer.dots(),
          share(layer.oneValue(), layer.dots()),
          share(layer.oneCode(), layer.dots()),
          share(layer.refuted(), layer.dots()),
          share(layer.undecided(), layer.dots()),
          layer
              .witness()
              .map(found -> found.words(text.isPresent() ? "token" : "image"))
              .orElse(""));
    }
    return table.withoutEmpty("error factor").withoutEmpty("witness");
  }

  /**
   * Where an order ends.
   *
   * @param close whether the other end differs behind the digits that one usually reads
   */
  private static String end(OrderEnd end, boolean close) {
    return (close ? String.valueOf(end.value()) : PlainText.figure(end.value()))
        + end.code().map(code -> " (code " + code + ")").orElse("");
  }

  private static String share(long count, long of) {
    return of == 0 ? "" : Table.percent(100.0 * count / of);
  }
}
