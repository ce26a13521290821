/**
 * Where a network is quantised and to how many bits: the plan that fake-quantised training and
 * lowering both follow, and the choice of start scales. Nothing here knows libtorch.
 */
@NullMarked
package dev.narrows.training.qat;

import org.jspecify.annotations.NullMarked;
