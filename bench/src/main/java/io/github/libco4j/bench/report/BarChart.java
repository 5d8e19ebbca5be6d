package io.github.libco4j.bench.report;

import io.github.libco4j.workbench.chart.Svg;
import java.util.List;

/**
 * A report as an SVG picture: for each section the bars of its first metric, one per subject, with a whisker from the
 * least to the greatest sample.
 */
public final class BarChart {
    private static final int WIDTH = 900;
    private static final int LABEL = 300;
    private static final int VALUE = 130;
    private static final int BAR = 18;
    private static final int GAP = 6;
    private static final int HEADING = 44;
    private static final String OURS = "fill=\"#1b7f5c\"";
    private static final String THEIRS = "fill=\"#9aa7b1\"";

    private BarChart() {}

    public static String of(Report report) {
        Svg svg = new Svg();
        int y = 0;
        for (Section section : report.sections()) {
            if (!section.metrics().isEmpty()) {
                y = panel(svg, section, section.metrics().getFirst(), y);
            }
        }
        return svg.picture(WIDTH, y + GAP);
    }

    /** Draws one section from y on and returns where it ends. */
    private static int panel(Svg svg, Section section, Metric metric, int y) {
        List<String> subjects = section.subjects().stream()
                .filter(subject -> section.spread(subject, metric).isPresent())
                .toList();
        double greatest = subjects.stream()
                .mapToDouble(subject -> section.spread(subject, metric).orElseThrow().max())
                .max()
                .orElse(1);
        double scale = greatest > 0 ? (WIDTH - LABEL - VALUE) / greatest : 0;
        svg.text(10, y + 22, "font-weight=\"bold\"", section.title());
        svg.text(10, y + 38, "", metric + (metric.moreIsBetter() ? " (more is better)" : " (less is better)"));
        int row = y + HEADING;
        for (String subject : subjects) {
            Spread spread = section.spread(subject, metric).orElseThrow();
            double middle = row + BAR / 2.0;
            double end = LABEL + spread.max() * scale;
            svg.text(LABEL - 8, middle + 5, "text-anchor=\"end\"", subject);
            svg.rectangle(LABEL, row, spread.median() * scale, BAR, subject.startsWith(Section.US) ? OURS : THEIRS);
            svg.line(LABEL + spread.min() * scale, middle, end, middle, "stroke=\"black\" stroke-width=\"1.5\"");
            svg.text(end + 8, middle + 5, "", Numbers.show(spread.median()));
            row += BAR + GAP;
        }
        return row;
    }
}
