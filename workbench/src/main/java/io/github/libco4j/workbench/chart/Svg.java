package io.github.libco4j.workbench.chart;

import java.util.Locale;

/** An SVG picture on white, drawn in pixels from the upper left corner. Attributes are as in SVG. */
public final class Svg {
    private final StringBuilder elements = new StringBuilder();

    /** Text inside of XML and HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    public void text(double x, double y, String attributes, String text) {
        add(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>", x, y, attributes, escape(text)));
    }

    public void line(double x1, double y1, double x2, double y2, String attributes) {
        add(String.format(Locale.ROOT, "<path d=\"M%.1f %.1fL%.1f %.1f\" %s/>", x1, y1, x2, y2, attributes));
    }

    public void rectangle(double x, double y, double width, double height, String attributes) {
        add(String.format(Locale.ROOT, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>", x, y, width, height,
                attributes));
    }

    /** Adds any other element. */
    public void add(String element) {
        elements.append(element).append('\n');
    }

    /** The picture in this size. */
    public String picture(int width, int height) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d" \
                font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(width, height, elements);
    }
}
