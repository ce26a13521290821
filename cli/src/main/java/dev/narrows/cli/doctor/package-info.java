/** What {@code narrows doctor} looks at: the machine, what is built, data sets, kernels. */
@NullMarked
package dev.narrows.cli.doctor;

import org.jspecify.annotations.NullMarked;
