package dev.narrows.hardware.verilog;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names of modules and files made from names of layers: letters, digits and underscores, never a
 * keyword, each given once whatever the case, so that file systems keep them apart, too.
 */
final class VerilogNames {
  private static final int LONGEST = 60;
  private static final Set<String> KEYWORDS =
      Set.of(
          ("always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config"
                  + " deassign default defparam design disable edge else end endcase endconfig"
                  + " endfunction endgenerate endmodule endprimitive endspecify endtable endtask"
                  + " event for force forever fork function generate genvar highz0 highz1 if ifnone"
                  + " incdir include initial inout input instance integer join large liblist library"
                  + " localparam logic macromodule medium module nand negedge nmos nor"
                  + " noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive"
                  + " pull0 pull1 pulldown pullup rcmos real realtime reg release repeat rnmos rpmos"
                  + " rtran rtranif0 rtranif1 scalared showcancelled signed small specify specparam"
                  + " strong0 strong1 supply0 supply1 table task time tran tranif0 tranif1 tri tri0"
                  + " tri1 triand trior trireg unsigned use vectored wait wand weak0 weak1 while wire"
                  + " wor xnor xor")
              .split(" "));

  private final Set<String> given = new HashSet<>();

  /** A name for a layer, unlike all that were given. */
  String of(String layer) {
    String plain = layer.replaceAll("[^A-Za-z0-9_]", "_");
    if (plain.isEmpty() || !Character.isLetter(plain.charAt(0))) {
      plain = "layer_" + plain;
    }
    if (plain.length() > LONGEST) {
      plain = plain.substring(0, LONGEST);
    }
    if (KEYWORDS.contains(plain) || plain.startsWith("narrows_")) {
      plain = "layer_" + plain;
    }
    String name = plain;
    for (int i = 2; !free(name); i++) {
      name = plain + "_" + i;
    }
    given.add(name.toLowerCase(Locale.ROOT));
    return name;
  }

  /** Whether neither it nor the names of its files were given. */
  private boolean free(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !given.contains(lower)
        && given.stream().noneMatch(g -> lower.equals(g + "_tb") || g.equals(lower + "_tb"));
  }
}
