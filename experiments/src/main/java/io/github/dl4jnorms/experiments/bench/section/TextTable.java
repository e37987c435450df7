package io.github.dl4jnorms.experiments.bench.section;

import java.util.ArrayList;
import java.util.List;

/** A table for the terminal, its columns as wide as they must be. */
public final class TextTable {
    private TextTable() {}

    /**
     * @param left columns that are aligned to the left; the rest are numbers
     */
    public static String of(int left, List<String> header, List<List<String>> rows) {
        List<List<String>> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder cells = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                int column = i;
                int width = lines.stream()
                        .mapToInt(l -> l.get(column).length())
                        .max()
                        .orElseThrow();
                String blanks = " ".repeat(width - line.get(i).length());
                cells.append(i < left ? line.get(i) + blanks : blanks + line.get(i))
                        .append("  ");
            }
            text.append(cells.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
