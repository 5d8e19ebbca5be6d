package io.github.libco4j.bench.report;

import io.github.libco4j.workbench.cli.Table;
import java.util.ArrayList;
import java.util.List;

/** A report as text: one table per section, the targets below. */
public final class TextReport {
    private TextReport() {}

    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        for (Section section : report.sections()) {
            text.append('\n').append(table(section));
            section.absences().forEach(sentence -> text.append(sentence + "\n"));
        }
        if (!report.targets().isEmpty()) {
            Table targets = new Table("target", "goal", "measured", "");
            report.targets().forEach(t -> targets.add(t.what(), t.goal(), t.measured(), t.verdict()));
            text.append('\n').append(targets);
        }
        report.notes().forEach(note -> text.append("\n" + note));
        return report.notes().isEmpty() ? text.toString() : text.append('\n').toString();
    }

    private static Table table(Section section) {
        Table table = new Table(header(section).toArray(String[]::new));
        for (String subject : section.subjects()) {
            table.add(row(section, subject).toArray(String[]::new));
        }
        return table;
    }

    static List<String> header(Section section) {
        List<String> cells = new ArrayList<>(List.of(section.title()));
        for (Metric metric : section.metrics()) {
            cells.add(metric.toString());
            if (cells.size() == 2) {
                cells.add("to libco4j");
            }
        }
        return cells;
    }

    /** The section's first metric with its ratio, the others without. */
    static List<String> row(Section section, String subject) {
        List<String> cells = new ArrayList<>(List.of(subject));
        for (Metric metric : section.metrics()) {
            cells.add(section.spread(subject, metric).map(s -> Numbers.show(s.median())).orElse("-"));
            if (cells.size() == 2) {
                cells.add(section.ratio(subject, Section.US, metric).map(Spread::toString).orElse("-"));
            }
        }
        return cells;
    }
}
