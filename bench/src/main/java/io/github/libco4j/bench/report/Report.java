package io.github.libco4j.bench.report;

import java.util.List;

/**
 * What one run of a benchmark has found.
 *
 * @param name as on the command line
 * @param what in a few words
 * @param notes what a reader must know: what was scaled down, what was not pinned
 */
public record Report(String name, String what, List<Section> sections, List<Target> targets, List<String> notes) {
    public List<Figure> figures() {
        return sections.stream().flatMap(section -> section.figures().stream()).toList();
    }
}
