package io.github.libco4j.bench.report;

import java.util.List;
import java.util.Locale;

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
    private static final String OURS = "#1b7f5c";
    private static final String THEIRS = "#9aa7b1";

    private BarChart() {}

    public static String of(Report report) {
        StringBuilder body = new StringBuilder();
        int y = 0;
        for (Section section : report.sections()) {
            y = panel(body, section, y);
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
                font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(WIDTH, y + GAP, WIDTH, y + GAP, body);
    }

    /** Draws one section from y on and returns where it ends. */
    private static int panel(StringBuilder body, Section section, int y) {
        List<Metric> metrics = section.metrics();
        if (metrics.isEmpty()) {
            return y;
        }
        Metric metric = metrics.getFirst();
        List<String> subjects = section.subjects().stream()
                .filter(subject -> section.spread(subject, metric).isPresent())
                .toList();
        double greatest = subjects.stream()
                .mapToDouble(subject -> section.spread(subject, metric).orElseThrow().max())
                .max()
                .orElse(1);
        double scale = greatest > 0 ? (WIDTH - LABEL - VALUE) / greatest : 0;
        text(body, 10, y + 22, "start", "bold", section.title());
        String which = metric.moreIsBetter() ? " (more is better)" : " (less is better)";
        text(body, 10, y + 38, "start", "normal", metric + which);
        int row = y + HEADING;
        for (String subject : subjects) {
            bar(body, subject, section.spread(subject, metric).orElseThrow(), scale, row);
            row += BAR + GAP;
        }
        return row;
    }

    private static void bar(StringBuilder body, String subject, Spread spread, double scale, int y) {
        int middle = y + BAR / 2;
        text(body, LABEL - 8, middle + 5, "end", "normal", subject);
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LABEL,
                y,
                spread.median() * scale,
                BAR,
                subject.startsWith(Section.US) ? OURS : THEIRS));
        body.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %dH%.1f\" stroke=\"black\" stroke-width=\"1.5\"/>%n",
                LABEL + spread.min() * scale,
                middle,
                LABEL + spread.max() * scale));
        int end = (int) (LABEL + spread.max() * scale);
        text(body, end + 8, middle + 5, "start", "normal", Numbers.show(spread.median()));
    }

    private static void text(StringBuilder body, int x, int y, String anchor, String weight, String text) {
        body.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\">%s</text>%n"
                .formatted(x, y, anchor, weight, Markup.escape(text)));
    }
}
