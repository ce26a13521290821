package dev.narrows.experiments.evaluate;

import dev.narrows.data.DataException;
import dev.narrows.data.Layout;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user says of the arrays for named inputs. Each text is {@code NAME=HOW} for one input, or
 * {@code HOW}: for the only one, or else for those with rows and columns ({@code none}: for all).
 *
 * @param preprocess {@code none}, or a {@link Preprocessing}
 * @param layout {@code nchw} or {@code nhwc}
 */
public record NamedChoices(List<String> preprocess, List<String> layout) {
  private static final String PREPROCESS = "--preprocess";
  private static final String LAYOUT = "--layout";

  /** What {@code --preprocess} says of arrays that hold the network's own numbers. */
  public static final String AS_THEY_ARE = "none";

  public NamedChoices {
    preprocess = List.copyOf(preprocess);
    layout = List.copyOf(layout);
  }

  /** Nothing is said. */
  public static NamedChoices none() {
    return new NamedChoices(List.of(), List.of());
  }

  /**
   * What is said of one input.
   *
   * @param asTheyAre whether its array holds its own codes or numbers
   * @param pixels how its array's pixels are preprocessed
   */
  record ArrayChoice(boolean asTheyAre, Optional<Preprocessing> pixels, Optional<Layout> layout) {}

  /**
   * What is said of each input.
   *
   * @param inputs by name, in their order
   * @throws BadInputException if a text concerns no input, or two concern the same
   * @throws DataException if a text is no preprocessing, or no layout
   */
  Map<String, ArrayChoice> of(Map<String, TensorType> inputs) {
    Map<String, String> how = byName(PREPROCESS, preprocess, inputs);
    Map<String, String> order = byName(LAYOUT, layout, inputs);
    Map<String, ArrayChoice> choices = new LinkedHashMap<>();
    inputs.forEach((name, type) -> {
      Optional<String> said = Optional.ofNullable(how.get(name));
      Optional<Layout> asked = Optional.ofNullable(order.get(name)).map(Layout::parse);
      if (asked.isPresent() && type.positions() == 1) {
        throw new BadInputException(
            "%s: has no effect on input \"%s\", which has no rows and columns"
                .formatted(LAYOUT, name));
      }
      choices.put(
          name,
          new ArrayChoice(
              said.filter(AS_THEY_ARE::equals).isPresent(),
              said.filter(text -> !text.equals(AS_THEY_ARE)).map(Preprocessing::parse),
              asked));
    });
    return choices;
  }

  private static Map<String, String> byName(
      String option, List<String> texts, Map<String, TensorType> inputs) {
    Map<String, String> said = new LinkedHashMap<>();
    Optional<String> all = Optional.empty();
    for (String text : texts) {
      Optional<String> name =
          inputs.keySet().stream()
              .filter(input -> text.startsWith(input + "=") && !isWhole(option, text))
              .findFirst();
      if (name.isPresent()) {
        String value = text.substring(name.get().length() + 1).strip();
        if (said.putIfAbsent(name.get(), value) != null) {
          throw new BadInputException(
              "%s: is given twice for input \"%s\"".formatted(option, name.get()));
        }
      } else if (all.isPresent()) {
        throw new BadInputException("%s: is given twice for all inputs".formatted(option));
      } else {
        all = Optional.of(text.strip());
      }
    }
    all.ifPresent(text -> concerned(option, text, inputs).forEach(n -> said.putIfAbsent(n, text)));
    return said;
  }

  /** Whether a text that begins as an input's name does is meant as a whole. */
  private static boolean isWhole(String option, String text) {
    try {
      if (option.equals(LAYOUT)) {
        Layout.parse(text);
      } else {
        Preprocessing.parse(text);
      }
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private static List<String> concerned(
      String option, String text, Map<String, TensorType> inputs) {
    if (inputs.size() == 1 || text.equals(AS_THEY_ARE)) {
      return List.copyOf(inputs.keySet());
    }
    List<String> images =
        inputs.entrySet().stream()
            .filter(input -> input.getValue().positions() > 1)
            .map(Map.Entry::getKey)
            .toList();
    if (images.isEmpty()) {
      throw new BadInputException(
          "%s %s: no input has rows and columns; name the one that is meant: %s %s=%s"
              .formatted(option, text, option, inputs.keySet().iterator().next(), text));
    }
    return images;
  }
}
