package io.github.dl4jnorms.datasets.images;

import java.nio.file.Path;

/**
 * Something wrong in a data folder that was got round: what was dropped is said in the reason.
 *
 * @param file the file that holds the fault
 * @param reason what is wrong and what was done about it, in one line
 */
public record Problem(Path file, String reason) {

    @Override
    public String toString() {
        return file + ": " + reason;
    }
}
