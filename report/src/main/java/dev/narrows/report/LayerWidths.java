package dev.narrows.report;

import java.util.Optional;

/**
 * The widths of docs/bounds.md, in bits.
 *
 * @param zeroCentred only where every channel's weights sum to zero and 0 is in the input range
 * @param signSum exact: covers every order, and below it some input overflows
 */
public record LayerWidths(int dataType, int l1, Optional<Integer> zeroCentred, int signSum) {}
