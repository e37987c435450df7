package io.github.dl4jnorms.experiments.bench.step;

import java.util.List;

/**
 * What the peers train.
 *
 * @param name   in files
 * @param title  on the page
 * @param called in a sentence
 * @param input  of which a batch is made
 * @param text   what it is and what it is trained by
 * @param note   about the table's numbers; may be empty
 * @param limits that ours are held to
 */
record Model(String name, String title, String called, String input, String text, String note, List<Limit> limits) {}
