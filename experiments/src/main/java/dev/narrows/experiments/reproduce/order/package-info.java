/** Which orders can change an answer: shares on real networks, and trees held against promises. */
@NullMarked
package dev.narrows.experiments.reproduce.order;

import org.jspecify.annotations.NullMarked;
