package dev.narrows.core.accumulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One way of writing a part of an accumulator's text: a name, and perhaps arguments in brackets, as
 * in {@code chunk(n,int32)}. Parsers, help texts and error messages share the forms.
 *
 * @param name what the part begins with
 * @param arguments one for each place between commas
 * @param make the value from its numbers, one for each argument that is no {@link FixedWord}
 */
public record TextForm<T>(
    String name, List<FormArgument> arguments, Function<List<Integer>, T> make) {
  private static final Pattern PART = Pattern.compile("([a-z-]+)(?:\\(([a-z0-9,]*)\\))?");

  /** Copies the list. */
  public TextForm {
    arguments = List.copyOf(arguments);
  }

  /** A form without arguments. */
  public static <T> TextForm<T> of(String name, T value) {
    return new TextForm<>(name, List.of(), numbers -> value);
  }

  /** What may stand in one place. */
  public sealed interface FormArgument {
    /** The number that an argument says; empty if it says none. */
    Optional<Integer> read(String argument);

    /** What was expected in place of an argument that says no number, in the given form. */
    String expected(String form);

    /** A number that it accepts, to make an example of. */
    int example();
  }

  /**
   * A whole number of at most nine digits.
   *
   * @param symbol its letter in help texts
   */
  public record WholeNumber(String symbol) implements FormArgument {
    @Override
    public Optional<Integer> read(String argument) {
      return argument.matches("\\d{1,9}")
          ? Optional.of(Integer.valueOf(argument))
          : Optional.empty();
    }

    @Override
    public String expected(String form) {
      return "a whole number of at most nine digits in the brackets, as in " + form;
    }

    @Override
    public int example() {
      return 16;
    }

    @Override
    public String toString() {
      return symbol;
    }
  }

  /** The width of an integer register, as in {@code int32}. */
  public record OuterRegister() implements FormArgument {
    @Override
    public Optional<Integer> read(String argument) {
      return argument.matches("int\\d{1,9}")
          ? Optional.of(Integer.valueOf(argument.substring("int".length())))
          : Optional.empty();
    }

    @Override
    public String expected(String form) {
      return "an integer register int<P> in the brackets, as in " + form;
    }

    @Override
    public int example() {
      return 32;
    }

    @Override
    public String toString() {
      return "int32";
    }
  }

  /** A word that tells this form from others; it says no number. */
  public record FixedWord(String word) implements FormArgument {
    @Override
    public Optional<Integer> read(String argument) {
      return Optional.empty();
    }

    @Override
    public String expected(String form) {
      return form;
    }

    @Override
    public int example() {
      return 0;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** What reading came to: a value, or what was expected instead. */
  public record FormReading<T>(Optional<T> value, String expected) {}

  /**
   * Reads a part by the form that it is written in: that of its name, its number of arguments and
   * its literals.
   *
   * @param expected what to say if it is in none of them
   * @throws IllegalArgumentException if a number is out of range
   */
  public static <T> FormReading<T> read(String part, List<TextForm<T>> forms, String expected) {
    Matcher matcher = PART.matcher(part);
    if (!matcher.matches()) {
      return new FormReading<>(Optional.empty(), expected);
    }
    List<String> given =
        matcher.group(2) == null ? List.of() : List.of(matcher.group(2).split(",", -1));
    return forms.stream()
        .filter(form -> form.name.equals(matcher.group(1)) && form.accepts(given))
        .findFirst()
        .map(form -> form.read(given))
        .orElseGet(() -> new FormReading<>(Optional.empty(), expected));
  }

  private boolean accepts(List<String> given) {
    if (given.size() != arguments.size()) {
      return false;
    }
    for (int i = 0; i < given.size(); i++) {
      if (arguments.get(i) instanceof FixedWord(String word) && !word.equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }

  private FormReading<T> read(List<String> given) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      if (arguments.get(i) instanceof FixedWord) {
        continue;
      }
      Optional<Integer> number = arguments.get(i).read(given.get(i));
      if (number.isEmpty()) {
        return new FormReading<>(Optional.empty(), arguments.get(i).expected(toString()));
      }
      numbers.add(number.get());
    }
    return new FormReading<>(Optional.of(make.apply(numbers)), "");
  }

  /** A value of this form. */
  public T example() {
    return make.apply(
        arguments.stream()
            .filter(argument -> !(argument instanceof FixedWord))
            .map(FormArgument::example)
            .toList());
  }

  /** The form as help texts show it, such as {@code tiles(T,r)}. */
  @Override
  public String toString() {
    return arguments.isEmpty()
        ? name
        : name
            + arguments.stream()
                .map(FormArgument::toString)
                .collect(Collectors.joining(",", "(", ")"));
  }
}
