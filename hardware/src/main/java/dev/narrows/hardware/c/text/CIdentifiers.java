package dev.narrows.hardware.c.text;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names of files and layers as C identifiers. Every character but ASCII letters and digits becomes
 * an underscore; what would begin with a digit, be empty, be a keyword or be reserved is changed;
 * of names that become the same, the later ones get a number.
 */
public final class CIdentifiers {
  private static final int LONGEST = 24; // C99 tells 31 significant characters of external names

  private static final Set<String> KEYWORDS =
      Set.of(
          ("auto break case char const continue default do double else enum extern float for goto if"
                  + " inline int long register restrict return short signed sizeof static struct"
                  + " switch typedef union unsigned void volatile while alignas alignof bool"
                  + " constexpr false nullptr static_assert thread_local true typeof typeof_unqual"
                  + " and and_eq asm bitand bitor catch class compl const_cast decltype delete"
                  + " dynamic_cast explicit export friend mutable namespace new noexcept not not_eq"
                  + " operator or or_eq private protected public reinterpret_cast static_cast"
                  + " template this throw try typeid typename using virtual wchar_t xor xor_eq"
                  + " main linux unix")
              .split(" "));

  private final Set<String> taken = new HashSet<>();

  /** The identifier of a name, unlike any that this gave before. */
  public String unique(String name) {
    String plain = of(name);
    String made = plain;
    for (int i = 2; !taken.add(made); i++) {
      made = plain + "_" + i;
    }
    return made;
  }

  /** The identifier of a name, in lower case. */
  public static String of(String name) {
    StringBuilder made = new StringBuilder();
    name.codePoints()
        .forEach(c -> {
          boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
          boolean again = !made.isEmpty() && made.charAt(made.length() - 1) == '_';
          if (plain) {
            made.appendCodePoint(c);
          } else if (!made.isEmpty() && !again) { // a leading underscore would be reserved
            made.append('_');
          }
        });
    String text = made.toString().toLowerCase(Locale.ROOT);
    text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    text = text.endsWith("_") ? text.substring(0, text.length() - 1) : text;
    if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
      text = "n" + text;
    }
    return KEYWORDS.contains(text) ? text + "_" : text;
  }

  /** Text inside a comment: printable ASCII that can neither end the comment nor go on a line. */
  public static String comment(String text) {
    StringBuilder made = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c < ' ' || c > '~' || c == '\\') {
            made.append("<U+%04X>".formatted(c));
          } else {
            made.appendCodePoint(c);
          }
        });
    // neither comments nor trigraphs
    return made.toString().replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?");
  }
}
