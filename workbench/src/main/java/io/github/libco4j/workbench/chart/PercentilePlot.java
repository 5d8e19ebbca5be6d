package io.github.libco4j.workbench.chart;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/**
 * Latency by percentile as an SVG picture, as HdrHistogram's plots are: each step to the right (90 %, 99 %, 99.9 %,
 * …) is a tenth of what is left of the requests.
 */
public final class PercentilePlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final int LEFT = 100;
    private static final int TOP = 40;
    private static final int FLOOR = HEIGHT - 60;
    private static final int NINES = 5;
    private static final double STEP = (WIDTH - LEFT - 40.0) / NINES;
    private static final String GRID = "stroke=\"#dddddd\"";
    private static final String[] COLOURS = {
        "#1b7f5c", "#c2563a", "#3a6ea5", "#8a6d1d", "#6b4a8a", "#555555", "#d48fb0", "#2fb5b5", "#a3b233", "#000000"
    };

    private PercentilePlot() {}

    /** Of histograms in nanoseconds, by name; the scale is in microseconds. */
    public static String of(String title, Map<String, Histogram> histograms) {
        long greatest = histograms.values().stream().mapToLong(Histogram::getMaxValue).max().orElse(1);
        double scale = (FLOOR - TOP) / Math.max((double) greatest, 1);
        Svg svg = new Svg();
        svg.text(LEFT, 24, "", title);
        for (int nines = 0; nines <= NINES; nines++) {
            double x = LEFT + nines * STEP;
            svg.line(x, TOP, x, FLOOR, GRID);
            svg.text(x, FLOOR + 20, "text-anchor=\"middle\"", (nines == 0 ? "0" : percentile(nines)) + " %");
        }
        for (int quarter = 0; quarter <= 4; quarter++) {
            double nanos = greatest * quarter / 4.0;
            double y = FLOOR - nanos * scale;
            svg.line(LEFT, y, WIDTH - 20, y, GRID);
            svg.text(LEFT - 8, y + 5, "text-anchor=\"end\"", String.format(Locale.ROOT, "%,.0f us", nanos / 1e3));
        }
        svg.text((LEFT + WIDTH) / 2.0, HEIGHT - 12, "text-anchor=\"middle\"", "percentile of requests");
        int number = 0;
        for (Map.Entry<String, Histogram> entry : histograms.entrySet()) {
            String colour = COLOURS[number % COLOURS.length];
            svg.add("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>"
                    .formatted(colour, points(entry.getValue(), scale)));
            svg.text(LEFT + 20, TOP + 20 + 18 * number, "fill=\"" + colour + "\"", entry.getKey());
            number++;
        }
        return svg.picture(WIDTH, HEIGHT);
    }

    private static String points(Histogram histogram, double scale) {
        return DoubleStream.iterate(0, nines -> nines <= NINES, nines -> nines + 0.05)
                .mapToObj(nines -> String.format(Locale.ROOT, "%.1f,%.1f", LEFT + nines * STEP,
                        FLOOR - histogram.getValueAtPercentile(percentile(nines)) * scale))
                .collect(Collectors.joining(" "));
    }

    private static double percentile(double nines) {
        return 100 - 100 / Math.pow(10, nines);
    }
}
