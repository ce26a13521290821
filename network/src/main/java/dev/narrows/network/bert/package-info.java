/**
 * Encoders of the BERT family in folders of the Hugging Face Hub's layout: a network for sentences
 * of a given number of tokens, and vectors of sentences by it.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">BERT, Devlin et al., 2018</a>
 * @see <a href="https://arxiv.org/abs/1908.10084">Sentence-BERT, Reimers and Gurevych, 2019</a>
 */
@NullMarked
package dev.narrows.network.bert;

import org.jspecify.annotations.NullMarked;
