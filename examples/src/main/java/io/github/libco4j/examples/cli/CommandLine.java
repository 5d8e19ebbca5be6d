package io.github.libco4j.examples.cli;

/** The arguments of a program, taken one after the other; each is named in what is said if it is missing or wrong. */
public final class CommandLine {
    private final String[] arguments;
    private int taken;

    /** The arguments as main has them. */
    public CommandLine(String[] arguments) {
        this.arguments = arguments.clone();
    }

    /** Tells whether there is another argument. */
    public boolean hasMore() {
        return taken < arguments.length;
    }

    /** The next argument, which must be there. */
    public String text(String name) throws UsageException {
        if (!hasMore()) {
            throw new UsageException(name + " is missing");
        }
        return arguments[taken++];
    }

    /** The next argument as a whole number within bounds, both inclusive; it must be there. */
    public int number(String name, int least, int most) throws UsageException {
        String text = text(name);
        // The pattern first, because a NumberFormatException would not name the argument. Ten digits fit a long.
        if (text.matches("[0-9]{1,10}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new UsageException(name + " must be from " + least + " to " + most + ", not " + text);
    }

    /** The same, or {@code otherwise} if there are no more arguments. */
    public int numberOr(String name, int otherwise, int least, int most) throws UsageException {
        return hasMore() ? number(name, least, most) : otherwise;
    }

    /** There must be no more arguments. */
    public void end() throws UsageException {
        if (hasMore()) {
            throw new UsageException("too many arguments: " + arguments[taken]);
        }
    }
}
