package io.github.libco4j.bench.report;

import io.github.libco4j.workbench.chart.Svg;
import java.util.List;

/**
 * Several reports on one page, which needs no other file: where they ran on top, then each one's tables and picture.
 */
public final class HtmlPage {
    private static final String STYLE = """
            body { font-family: sans-serif; max-width: 70em; margin: 2em auto; color: #222 }
            table { border-collapse: collapse; margin: 1em 0; font-size: 0.9em }
            td, th { border-bottom: 1px solid #ccc; padding: 0.2em 0.7em; text-align: right }
            td:first-child, th:first-child { text-align: left }
            tr.ours { background: #e8f5ef }
            """;

    private HtmlPage() {}

    public static String of(List<Report> reports, List<String> machine) {
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>libco4j benchmarks</title><style>
                %s</style></head><body>
                <h1>libco4j beside its rivals</h1>
                """.formatted(STYLE));
        paragraphs(page, machine);
        page.append("<p>Only ratios of one run mean anything: \"to libco4j\" is the subject's value by libco4j's of "
                + "the same round, as the median over the rounds, with the least and the greatest.</p>\n");
        for (Report report : reports) {
            String heading = Svg.escape(report.name() + ": " + report.what());
            page.append("<h2 id=\"%s\">%s</h2>%n".formatted(report.name(), heading));
            report.sections().forEach(section -> section(page, section));
            targets(page, report.targets());
            paragraphs(page, report.notes());
            page.append(BarChart.of(report));
            report.sections().forEach(section -> section.pictures().forEach(page::append));
        }
        return page.append("</body></html>\n").toString();
    }

    private static void section(StringBuilder page, Section section) {
        page.append("<table>\n");
        row(page, "th", "", TextReport.header(section));
        for (String subject : section.subjects()) {
            row(page, "td", subject.startsWith(Section.US) ? " class=\"ours\"" : "", TextReport.row(section, subject));
        }
        page.append("</table>\n");
        paragraphs(page, section.absences());
    }

    private static void targets(StringBuilder page, List<Target> targets) {
        if (targets.isEmpty()) {
            return;
        }
        page.append("<table>\n");
        row(page, "th", "", List.of("target", "goal", "measured", ""));
        targets.forEach(t -> row(page, "td", "", List.of(t.what(), t.goal(), t.measured(), t.verdict())));
        page.append("</table>\n");
    }

    private static void row(StringBuilder page, String cell, String attribute, List<String> texts) {
        page.append("<tr").append(attribute).append('>');
        texts.forEach(text -> page.append("<%s>%s</%s>".formatted(cell, Svg.escape(text), cell)));
        page.append("</tr>\n");
    }

    private static void paragraphs(StringBuilder page, List<String> texts) {
        texts.forEach(text -> page.append("<p>").append(Svg.escape(text)).append("</p>\n"));
    }
}
