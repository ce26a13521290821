/**
 * What a narrow register saves: LUTs, block memories, gates, bytes moved and energy, by formulas.
 *
 * @see "docs/hardware.md"
 */
@NullMarked
package dev.narrows.hardware.cost;

import org.jspecify.annotations.NullMarked;
