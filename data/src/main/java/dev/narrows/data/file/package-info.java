/**
 * Readers of data files (IDX, CIFAR binary, NumPy arrays, folders of images) and the NumPy writer.
 *
 * <p>A file is untrusted: every size it claims is checked against its real length before memory is
 * taken, and whatever is wrong with it ends in a {@link dev.narrows.data.DataException}.
 */
@NullMarked
package dev.narrows.data.file;

import org.jspecify.annotations.NullMarked;
