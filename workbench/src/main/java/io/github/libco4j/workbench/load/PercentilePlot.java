package io.github.libco4j.workbench.load;

import java.util.Locale;
import java.util.Map;
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
    private static final int BOTTOM = 60;
    private static final int NINES = 5;
    private static final String[] COLOURS = {
        "#1b7f5c", "#c2563a", "#3a6ea5", "#8a6d1d", "#6b4a8a", "#555555", "#d48fb0", "#2fb5b5", "#a3b233", "#000000"
    };

    private PercentilePlot() {}

    /** Of histograms in nanoseconds, by name; the scale is in microseconds. */
    public static String of(String title, Map<String, Histogram> histograms) {
        double greatest = histograms.values().stream().mapToLong(Histogram::getMaxValue).max().orElse(1) / 1e3;
        StringBuilder body = new StringBuilder();
        axes(body, title, greatest);
        int number = 0;
        for (Map.Entry<String, Histogram> entry : histograms.entrySet()) {
            String colour = COLOURS[number % COLOURS.length];
            body.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>%n"
                    .formatted(colour, points(entry.getValue(), greatest)));
            text(body, LEFT + 20, TOP + 20 + 18 * number, "start", colour, entry.getKey());
            number++;
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
                font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, body);
    }

    private static void axes(StringBuilder body, String title, double greatest) {
        text(body, LEFT, 24, "start", "black", title);
        for (int nines = 0; nines <= NINES; nines++) {
            int x = x(nines);
            line(body, x, TOP, x, HEIGHT - BOTTOM);
            text(body, x, HEIGHT - BOTTOM + 20, "middle", "black", percentile(nines));
        }
        for (int step = 0; step <= 4; step++) {
            int y = (int) y(greatest * step / 4, greatest);
            line(body, LEFT, y, WIDTH - 20, y);
            text(body, LEFT - 8, y + 5, "end", "black", String.format(Locale.ROOT, "%,.0f us", greatest * step / 4));
        }
        text(body, (LEFT + WIDTH) / 2, HEIGHT - 12, "middle", "black", "percentile of requests");
    }

    private static String percentile(int nines) {
        return nines == 0 ? "0 %" : String.format(Locale.ROOT, "%s %%", 100 - 100 / Math.pow(10, nines));
    }

    private static String points(Histogram histogram, double greatest) {
        StringBuilder points = new StringBuilder();
        for (double nines = 0; nines <= NINES; nines += 0.05) {
            double micros = histogram.getValueAtPercentile(100 - 100 / Math.pow(10, nines)) / 1e3;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", LEFT + nines * stepWidth(), y(micros, greatest)));
        }
        return points.toString().strip();
    }

    private static double stepWidth() {
        return (WIDTH - LEFT - 40.0) / NINES;
    }

    private static int x(int nines) {
        return (int) (LEFT + nines * stepWidth());
    }

    private static double y(double micros, double greatest) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * micros / Math.max(greatest, 1e-9);
    }

    private static void line(StringBuilder body, int x1, int y1, int x2, int y2) {
        body.append("<path d=\"M%d %dL%d %d\" stroke=\"#dddddd\"/>%n".formatted(x1, y1, x2, y2));
    }

    private static void text(StringBuilder body, int x, int y, String anchor, String colour, String text) {
        body.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n"
                .formatted(x, y, anchor, colour, text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
