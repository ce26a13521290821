package dev.narrows.core.lane;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneCount.ChainLength;
import dev.narrows.core.lane.LaneCount.FixedCount;
import dev.narrows.core.lane.LaneInstructions.Instruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text form of a {@link LaneReduction}; strict, so that a typing error never goes unseen.
 * Clauses are separated by ; or +, and each is a pair of operand types, an instruction, or a level
 * in its short or its long form.
 */
final class LaneTextParser {
  private static final int LONGEST = 1000;
  private static final String NUMBER = "\\d{1,9}";
  private static final String REGISTER = "(int|uint|i|s|u)(\\d{1,2})";
  private static final String RANGE = "(-?\\d{1,18})\\.\\.(-?\\d{1,18})";
  private static final Pattern TYPES = Pattern.compile("([us])(\\d{1,2})\\*([us])(\\d{1,2})");
  private static final Pattern SHORT =
      Pattern.compile(
          REGISTER + "(s?)(?:\\*(n|" + NUMBER + "))?(?:/(" + NUMBER + "))?(?:@" + RANGE + ")?");
  private static final Pattern LONG =
      Pattern.compile(
          REGISTER
              + "(s?)(?: (wrap|saturate))? ?: ?(?:start "
              + RANGE
              + " ?, ?)?(?:add (n|"
              + NUMBER
              + ")(?: (?:products|terms|items|values|sums))?(?: by (?:(channel)|stride ("
              + NUMBER
              + ")))?|flush)");
  private static final String EXPECTED =
      "operand types such as u8*s8, an instruction (%s), or a register and what it adds, such as"
          + " \"i16 saturate: add n by stride 16\", i16s*n/16 or \"i32: flush\"";

  private final String text;
  private final List<LaneLevel> levels = new ArrayList<>();
  private Optional<OperandTypes> operands = Optional.empty();

  private LaneTextParser(String text) {
    this.text = text;
  }

  static LaneReduction parse(String text) {
    if (text.length() > LONGEST) {
      throw new LaneTextException(
          text.substring(0, 40) + "…", "longer than " + LONGEST + " characters");
    }
    LaneTextParser parser = new LaneTextParser(text);
    try {
      return parser.parse();
    } catch (LaneTextException e) {
      throw e;
    } catch (IllegalArgumentException e) { // a number out of range
      throw new LaneTextException(text, String.valueOf(e.getMessage()));
    }
  }

  private LaneReduction parse() {
    String plain = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    List<String> clauses = Arrays.stream(plain.split("[;+]", -1)).map(String::strip).toList();
    int next = 0;
    while (next < clauses.size()) {
      next += clause(clauses, next);
    }
    if (levels.isEmpty()) {
      throw unexpected(clauses.getLast());
    }
    return new LaneReduction(operands, levels);
  }

  /** Reads the clause at a place, or an instruction of several; gives how many it took. */
  private int clause(List<String> clauses, int at) {
    for (int length = Math.min(3, clauses.size() - at); length > 0; length--) {
      String name = String.join("+", clauses.subList(at, at + length));
      Optional<Instruction> found = LaneInstructions.named(name);
      if (found.isPresent()) {
        instruction(found.get());
        return length;
      }
    }
    String clause = clauses.get(at);
    Matcher types = TYPES.matcher(clause);
    if (types.matches()) {
      if (at > 0) {
        throw new LaneTextException(text, "operand types come first, found \"" + clause + "\"");
      }
      operands = Optional.of(types(types));
      return 1;
    }
    levels.add(level(clause));
    return 1;
  }

  private void instruction(Instruction instruction) {
    if (levels.isEmpty() && operands.isEmpty()) {
      operands = instruction.operands().map(LaneTextParser::types);
    }
    for (String level : instruction.levels().split("\\+", -1)) {
      levels.add(level(level));
    }
  }

  private static OperandTypes types(String types) {
    Matcher matcher = TYPES.matcher(types);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected operand types, found \"" + types + "\"");
    }
    return types(matcher);
  }

  private static OperandTypes types(Matcher types) {
    return new OperandTypes(
        format(types.group(1), types.group(2)), format(types.group(3), types.group(4)));
  }

  private static IntegerFormat format(String sign, String bits) {
    return new IntegerFormat(Integer.parseInt(bits), sign.equals("s"));
  }

  private LaneLevel level(String clause) {
    Matcher brief = SHORT.matcher(clause);
    if (brief.matches()) {
      return new LaneLevel(
          register(brief, false),
          count(Optional.ofNullable(brief.group(4))),
          Optional.ofNullable(brief.group(5)).map(Integer::parseInt).orElse(1),
          start(brief, 6));
    }
    Matcher spelled = LONG.matcher(clause);
    if (spelled.matches()) {
      boolean saturate = "saturate".equals(spelled.group(4));
      if ("wrap".equals(spelled.group(4)) && !spelled.group(3).isEmpty()) {
        throw unexpected(clause);
      }
      return new LaneLevel(
          register(spelled, saturate),
          count(Optional.ofNullable(spelled.group(7))),
          Optional.ofNullable(spelled.group(9)).map(Integer::parseInt).orElse(1),
          start(spelled, 5));
    }
    throw unexpected(clause);
  }

  private static LaneRegister register(Matcher matcher, boolean saturate) {
    return new LaneRegister(
        Integer.parseInt(matcher.group(2)),
        !matcher.group(1).startsWith("u"),
        saturate || !matcher.group(3).isEmpty());
  }

  private static LaneCount count(Optional<String> given) {
    return given
        .map(text -> text.equals("n") ? new ChainLength() : new FixedCount(Integer.parseInt(text)))
        .map(LaneCount.class::cast)
        .orElseGet(AllItems::new);
  }

  private static IntegerRange start(Matcher matcher, int group) {
    if (matcher.group(group) == null) {
      return new IntegerRange(0, 0);
    }
    return new IntegerRange(
        Long.parseLong(matcher.group(group)), Long.parseLong(matcher.group(group + 1)));
  }

  private LaneTextException unexpected(String clause) {
    return new LaneTextException(
        text,
        "found \"%s\", expected ".formatted(clause) + EXPECTED.formatted(LaneInstructions.list()));
  }
}
