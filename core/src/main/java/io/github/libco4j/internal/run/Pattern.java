package io.github.libco4j.internal.run;

/**
 * Names threads by a class: that of the thread, of its task, or the one that starts it.
 *
 * @param text a class; all of a package, {@code com.acme.*}; all below it, {@code com.acme.**}
 * @param excludes whether the threads stay threads
 * @param loop the index of the loop on which they live; -1 for the loops in turn
 */
record Pattern(String text, boolean excludes, int loop) {
    static Pattern parse(String pattern) {
        boolean excludes = pattern.startsWith("-");
        int at = pattern.indexOf('@');
        String name = pattern.substring(excludes ? 1 : 0, at < 0 ? pattern.length() : at);
        String place = at < 0 ? "" : pattern.substring(at + 1);
        if (!name.matches("([\\w$]+\\.)*([\\w$]+|\\*\\*?)") || !(at < 0 || (!excludes && place.matches("loop\\d{1,4}")))) {
            throw new IllegalArgumentException("libco4j's agent: \"" + pattern + "\" names no threads: it is a class, as in com.acme.Worker,"
                    + " a package, as in com.acme.* or com.acme.**, with - before it to exclude it or @loopN after it for its loop");
        }
        return new Pattern(name, excludes, at < 0 ? -1 : Integer.parseInt(place.substring("loop".length())));
    }

    /** Tells whether the class of this name is meant. */
    boolean matches(String type) {
        if (text.endsWith("**")) {
            return type.startsWith(text.substring(0, text.length() - 2));
        }
        if (text.endsWith("*")) {
            int end = text.length() - 1;
            return type.startsWith(text.substring(0, end)) && type.indexOf('.', end) < 0;
        }
        return text.equals(type) || type.startsWith(text + "$");
    }
}
